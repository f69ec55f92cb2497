"""Whatever a server sends, and however slowly, a request ends in time, in bounded memory, with the right cause."""

from __future__ import annotations

import gzip
import itertools
import json
import socket
import threading
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest

from quickstart.exchange import contract
from quickstart.exchange.client import Client
from quickstart.exchange.messages import Request
from quickstart.exchange.reading import LARGEST_BODY

TIMEOUT = 0.4  # seconds
LONGEST = 2 * TIMEOUT + 1.0
PATIENCE = 10.0  # seconds
MEMORY = 150 * 1024 * 1024  # bytes
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
MEGABYTE = b"a" * (1024 * 1024)
Sends = Callable[[], Iterator[bytes]]


GZIPPED = gzip.compress(bytes(1024 * 1024)) * 64  # 64 megabytes of nothing
GZIPPED_TWICE = gzip.compress(GZIPPED)
DEFLATED = zlib.compress(bytes(64 * 1024 * 1024))


def slowly(text: bytes) -> Iterator[bytes]:
    """Yield a byte at a time, each well within a time-out of reading."""
    for one in itertools.chain(text, itertools.repeat(ord("a"))):
        yield bytes([one])
        time.sleep(TIMEOUT / 8)


def endless(*parts: bytes) -> Iterator[bytes]:
    """Yield the first part once and the last one without end."""
    yield from parts[:-1]
    yield from itertools.repeat(parts[-1])


ANSWERS: dict[str, tuple[str, Sends]] = {
    "headers, a byte at a time": ("timeout", lambda: slowly(HEAD + b"X-A: ")),
    "a length, a byte at a time": (
        "timeout",
        lambda: itertools.chain([HEAD + b"Content-Length: 999\r\n\r\n"], slowly(b"")),
    ),
    "a chunk, a byte at a time": (
        "timeout",
        lambda: itertools.chain([HEAD + b"Transfer-Encoding: chunked\r\n\r\nfff\r\n"], slowly(b"")),
    ),
    "trailers, a byte at a time": (
        "timeout",
        lambda: itertools.chain([HEAD + b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n"], slowly(b"X-A: ")),
    ),
    "until the end, a byte at a time": ("timeout", lambda: itertools.chain([HEAD + b"\r\n"], slowly(b""))),
    "silence": ("timeout", lambda: slowly(b"")),
    "chunks without end": (
        "size",
        lambda: endless(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"100000\r\n" + MEGABYTE + b"\r\n"),
    ),
    "a gigabyte": ("size", lambda: endless(HEAD + b"Content-Length: 1073741824\r\n\r\n", MEGABYTE)),
    "no length and no end": ("size", lambda: endless(HEAD + b"\r\n", MEGABYTE)),
    "a bomb of gzip": ("size", lambda: iter([HEAD + b"Content-Encoding: gzip\r\n\r\n" + GZIPPED])),
    "a bomb in a bomb": (
        "size",
        lambda: iter([HEAD + b"Content-Encoding: gzip, gzip\r\n\r\n" + GZIPPED_TWICE]),
    ),
    "a bomb of deflate": (
        "size",
        lambda: iter([HEAD + b"Content-Encoding: deflate\r\n\r\n" + DEFLATED]),
    ),
    "a million items": ("size", lambda: iter([HEAD + b"\r\n[" + b"{}," * 1_000_000 + b"{}]"])),
    "a header of a megabyte": ("size", lambda: iter([HEAD + b"X-A: " + MEGABYTE + b"\r\n\r\n"])),
    "a status line of a megabyte": ("size", lambda: iter([b"HTTP/1.1 200 " + MEGABYTE + b"\r\n\r\n"])),
    "a hundred thousand headers": ("size", lambda: iter([HEAD + b"X-A: a\r\n" * 100_000 + b"\r\n"])),
    "a negative chunk": (
        "incomplete",
        lambda: iter([HEAD + b"Transfer-Encoding: chunked\r\n\r\n-5\r\naaaaa\r\n0\r\n\r\n"]),
    ),
    "no HTTP at all": ("reset", lambda: iter([b"SSH-2.0-OpenSSH_9.6\r\n"])),
    "provisional answers without end": ("timeout", lambda: endless(b"HTTP/1.1 100 Continue\r\n\r\n")),
    "early hints without end": ("size", lambda: endless(b"HTTP/1.1 103 Early Hints\r\n\r\n")),
}


@contextmanager
def server(sends: Sends) -> Iterator[int]:
    """Serve what ``sends`` yields to whoever connects, and yield the port."""
    ended = threading.Event()

    def serve(listening: socket.socket) -> None:
        while not ended.is_set():
            with suppress(OSError):
                connection, _ = listening.accept()
                with connection:
                    asked = b""
                    while not asked.endswith((b"\r\n\r\n", b"a=b")) or (b"POST" in asked[:4] and b"a=b" not in asked):
                        asked += connection.recv(65536) or b"\r\n\r\na=b"
                    for part in sends():
                        if ended.is_set():
                            break
                        connection.sendall(part)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.1)
        thread = threading.Thread(target=serve, args=(listening,), daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        ended.set()
    thread.join(2)


def client(timeout: float = TIMEOUT) -> Client:
    return Client(hosts=frozenset({"127.0.0.1"}), limit=5, timeout=timeout, say=lambda _: None, keep_alive=True)


def request(port: int, method: str = "GET") -> Request:
    return Request(method, f"http://127.0.0.1:{port}/", {}, {"a": "b"} if method == "POST" else {}, {}, None)


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_ends_in_time_and_memory_with_its_cause(name: str, method: str) -> None:
    kind, sends = ANSWERS[name]
    with server(sends) as port:
        tracemalloc.start()
        started = time.monotonic()
        # What is too large is found so as soon as it came, and how soon that is depends on the machine.
        reply = client(TIMEOUT if kind == "timeout" else PATIENCE).send(request(port, method))
        seconds, peak = time.monotonic() - started, tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert reply.failure is not None, len(reply.content)
    assert reply.failure.kind == kind, reply.failure
    assert seconds < (LONGEST if kind == "timeout" else PATIENCE)
    assert peak < MEMORY


def test_what_fits_is_read_whole() -> None:
    body = b'["' + b"a" * (LARGEST_BODY - 4) + b'"]'
    with server(lambda: iter([HEAD + b"Content-Length: %d\r\n\r\n" % len(body), body])) as port:
        reply = client().send(request(port))
    assert reply.content == body


def test_no_thread_and_no_socket_is_left() -> None:
    before = {*threading.enumerate()}
    with server(ANSWERS["headers, a byte at a time"][1]) as port:
        one = client()
        one.send(request(port))
        one.close()
        assert len({*threading.enumerate()} - before) == 1  # the server's own
    assert {*threading.enumerate()} <= before


@pytest.mark.parametrize("item", ["{}", "1", '{"id":0}', "[]"])
def test_a_list_of_a_million_wrong_items_is_judged_at_once(item: str) -> None:
    document = json.loads(f"[{','.join([item] * 1_000_000)}]")
    started = time.monotonic()
    found = contract.violations(document, "companies")
    assert time.monotonic() - started < 10
    assert 1 <= len(found) <= 100
