"""Bytes to requests: HTTP/1.1 heads, and bodies in the three encodings that Procore takes (``facts`` 2.01 to 2.05)."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO
from urllib.parse import parse_qsl, unquote, urlsplit

from werkzeug.formparser import FormDataParser
from werkzeug.http import parse_options_header

from standin.http.messages import Request

MAX_LINE = 65536
MAX_BODY = 1 << 20


class Malformed(Exception):
    """The bytes are no HTTP request that we understand."""


@dataclass(frozen=True)
class Head:
    """The first lines of a request; ``headers`` has lower-case names, ``spelled`` has the names as they came."""

    method: str
    target: str
    version: str
    headers: Mapping[str, str]
    spelled: frozenset[str] = frozenset()

    @property
    def keep_alive(self) -> bool:
        """Whether the client wants the connection to stay open (RFC 9112 9.3)."""
        wish = self.headers.get("connection", "").lower()
        return wish != "close" and (self.version != "HTTP/1.0" or wish == "keep-alive")


def read_head(stream: BinaryIO) -> Head | None:
    """The next head, or None when the client has closed. Raises Malformed."""
    line = _line(stream)
    if not line:
        return None
    parts = line.split(" ")
    if len(parts) != 3 or not parts[2].startswith("HTTP/1."):
        raise Malformed(f"request line of {len(parts)} words")
    headers: dict[str, str] = {}
    spelled: set[str] = set()
    while text := _line(stream):
        name, colon, value = text.partition(":")
        if not colon:
            raise Malformed("header without a colon")
        spelled.add(name.strip())
        headers[name.strip().lower()] = value.strip()
    return Head(parts[0], parts[1], parts[2], headers, frozenset(spelled))


def _line(stream: BinaryIO) -> str:
    line = stream.readline(MAX_LINE)
    if len(line) == MAX_LINE:
        raise Malformed("line too long")
    return line.rstrip(b"\r\n").decode("latin-1")


def read_body(stream: BinaryIO, headers: Mapping[str, str]) -> bytes:
    """The body, by Content-Length or in chunks."""
    if "chunked" in headers.get("transfer-encoding", "").lower():
        return _chunks(stream)
    length = headers.get("content-length", "0")
    if not length.isdecimal() or int(length) > MAX_BODY:
        raise Malformed("Content-Length")
    return stream.read(int(length))


def _chunks(stream: BinaryIO) -> bytes:
    body = b""
    while size := _chunk_size(_line(stream)):
        body += stream.read(size)
        _line(stream)
        if len(body) > MAX_BODY:
            raise Malformed("body too long")
    while _line(stream):
        pass
    return body


def _chunk_size(line: str) -> int:
    try:
        return int(line.partition(";")[0] or "0", 16)
    except ValueError as problem:
        raise Malformed("chunk size") from problem


def request_from(head: Head, body: bytes, *, scheme: str, host: str, connection: int = 0) -> Request:
    """Take a request apart. ``host`` is where the client connected to; a Host header wins over it."""
    target = urlsplit(head.target)
    form, readable = _form(head.headers.get("content-type", ""), body)
    named = head.headers.get("host", host).partition(":")[0].lower()
    return Request(
        method=head.method,
        host=target.hostname or named,
        path=unquote(target.path) or "/",
        query=dict(parse_qsl(target.query, keep_blank_values=True)),
        pairs=tuple(parse_qsl(target.query, keep_blank_values=True)),
        form=form,
        headers=head.headers,
        scheme=scheme,
        readable=readable,
        spelled=head.spelled,
        connection=connection,
    )


def _form(content_type: str, body: bytes) -> tuple[dict[str, str], bool]:
    """The body's parameters, and whether it could be read. A type we do not know has no parameters (4.19)."""
    mimetype, options = parse_options_header(content_type)
    if mimetype == "application/json" and body:
        return _json_form(body)
    _, form, _ = FormDataParser(silent=True).parse(io.BytesIO(body), mimetype, len(body), options)
    return form.to_dict(), True


def _json_form(body: bytes) -> tuple[dict[str, str], bool]:
    try:
        value = json.loads(body)
    except ValueError:
        return {}, False
    if not isinstance(value, dict):
        return {}, True
    return {key: str(item) for key, item in value.items() if isinstance(item, (str, int, float))}, True
