"""The tokens of a run: the ways to get them, what finds them, and how they stand in an answer."""

import json
import re
import time
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from quickstart.exchange.answer import Answer, CouldNotTest
from quickstart.secrecy.patterns import asks_for_token, is_of_person
from quickstart.secrecy.redaction import Hints

# The ways to a token: the cache, and the exchanges that yield one.
CACHE, REFRESH, CODE, SERVICE_ACCOUNT = "cache", "refresh", "token", "client-credentials"
REFRESH_AGAIN = "refresh-again"  # spends what REFRESH yielded, and is no way to begin with
REFUSALS_ALLOWED = 3  # of the token source in a run; more tries could lock an account out
_BEARER = re.compile(r"[A-Za-z0-9._~+/-]+=*")  # RFC 6750 section 2.1
LONGEST_BELIEVED = 10**9  # seconds of a lifetime; no clock and no float holds whatever a server may write
_REFRESH = re.compile(r"[ -~]+")  # RFC 6749 A.17
FRESH_FOR = 300.0  # seconds that a cached token must still live to be worth starting a run with


@dataclass(frozen=True)
class Pair:
    """An access token, and the refresh token that came with it where there is one.

    ``expires_at`` is Unix seconds by our clock, computed from the time of receipt: a recorded ``created_at`` is past.
    """

    access_token: str
    refresh_token: str | None = None
    expires_at: float = 0.0


@dataclass(frozen=True)
class Credentials:
    """What a run may log in with. In replay these are the stand-ins that the recording left."""

    client_id: str
    client_secret: str
    redirect_uri: str
    company_id: int
    foreign_company_id: int | None = None
    authorization_code: str | None = None
    refresh_token: str | None = None
    cached: Pair | None = None
    other_client_id: str | None = None
    other_client_secret: str | None = None


class Exchanges(Protocol):
    """What a token source needs of a run: the exchanges that yield tokens, each sent once."""

    def answer(self, name: str) -> Answer:
        """Return the answer to the exchange ``name``.

        Raises:
            CouldNotTest: it cannot be sent in this run.
        """

    def obtain(self, name: str) -> Answer | BaseException:
        """Return the answer to the exchange ``name``, or why there is none."""


class TokenSource(Protocol):
    """Finds the token that a run works with.

    ``name`` is the way by which the run gets it, ``ways`` are the exchanges that the source sends itself, ``notes``
    what the user should know of the search.
    """

    name: str
    notes: list[str]
    ways: tuple[str, ...]

    def find(self, run: Exchanges) -> Pair:
        """Return the tokens of the run, sending the exchange that yields them.

        Raises:
            CouldNotTest: no way led to a token.
        """

    def refresh_token(self) -> str | None:
        """Return the refresh token that the run begins with, where it begins with one."""

    def may_send(self, name: str) -> str | None:
        """Say why the grant ``name`` is not to be sent in this run, or ``None``."""

    def gave_up(self) -> str | None:
        """Say why the token endpoint is not to be asked for tokens any more, or ``None``."""

    def before(self, name: str) -> AbstractContextManager[None]:
        """Guard the sending of the grant ``name``.

        Raises:
            CouldNotTest: it must not be sent.
        """

    def store(self, answer: Answer) -> None:
        """Keep the tokens of a successful grant before they are used."""


def is_bearer(token: str) -> bool:
    """Whether a bearer header can carry ``token``."""
    return _BEARER.fullmatch(token) is not None


def pair_of(answer: Answer) -> Pair:
    """Return the tokens of a grant's answer, as lenient as a client may be: other tests judge the rest.

    Raises:
        CouldNotTest: there is no access token in it.
    """
    answer.require_status()
    try:
        return pair_in(answer.content)
    except CouldNotTest as error:
        raise CouldNotTest(f"{answer.name} {error}") from None


def pair_in(content: bytes) -> Pair:
    """Return the tokens in the body of a grant's answer, as lenient as a client may be.

    Raises:
        CouldNotTest: there is no access token in it.
    """
    document = object_in(content)
    token = document.get("access_token")
    if not isinstance(token, str) or not is_bearer(token):
        raise CouldNotTest("answered no access token that a bearer header can carry")
    refresh = document.get("refresh_token")
    lifetime = document.get("expires_in")
    seconds = float(lifetime) if type(lifetime) is int and abs(lifetime) <= LONGEST_BELIEVED else 0.0
    sendable = isinstance(refresh, str) and _REFRESH.fullmatch(refresh) is not None
    return Pair(token, refresh if sendable else None, time.time() + seconds)


def error_code(answer: Answer) -> str:
    """Return the OAuth error code of an answer, or an empty text."""
    return error_code_of(answer.content)


def error_code_of(content: bytes) -> str:
    """Return the OAuth error code in a body, which need not be labelled as JSON, or an empty text."""
    code = object_in(content).get("error")
    return code if isinstance(code, str) else ""


def is_opaque(method: str, url: str, content: bytes) -> bool:
    """Whether an answer of the token endpoint is one of which nobody knows where in it a token stands."""
    if not content or not asks_for_token(method, url):
        return False
    return not error_code_of(content) and not isinstance(object_in(content).get("access_token"), str)


def hints_of(answer: Answer) -> Hints:
    """Return what the redactor must know of an answer besides what stands in it."""
    sent = answer.sent
    return {"of_person": is_of_person(sent.url), "opaque": is_opaque(sent.method, sent.url, answer.content)}


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


def object_in(content: bytes) -> dict[str, Any]:
    """Return the JSON object in a body, leniently (a byte order mark is skipped), or an empty one."""
    try:
        document = json.loads(content, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}
