"""Lists in pages: ``page``, ``per_page``, and the headers Link, Total and Per-Page (``facts/procore-api.md`` 5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from standin.http.messages import Headers, Request
from standin.http.numbers import whole
from standin.model.behaviour import Paging


@dataclass(frozen=True)
class Page:
    """One page of a list and the headers that come with it."""

    items: Sequence[Any]
    headers: Headers


def _number(text: str | None, default: int) -> int:
    """A positive number from the query; anything else counts as not given."""
    return whole(text) or default


def paginate(items: Sequence[Any], request: Request, paging: Paging, *, size: int = 0) -> Page:
    """Cut out the page that was asked for. A page after the last one is empty.

    ``size`` is that of the pages whatever was asked for; 0: as asked.
    """
    asked_size = request.query.get("per_page") if paging.honour_per_page else None
    size = size or min(_number(asked_size, paging.default_size), paging.largest_size)
    number = _number(request.query.get("page"), 1)
    last = max(1, -(-len(items) // size))
    shown = number if paging.honour_page else 1
    start = (shown - 1) * size
    if shown > 1:
        start = max(0, start - paging.repeated + paging.lost)
    page = items[start : shown * size]
    headers: list[tuple[str, str]] = []
    links = _links(request, paging, number, last, size)
    if paging.link and links:
        headers.append(("Link", ", ".join(links)))
    if paging.total:
        headers.append(("Total", str(len(items) + paging.total_error)))
    if paging.per_page:
        headers.append(("Per-Page", str(size)))
    return Page(page, tuple(headers))


def _links(request: Request, paging: Paging, number: int, last: int, size: int) -> list[str]:
    """RFC 8288 links; there is no ``next`` on the last page."""
    targets: list[tuple[str, int]] = []
    if (number < last and not paging.next_missing) or paging.next_forever:
        targets += [("next", number if paging.next_loops else number + 1)]
    if number < last:
        targets += [("last", last + paging.last_error)]
    if number > 1:
        targets += [("first", 1 + paging.first_error), ("prev", min(number - 1, last))]
    return [f'<{_url(request, page, size, paging.links_forget)}>; rel="{name}"' for name, page in targets]


def _url(request: Request, page: int, size: int, forgotten: frozenset[str]) -> str:
    """The same list, another page: each parameter where it stood, as often as it came, but for the bearer's."""
    paged = {"page": str(page), "per_page": str(size)}
    # Of a page that was named twice, the last one counted.
    kept = [(key, paged.get(key, value)) for key, value in request.pairs]
    kept = [pair for number, pair in enumerate(kept) if pair[0] not in paged or pair not in kept[:number]]
    missing = [pair for pair in paged.items() if pair not in kept]
    left = [pair for pair in (*kept, *missing) if pair[0] not in {"access_token", "bearer_token", *forgotten}]
    return f"{request.base}{quote(request.path)}?{urlencode(left)}"
