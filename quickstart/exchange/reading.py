"""Reads the body of an answer to its end, bounded in time, size, and in what it becomes once it is parsed."""

import time
from collections.abc import Callable, Iterable, Iterator
from itertools import chain

import requests

from quickstart.exchange import splitting

LARGEST_BODY = 8 * 1024 * 1024  # bytes; a page of 300 projects has one or two million
MOST_PARTS = 400_000  # members and items of a body; such a page has some ten thousand
KEPT_ITEMS, KEPT_BYTES = 1000, 1024 * 1024  # of a list so many items are kept at the least, or as many bytes
LARGEST_LIST = 256 * 1024 * 1024  # bytes of a list, all but the kept ones of which are looked at and forgotten
UNASKED = frozenset({"br", "zstd", "compress", "x-compress"})  # codings that no request here asks for
BATCH = 100  # items that are handed on together: a page


def body(
    response: requests.Response, deadline: float, rest: Callable[[bytes], None] | None = None, *, listing: bool
) -> tuple[bytes, int]:
    """Read a body to its end, within a time and a size, which is that of what it becomes once it is parsed, too.

    Returns it, or the beginning of a ``listing``, and how many items more there were: a server that ignores paging
    sends all there is in one answer. The beginning is a list; ``rest`` gets the other items, a hundred at a time and
    each time as a list. What turns out to be no JSON stays no JSON.
    """
    chunks = _chunks(response, deadline, LARGEST_LIST if listing else LARGEST_BODY)
    if not listing:
        return _parsable(b"".join(chunks)), 0
    start = _until(chunks, KEPT_BYTES)
    if len(start) <= KEPT_BYTES:
        return _parsable(start), 0
    if not start.lstrip().startswith(b"["):
        return _parsable(start + _until(chunks, LARGEST_BODY, len(start))), 0
    kept: list[str] = []
    size = left_out = 0
    batch: list[str] = []
    try:
        for item in splitting.items(chain([start], chunks), LARGEST_BODY):
            if not left_out and (len(kept) < KEPT_ITEMS or size + len(item) < KEPT_BYTES):
                kept.append(item)
                size += len(item)
                _refuse_larger(size, LARGEST_BODY)
                continue
            left_out += 1
            if rest is not None:
                batch.append(item)
                if len(batch) == BATCH:
                    rest(_joined(batch))
                    batch.clear()
    except splitting.BrokenError as broken:
        return f"[{','.join([*kept, broken.left])}\0".encode(), 0
    if rest is not None and batch:
        rest(_joined(batch))
    return _parsable(_joined(kept)), left_out


def refuse_unasked(coding: str) -> None:
    """Refuse a body that is encoded, as Content-Encoding says, in a way that no request asks for."""
    if UNASKED & {one.strip().lower() for one in coding.split(",")}:
        raise requests.exceptions.ContentDecodingError("the body is encoded as nobody asked for")


def _joined(items: Iterable[str]) -> bytes:
    return f"[{','.join(items)}]".encode()


def _until(chunks: Iterator[bytes], size: int, had: int = 0) -> bytes:
    """Return what comes, until it is more than ``size`` bytes with those that were ``had`` before."""
    found: list[bytes] = []
    while had <= size and (chunk := next(chunks, None)) is not None:
        found.append(chunk)
        had += len(chunk)
    _refuse_larger(had, LARGEST_BODY)
    return b"".join(found)


def _chunks(response: requests.Response, deadline: float, largest: int) -> Iterator[bytes]:
    size = 0
    for chunk in response.iter_content(65536):
        size += len(chunk)
        _refuse_larger(size, largest)
        if time.monotonic() > deadline:
            raise requests.exceptions.ReadTimeout("the body did not end in time")
        yield chunk


def _refuse_larger(size: int, largest: int) -> None:
    if size > largest:
        raise requests.exceptions.ContentDecodingError(f"the body is larger than {largest} bytes")


def _parsable(content: bytes) -> bytes:
    if sum(map(content.count, (b",", b"{", b"["))) > MOST_PARTS:
        raise requests.exceptions.ContentDecodingError(f"the body is larger than {MOST_PARTS} members and items")
    return content
