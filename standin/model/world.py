"""The state of the stand-in: what each environment knows, and the record of what was asked."""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any, TypeVar

from standin.http.messages import Answer, Exchange, Request
from standin.model.behaviour import Behaviour
from standin.model.clock import Clock
from standin.model.dialects import PROCORE, Dialect, Shape
from standin.model.directory import Directory, User, directory
from standin.model.hosts import SITES, Site
from standin.model.mint import Mint, Mints

KEPT = 10_000
"""How many exchanges, tokens and codes are remembered: what came before is forgotten, and memory stays flat."""
WHOLE = 100
"""How many of the last answers are remembered with their bodies: a page of projects has some 100 kB."""
OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"


@dataclass(frozen=True)
class Application:
    """A registered client: step 1 and step 3 of the guide."""

    uid: str
    secret: str
    redirect_uris: tuple[str, ...] = (OUT_OF_BAND,)

    @property
    def redirect_uri(self) -> str:
        """The first one that was registered."""
        return self.redirect_uris[0]


@dataclass(frozen=True)
class Code:
    """An authorization code that was handed out."""

    value: str
    application: str
    redirect_uri: str
    created_at: int
    used: bool = False
    challenge: str = ""
    """The code_challenge of PKCE (RFC 7636), where the dialect knows it; empty: none was given."""
    challenge_method: str = ""


@dataclass(frozen=True)
class Token:
    """An access token, and the refresh token that came with it. ``user`` is False for client credentials."""

    id: int
    access: str
    refresh: str | None
    application: str
    user: bool
    created_at: int
    expires_in: int
    access_revoked: bool = False
    refresh_revoked: bool = False
    previous: int | None = None
    """The token this one replaced, as long as that one still lives."""

    def remaining(self, now: int) -> int:
        """Seconds left to live; never negative."""
        return max(0, self.created_at + self.expires_in - now)

    def expired(self, now: int) -> bool:
        """Whether its time is over (Doorkeeper: strictly later than created_at + expires_in)."""
        return now > self.created_at + self.expires_in


@dataclass
class Session:
    """A browser's: where it wanted to go before it logged in, whether it has, and the proof that a form is ours."""

    csrf: str
    wanted: str = ""
    logged_in: bool = False


@dataclass
class Budget:
    """The requests of the current rate-limit window."""

    started: int = 0
    spent: int = 0


@dataclass
class Realm:
    """One environment's state: nothing of it is known in another one."""

    site: Site
    directory: Directory
    application: Application
    """The one of PROCORE_CLIENT_ID."""
    other: Application
    """The one of PROCORE_OTHER_CLIENT_ID."""
    secrets_of_forms: Mint
    applications: dict[str, Application] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)
    tokens: dict[int, Token] = field(default_factory=dict)
    by_access: dict[str, int] = field(default_factory=dict)
    by_refresh: dict[str, int] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)
    budget: Budget = field(default_factory=Budget)
    issued: int = 0
    """How many tokens there ever were: ids are not given twice, also where tokens are forgotten."""

    def register(self, application: Application) -> Application:
        """Make an application known."""
        self.applications[application.uid] = application
        return application

    def rename_application(self, uid: str, secret: str) -> None:
        """Give the configured application another id or secret; what is empty stays as it was."""
        old = self.applications.pop(self.application.uid)
        self.application = self.register(replace(old, uid=uid or old.uid, secret=secret or old.secret))

    def token_of_access(self, access: str) -> Token | None:
        """The token with that access token, dead or alive."""
        found = self.by_access.get(access)
        return None if found is None else self.tokens[found]

    def token_of_refresh(self, refresh: str) -> Token | None:
        """The token with that refresh token, dead or alive."""
        found = self.by_refresh.get(refresh)
        return None if found is None else self.tokens[found]

    def user_of(self, token: Token) -> User:
        """Who calls with this token."""
        return self.directory.user if token.user else self.directory.service_account

    def keep(self, token: Token) -> Token:
        """Store a new or changed token; forget dead and old ones where there are too many."""
        self.tokens[token.id] = token
        for old in trimmed(self.tokens, lambda one: one.access_revoked and one.refresh_revoked):
            for known, secret in ((self.by_access, old.access), (self.by_refresh, old.refresh or "")):
                # A refresh that rotates nothing has given the same string to a later token.
                if known.get(secret) == old.id:
                    del known[secret]
        return token

    def revoke(self, token_id: int, *, access: bool = True, refresh: bool = True) -> None:
        """Revoke one half of a pair, or both; a token that was forgotten is none."""
        token = self.tokens.get(token_id)
        if token is None:
            return
        self.keep(
            replace(
                token,
                access_revoked=token.access_revoked or access,
                refresh_revoked=token.refresh_revoked or refresh,
            )
        )


Kept = TypeVar("Kept")


def trimmed(kept: dict[Any, Kept], dead: Callable[[Kept], bool] = lambda _: False) -> list[Kept]:
    """Where more than :data:`KEPT` are kept, forget the dead and then the oldest; return what was forgotten.

    A tenth goes at once, so that looking for the dead costs next to nothing a request.
    """
    if len(kept) <= KEPT:
        return []
    newest = next(reversed(kept))
    doomed = [key for key, one in kept.items() if dead(one) and key != newest]
    living = (key for key, one in kept.items() if not dead(one) and key != newest)
    doomed += islice(living, max(0, len(kept) - len(doomed) - KEPT * 9 // 10))
    return [kept.pop(key) for key in doomed]


Modifier = Callable[[Request, Answer, "World"], Answer]
"""One lie, or one legal peculiarity: turns a right answer into another one."""


class World:
    """Everything the stand-in knows. Hold ``lock`` while reading or changing it from another thread.

    ``seed`` decides every id, secret and token. ``modifiers`` are applied in order to every answer.
    ``populate`` changes who and what exists (:mod:`standin.model.directory` has ``with_projects`` and the like);
    ``redirect_uris`` are what the configured application registered.
    """

    def __init__(
        self,
        *,
        dialect: Dialect = PROCORE,
        behaviour: Behaviour | None = None,
        modifiers: tuple[Modifier, ...] = (),
        clock: Clock | None = None,
        populate: Callable[[Directory], Directory] = lambda known: known,
        redirect_uris: tuple[str, ...] = (OUT_OF_BAND,),
        seed: int = 0,
    ) -> None:
        self.dialect = dialect
        self.behaviour = behaviour or Behaviour()
        self.modifiers = modifiers
        self.clock = clock or Clock()
        self.lock = threading.RLock()
        self.requests: deque[Request] = deque(maxlen=KEPT)
        """The last requests, the current one included."""
        self.exchanges: deque[Exchange] = deque(maxlen=KEPT)
        """The last requests with their answers; of all but the last :data:`WHOLE`, successes have no bodies."""
        self.watchers: list[Callable[[Exchange], None]] = []
        """Whoever wants to hear of each exchange, with ``lock`` held."""
        self.counts: Counter[str] = Counter()
        """How many requests each endpoint has seen, the current one included."""
        self.bearers: dict[int, str] = {}
        """The last access token of each connection."""
        self.hiccups: Counter[int] = Counter()
        self.mints = Mints(seed, KEPT)
        self.realms = {
            site.name: _realm(site, populate(directory(index)), redirect_uris, seed) for index, site in enumerate(SITES)
        }

    def remember(self, exchange: Exchange) -> None:
        """Keep an exchange, and tell the watchers of it."""
        self.exchanges.append(exchange)
        if len(self.exchanges) > WHOLE:
            old = self.exchanges[-WHOLE - 1]
            self.exchanges[-WHOLE - 1] = replace(old, answer=old.answer.with_body(b"")) if old.answer.ok else old
        for watch in self.watchers:
            watch(exchange)

    @property
    def mint(self) -> Mint:
        """Of what is incidental in the answer to the current request, and of the tokens and codes that it is given."""
        return self.mints.current

    def realm(self, site: Site) -> Realm:
        """The state of an environment."""
        return self.realms[site.name]

    def issue_code(
        self,
        realm: Realm,
        application: Application,
        redirect_uri: str | None = None,
        *,
        challenge: str = "",
        challenge_method: str = "",
    ) -> Code:
        """A fresh code, as after the user clicked Approve."""
        value = self.mint.secret(self.dialect.secret)
        code = Code(
            value=value[: self.behaviour.code_length or len(value)],
            application=application.uid,
            redirect_uri=application.redirect_uri if redirect_uri is None else redirect_uri,
            created_at=self.clock.now,
            challenge=challenge,
            challenge_method=challenge_method,
        )
        realm.codes[code.value] = code
        trimmed(realm.codes, lambda one: one.used)
        return code


def _realm(site: Site, known: Directory, redirect_uris: tuple[str, ...], seed: int) -> Realm:
    secrets = Mint(seed, f"{site.name}/secrets")
    # Ids of today are 43 base64url characters, also where tokens are not (facts/procore-api.md 2).
    uid, secret = secrets.secret(Shape.BASE64URL_43), secrets.secret(Shape.BASE64URL_43)
    application = Application(uid, secret, redirect_uris)
    # A stream of its own: who knows nothing of the other application meets the same tokens as ever.
    others = Mint(seed, f"{site.name}/other")
    other = Application(others.secret(Shape.BASE64URL_43), others.secret(Shape.BASE64URL_43))
    realm = Realm(site, known, application, other, Mint(seed, f"{site.name}/forms"))
    realm.register(application)
    realm.register(other)
    return realm
