"""Answers to bytes, and the ways of sending them that no header can tell (:class:`standin.http.messages.Wire`)."""

from __future__ import annotations

import gzip
import json
import socket
import struct
from dataclasses import dataclass
from http import HTTPStatus

from standin.http.messages import Answer

_BODILESS = frozenset({204, 304})
_CLOSE_POLITELY = 0.5
"""Seconds to wait for the client's part of the closing handshake."""


@dataclass(frozen=True)
class Rendered:
    """An answer ready to send. ``final`` means that the connection ends after it."""

    head: bytes
    body: bytes
    final: bool


def encoded(answer: Answer) -> bytes:
    """The body as bytes: JSON as Rails writes it, without spaces and with plain UTF-8."""
    if isinstance(answer.body, bytes):
        return answer.body
    return json.dumps(answer.body, separators=(",", ":"), ensure_ascii=False).encode()


def render(answer: Answer, method: str) -> Rendered:
    """Serialise an answer. A Content-Length that the answer already has is kept, also when it is a lie."""
    wire, headers = answer.wire, list(answer.headers)
    body = encoded(answer)
    if wire.gzip:
        body = gzip.compress(body, mtime=0)
        headers.append(("Content-Encoding", "gzip"))
    claimed = answer.header("Content-Length")
    if wire.chunked:
        headers.append(("Transfer-Encoding", "chunked"))
        whole = _chunked(body)
    else:
        whole = body
        if claimed is None and answer.status not in _BODILESS:
            headers.append(("Content-Length", str(len(body))))
    if method == "HEAD" or answer.status in _BODILESS:
        whole = b""
    honest = claimed is None or claimed == str(len(body))
    cut = wire.truncate_at is not None or wire.reset_at is not None
    return Rendered(_head(answer.status, headers, wire.reason), whole, final=cut or wire.close or not honest)


def _head(status: int, headers: list[tuple[str, str]], reason: str = "") -> bytes:
    known = status in HTTPStatus.__members__.values()
    reason = reason or (HTTPStatus(status).phrase if known else "Unknown")
    lines = [f"HTTP/1.1 {status} {reason}", *(f"{name}: {value}" for name, value in headers), "", ""]
    return "\r\n".join(lines).encode("latin-1", "replace")


def _chunked(body: bytes) -> bytes:
    """In two chunks, so that a client that reads only the first one is found out."""
    half = len(body) // 2
    parts = [part for part in (body[:half], body[half:]) if part]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def send(connection: socket.socket, answer: Answer, method: str, *, keep_alive: bool) -> bool:
    """Send an answer; False when the connection is over. The wire's delay is the caller's business."""
    if answer.wire.drop:
        return False
    wire = answer.wire
    if not keep_alive and answer.header("Connection") is None and not wire.close:
        answer = answer.with_header("Connection", "close")
    rendered = render(answer, method)
    cut = wire.truncate_at if wire.truncate_at is not None else wire.reset_at
    connection.sendall(rendered.head + rendered.body[:cut])
    if wire.reset_at is not None:
        reset(connection)
    return keep_alive and not rendered.final


def reset(connection: socket.socket) -> None:
    """Make the coming close a TCP reset instead of an orderly end."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def is_reset(connection: socket.socket) -> bool:
    """Whether :func:`reset` was called."""
    return connection.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, 8)[:4] != b"\0\0\0\0"
