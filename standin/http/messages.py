"""A request, an answer, and how the answer travels: plain data, no sockets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias
from urllib.parse import parse_qsl, unquote, urlsplit

Headers: TypeAlias = tuple[tuple[str, str], ...]
Body: TypeAlias = Any
"""``bytes`` go out as they are, every other value goes out as JSON."""


@dataclass(frozen=True)
class Request:
    """What a client asked, already taken apart.

    ``headers`` has lower-case names. ``form`` holds the body's parameters, whether they came form-encoded,
    multipart or as JSON. ``readable`` is False when the body claimed to be JSON and was not. ``spelled`` are the names
    of the headers as the client wrote them; requests with the same ``connection`` came over one, 0 is none.
    """

    method: str
    host: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    scheme: str = "https"
    readable: bool = True
    spelled: frozenset[str] = frozenset()
    connection: int = 0
    pairs: tuple[tuple[str, str], ...] = ()
    """The query as it came: every pair, in order; :attr:`query` has the last of each name."""
    origin: str = ""
    """Scheme, host and port that the client used, where they are not Procore's own."""

    @property
    def base(self) -> str:
        """What absolute URLs of answers to this request begin with."""
        return self.origin or f"https://{self.host}"

    @property
    def params(self) -> dict[str, str]:
        """Query and body together, the body winning, as Rails merges them."""
        return {**self.query, **self.form}

    @property
    def is_multipart(self) -> bool:
        """Whether the body came as ``curl -F`` sends it."""
        return (self.header("Content-Type") or "").lower().startswith("multipart/form-data")

    @property
    def url(self) -> str:
        """Scheme, host and path, without the query."""
        return f"{self.scheme}://{self.host}{self.path}"

    @property
    def told_apart(self) -> tuple[str, ...]:
        """What tells the request from others: what it asks for, and for whom."""
        who = (self.headers.get(name, "") for name in ("authorization", "procore-company-id"))
        pairs = (text for pair in (*self.pairs, *self.form.items()) for text in pair)
        return (self.method, self.url, *who, *pairs)

    def header(self, name: str) -> str | None:
        """The header's value, or None when it was not sent."""
        return self.headers.get(name.lower())

    def asking(self, query: Mapping[str, str]) -> Request:
        """The same request with another query."""
        return replace(self, query=query, pairs=tuple(query.items()))

    @classmethod
    def to(
        cls,
        method: str,
        url: str,
        *,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Request:
        """Build a request from an URL, for those who talk to the core without a socket."""
        parts = urlsplit(url)
        return cls(
            method=method,
            host=parts.hostname or "",
            path=unquote(parts.path) or "/",
            query=dict(parse_qsl(parts.query, keep_blank_values=True)),
            pairs=tuple(parse_qsl(parts.query, keep_blank_values=True)),
            form=dict(form or {}),
            headers={name.lower(): value for name, value in (headers or {}).items()},
            scheme=parts.scheme,
        )


@dataclass(frozen=True)
class Wire:
    """How an answer travels, for faults that no header or body can tell.

    ``delay`` is in seconds, before the first byte. ``truncate_at`` sends that many bytes of the body under the full
    Content-Length and then closes the connection in good order; ``reset_at`` does the same and then resets it.
    ``drop`` answers nothing and closes. ``close`` closes after the answer without having announced it. ``reason`` is
    another reason phrase than that of the status.
    """

    delay: float = 0.0
    chunked: bool = False
    gzip: bool = False
    truncate_at: int | None = None
    reset_at: int | None = None
    drop: bool = False
    close: bool = False
    reason: str = ""


@dataclass(frozen=True)
class Answer:
    """What Procore says, before it is serialised. ``endpoint`` names what was asked: the handle for modifiers."""

    status: int
    headers: Headers = ()
    body: Body = b""
    endpoint: str = ""
    wire: Wire = field(default_factory=Wire)
    note: str = ""
    """What was wrong with the request, for the log of the stand-in alone; it is never sent."""

    @property
    def ok(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status < 300

    def header(self, name: str) -> str | None:
        """The first header of that name in any case, or None."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)

    def with_status(self, status: int) -> Answer:
        """The same answer under another status."""
        return replace(self, status=status)

    def with_body(self, body: Body) -> Answer:
        """The same answer with another body: bytes, or a value that goes out as JSON."""
        return replace(self, body=body)

    def with_header(self, name: str, value: str) -> Answer:
        """The same answer where this is the only header of that name."""
        return replace(self, headers=(*self.without_header(name).headers, (name, value)))

    def without_header(self, name: str) -> Answer:
        """The same answer without any header of that name."""
        kept = tuple(pair for pair in self.headers if pair[0].lower() != name.lower())
        return replace(self, headers=kept)

    def noting(self, note: str) -> Answer:
        """The same answer, with another note for the log."""
        return replace(self, note=note)

    def on_wire(self, wire: Wire) -> Answer:
        """The same answer, travelling differently."""
        return replace(self, wire=wire)


@dataclass(frozen=True)
class Exchange:
    """A request and the answer to it; ``at`` is in seconds since 1970, by the clock on the wall."""

    request: Request
    answer: Answer
    at: float
