"""What the client sends and what it returns: one request, and what came back of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import requests
from requests.structures import CaseInsensitiveDict

from quickstart.exchange.answer import Failure

_USED_UP = frozenset({"code", "refresh_token"})  # what a grant consumes: sent twice, the second one is refused


@dataclass(frozen=True)
class Request:
    """One request, ready to go: ``url`` without query, ``bearer`` an access token or ``None``.

    ``basic`` are Client ID and secret, where HTTP Basic carries them (RFC 6749 section 2.3.1).

    ``encoding`` says how ``form`` travels, in the words of ``Definition``; of a ``listing`` the beginning may do.
    A ``probe`` knocks at a port at which nobody need answer, and waits no longer for words than for a connection.
    What is to be ``refused`` uses nothing up, whatever its form holds.
    """

    method: str
    url: str
    query: Mapping[str, str]
    form: Mapping[str, str]
    headers: Mapping[str, str]
    bearer: str | None
    encoding: str = "form"
    listing: bool = False
    basic: tuple[str, str] | None = None
    probe: bool = False
    refused: bool = False

    @property
    def repeatable(self) -> bool:
        """Whether it does no harm where it arrives twice."""
        return self.method == "GET" or self.refused or (bool(self.form) and not _USED_UP & self.form.keys())

    @property
    def full_url(self) -> str:
        """The URL with its query, as it is sent."""
        return requests.Request(self.method, self.url, params=dict(self.query)).prepare().url or self.url


@dataclass(frozen=True)
class Reply:
    """What came back; exactly one of ``status`` and ``failure`` is set. ``seconds`` is the time of the last attempt.

    ``earlier`` says what came before it, where the request was sent again; ``pairs`` are the header lines one by one.
    ``left_out`` are the items of a listing that ``content`` is only the beginning of.
    """

    url: str
    seconds: float
    status: int | None = None
    headers: CaseInsensitiveDict[str] | None = field(default=None, repr=False)  # a traceback shows it too early
    content: bytes = field(default=b"", repr=False)
    failure: Failure | None = None
    attempts: int = 1
    earlier: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    left_out: int = 0


Rest = Callable[[Reply], None]
"""Gets what is left out of a listing, a hundred items at a time: a reply with those alone."""
