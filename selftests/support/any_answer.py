"""Whatever a server can send: JSON of any shape and size, any Unicode, any header, any status. With hypothesis."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from selftests.support import spoiled_answers
from standin.cases.bending import Edit, body, header, on, status
from standin.model.world import Modifier, World

Document = Any
ENDPOINTS = (
    "authorize",
    "code-page",
    "token",
    "token-info",
    "revoke",
    "companies",
    "projects",
    "projects-v1.0",
    "project",
    "me",
)
SCHEMAS = {
    "token": "token",
    "token-info": "token_info",
    "companies": "companies",
    "projects": "projects",
    "projects-v1.0": "projects#/$defs/v1_0",
    "project": "project",
    "me": "me",
}
PAGES = ("authorize", "code-page", "revoke")  # whose right answers are no documents

TOO_LONG = "number-of-4401-digits"  # which Python neither reads nor writes
# Text that some writer, reader or terminal may trip over.
NASTY = (
    "\ud800", "\udfff\ud800", "a\0b", "\x1b[2J\x1b]8;;https://x\x07", "\x85\x9b", "\u202e\u2066\u200b\ufeff",
    "\ufffe\uffff",
    "]]>", "--><script>alert(1)</script>", "<img src=x onerror=alert(1)>",
    "[x](https://x) @team www.x.com `|`", "::error::x",
    "\r\n::set-output name=x::y", "%0A", "{{7*7}}", "Bearer abcdef", "Basic failed", "{0.__class__}", "%s%n",
    "é" * 3, "🏗" * 2,
    "x" * 70_000, " ", "\n" * 3, "NaN", "0x10", "1" * 400, "basic: bearer token", "https://[::1", "../../etc/passwd",
)  # fmt: skip
TEXT = st.sampled_from(NASTY) | st.text(st.characters(), max_size=20) | st.text(st.characters(categories=["Cs", "Cc"]))
NUMBER: st.SearchStrategy[Document] = st.sampled_from(
    [0, -1, 10**18, 2**63, -(2**63) - 1, 10**399, -(10**399), 10**4299, TOO_LONG, 1e308, -1e-308, 0.1, 1e16]
) | (st.integers() | st.floats())
SCALAR = st.none() | st.booleans() | NUMBER | TEXT
JSON = st.recursive(
    SCALAR, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4), max_leaves=8
)
# What is no Python value, and JSON or nearly.
RAW = st.sampled_from(
    [
        b"", b" ", b"\0", b"\xff\xfe", b"\xef\xbb\xbf[]", b"[" * 100_000, b"[" * 900 + b"]" * 900, b"1e999",
        b"-1e999", b"[1e400]",
        b"-5\r\nabc\r\n", b"ffffffffffffffffff\r\n", b'{"id":1,"id":2}', b'"\xed\xa0\x80"', b"NaN",
        b"[Infinity]", b"<!doctype html>",
        b'{"access_token":"a","expires_in":' + b"9" * 400 + b"}", b'{"expires_in":1e999}', b"\x1f\x8b\x08\0",
        b"a=b&c=%ff",
    ]
) | st.binary(max_size=50)  # fmt: skip
_NAMES = (
    "Content-Type", "Content-Encoding", "Transfer-Encoding", "Content-Length", "Date", "Link", "Location",
    "Set-Cookie", "Total",
    "Per-Page", "WWW-Authenticate", "X-Rate-Limit-Limit", "X-Rate-Limit-Remaining", "X-Rate-Limit-Reset",
    "X-Request-Id",
    "Cache-Control", "Pragma", "Connection", "Vary", "Age", "X-Anything",
)  # fmt: skip
_VALUES = (
    "chunked", "gzip", "br, deflate", "identity", "-1", "1e999", "9" * 400, "²", "", "application/json",
    "text/html; charset=x",
    "application/json; charset=\x9b", "Mon, 01 Jan 99999 00:00:00 GMT", "http://[", "https://a:99999/",
    '<http://[>; rel="next"',
    "//evil.example/\x1b[31m", "a" * 60_000, "\x00\x1b\x07\x9b", "=;=; é", "Bearer error=\"x\", Basic",
    "<script>alert(1)</script>",
)  # fmt: skip
HEADER = st.tuples(
    st.sampled_from(_NAMES) | st.text("!#$%&'*+-.^_`|~abcXYZ019", min_size=1, max_size=12),
    st.sampled_from(_VALUES) | st.text(st.characters(max_codepoint=255, exclude_characters="\r\n"), max_size=30),
)
STATUS = st.sampled_from([200, 200, 201, 204, 206, 302, 304, 400, 401, 403, 404, 418, 429, 500, 502, 503, 599, 999]) | (
    st.integers(101, 999)
)


@dataclass(frozen=True)
class Odd:
    """How the answers of one endpoint differ; ``None`` leaves that part as it is."""

    endpoint: str
    content: bytes | None
    headers: tuple[tuple[str, str], ...] = ()
    status: int | None = None

    @property
    def modifier(self) -> Modifier:
        """The change of the stand-in."""
        edits: list[Edit] = [] if self.content is None else [body(self.content)]
        if self.content is not None and self.endpoint not in PAGES:
            edits.append(header("Content-Type", "application/json"))
        edits += [header(name, value) for name, value in self.headers]
        if self.status is not None:
            edits.append(status(self.status))
        if self.status in {429, 503}:
            edits.append(header("Retry-After", "0"))  # the wait that it asks for is tested elsewhere
        return on(self.endpoint, *edits, ok=True)

    @property
    def is_a_document(self) -> bool:
        """Whether nothing but the document is odd."""
        return self.content is not None and not self.headers and self.status is None and self.endpoint in SCHEMAS


@st.composite
def _documents(draw: st.DrawFn, endpoint: str) -> Document:
    """A document of any shape, or a right one where one place or two hold something else."""
    if endpoint not in SCHEMAS or draw(st.booleans()):
        return draw(JSON)
    right = draw(st.sampled_from(spoiled_answers.RIGHT[SCHEMAS[endpoint]]))
    for _ in range(draw(st.integers(1, 2))):
        places = [(), *spoiled_answers.places(right)]
        right = spoiled_answers.put(right, draw(st.sampled_from(places)), draw(SCALAR | JSON))
    return right


@st.composite
def odd(draw: st.DrawFn) -> Odd:
    """One endpoint that answers something odd."""
    endpoint = draw(st.sampled_from(ENDPOINTS))
    kind = draw(st.sampled_from(["document"] * 4 + ["raw", "head", "all"]))
    content: bytes | None = None
    if kind in {"raw", "all"}:
        content = draw(RAW)
    elif kind == "document":
        content = encoded(draw(_documents(endpoint)), escaped=draw(st.booleans()))
    if kind in {"document", "raw"}:
        return Odd(endpoint, content)
    return Odd(endpoint, content, tuple(draw(st.lists(HEADER, max_size=4))), draw(st.none() | STATUS))


def encoded(document: Document, *, escaped: bool) -> bytes:
    """The document on the wire: odd characters as escapes, or as the bytes that a careless server sends."""
    text = json.dumps(document, ensure_ascii=escaped)
    return text.replace(f'"{TOO_LONG}"', "1" + "0" * 4400).encode("utf-8", "surrogatepass")


def world(some: list[Odd]) -> World:
    """A stand-in that answers so."""
    return World(modifiers=tuple(one.modifier for one in some))
