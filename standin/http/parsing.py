"""Bytes to requests: HTTP/1.1 heads, and bodies in the three encodings that Procore takes (``facts`` 2.01 to 2.05)."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO
from urllib.parse import parse_qsl, unquote, urlsplit

from werkzeug.formparser import FormDataParser
from werkzeug.http import parse_options_header

from standin.http.messages import Request
from standin.http.numbers import whole

MAX_LINE = 65536
MAX_HEAD = 131072
MAX_BODY = 1 << 20
"""Bytes. Nobody wrote down Procore's own limits; a request of the guide has some hundred."""

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"})
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110 5.6.2
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_SIZE = re.compile(r"[0-9A-Fa-f]{1,16}")
_BLANK_LINES = 8
"""How many empty lines may come before a request (RFC 9112 2.2)."""


_TLS = b"\x16\x03"
"""What the first message of a TLS handshake begins with."""


class Malformed(Exception):
    """The bytes are no HTTP request that we understand; ``status`` is what is answered to them."""

    def __init__(self, problem: str, status: int = 400) -> None:
        super().__init__(problem)
        self.status = status


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
    line = ""
    for _ in range(_BLANK_LINES):
        raw = stream.readline(MAX_LINE)
        if not raw:
            return None
        if raw.startswith(_TLS):
            raise Malformed("TLS is spoken to a port that speaks plain HTTP: write http, or name the TLS port.")
        line = _text(raw, too_long=414)
        if line:
            break
    method, target = _request_line(line)
    headers: dict[str, str] = {}
    spelled: set[str] = set()
    left = MAX_HEAD
    while text := _text(stream.readline(MAX_LINE), too_long=431):
        left -= len(text)
        if left < 0:
            raise Malformed(f"The headers are longer than {MAX_HEAD} bytes.", 431)
        name, value = _header(text)
        if name.lower() == "content-length" and headers.get("content-length", value) != value:
            raise Malformed("There are two different Content-Length headers.")
        spelled.add(name)
        headers[name.lower()] = value
    return Head(method, target, line.rpartition(" ")[2], headers, frozenset(spelled))


def _text(raw: bytes, *, too_long: int) -> str:
    """A line without its end."""
    if len(raw) == MAX_LINE:
        raise Malformed(f"A line of the request is longer than {MAX_LINE} bytes.", too_long)
    if not raw.endswith(b"\n"):
        raise Malformed("The request breaks off in its head.")
    return raw.rstrip(b"\r\n").decode("latin-1")


def _request_line(line: str) -> tuple[str, str]:
    """The method and the target (RFC 9112 3)."""
    method, _, rest = line.partition(" ")
    target, _, version = rest.partition(" ")
    if not _TOKEN.fullmatch(method) or not target or _CONTROL.search(target):
        raise Malformed("The first line of the request is no METHOD TARGET HTTP/1.1.")
    if re.fullmatch(r"HTTP/[02-9]\.\d", version):
        raise Malformed(f"{version} is not spoken here, HTTP/1.1 is.", 505)
    if not re.fullmatch(r"HTTP/1\.\d", version):
        raise Malformed("The first line of the request is no METHOD TARGET HTTP/1.1.")
    if method not in _METHODS:
        raise Malformed(f"There is no method {method[:40]} here.", 501)
    return method, target


def _header(text: str) -> tuple[str, str]:
    """Name and value of one header. No space may stand before the colon (RFC 9112 5.1), and no line be folded (5.2)."""
    name, colon, value = text.partition(":")
    if not colon or not _TOKEN.fullmatch(name):
        raise Malformed("A header of the request is no NAME: VALUE.")
    if _CONTROL.search(value):
        raise Malformed(f"The header {name[:40]} holds a control character.")
    return name, value.strip()


def read_body(stream: BinaryIO, headers: Mapping[str, str]) -> bytes:
    """The body, by Content-Length or in chunks (RFC 9112 6). Raises Malformed."""
    coding = headers.get("transfer-encoding")
    if coding is not None:
        if "content-length" in headers:
            raise Malformed("The request has both Transfer-Encoding and Content-Length.")
        if coding.lower() != "chunked":
            raise Malformed("No Transfer-Encoding but chunked is known here.", 501)
        return _chunks(stream)
    length = whole(headers.get("content-length", "0"))
    if length is None:
        raise Malformed("Content-Length is no number.")
    if length > MAX_BODY:
        raise _too_large()
    return _exactly(stream, length)


def _too_large() -> Malformed:
    return Malformed(f"The body is longer than {MAX_BODY} bytes.", 413)


def _exactly(stream: BinaryIO, length: int) -> bytes:
    body = stream.read(length)
    if len(body) < length:
        raise Malformed("The request breaks off in its body.")
    return body


def _chunks(stream: BinaryIO) -> bytes:
    body = bytearray()
    while size := _chunk_size(_text(stream.readline(MAX_LINE), too_long=400)):
        if len(body) + size > MAX_BODY:
            raise _too_large()
        body += _exactly(stream, size)
        if _text(stream.readline(MAX_LINE), too_long=400):
            raise Malformed("A chunk of the body is longer than it says.")
    left = MAX_HEAD
    while text := _text(stream.readline(MAX_LINE), too_long=431):
        left -= len(text)
        if left < 0:
            raise Malformed(f"The trailers are longer than {MAX_HEAD} bytes.", 431)
    return bytes(body)


def _chunk_size(line: str) -> int:
    size = line.partition(";")[0].rstrip(" \t")
    if not _SIZE.fullmatch(size):
        raise Malformed("The size of a chunk is no hexadecimal number.")
    return int(size, 16)


def request_from(head: Head, body: bytes, *, scheme: str, host: str, connection: int = 0) -> Request:
    """Take a request apart. ``host`` is where the client connected to; a Host header wins over it."""
    try:
        target = urlsplit(head.target)
        asked = target.hostname
    except ValueError:
        raise Malformed("The target of the request is no URL.") from None
    form, readable = _form(head.headers.get("content-type", ""), body)
    named = head.headers.get("host", host).partition(":")[0].lower()
    return Request(
        method=head.method,
        host=asked or named,
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
    except (ValueError, RecursionError):  # no JSON; numbers of 5,000 digits; nested beyond measure
        return {}, False
    if not isinstance(value, dict):
        return {}, True
    return {
        _whole_text(key): _whole_text(item) for key, item in value.items() if isinstance(item, (str, int, float))
    }, True


def _whole_text(value: object) -> str:
    """A value as text that can be encoded: JSON may name half a character (RFC 8259 8.2)."""
    return str(value).encode("utf-8", "replace").decode()
