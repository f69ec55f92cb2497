"""One request and its answer as the judges see it: who asked with what, when, and when the answer was there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from standin.http.messages import Answer, Exchange, Request
from standin.model.hosts import site_of
from standin.model.world import Realm, World
from standin.oauth.bearer import bearer_of

TWINS = 0.25
"""Seconds after an answer in which the same request may be one that was on its way already, from another thread."""


class Secrets:
    """Whose a secret is: the environments of a world by what they gave out."""

    def __init__(self, world: World) -> None:
        self._realms = tuple(world.realms.values())

    def kind(self, text: str) -> str:
        """``secret``, ``access`` or ``refresh``, or nothing for a text that is none of them."""
        for realm in self._realms:
            for kind, known in (
                ("access", realm.by_access),
                ("refresh", realm.by_refresh),
                ("secret", _secrets(realm)),
            ):
                if text in known:
                    return kind
        return ""

    def homes(self, text: str) -> set[str]:
        """The environments that this secret or code belongs to."""
        return {
            realm.site.name
            for realm in self._realms
            if text in realm.by_access or text in realm.by_refresh or text in realm.codes or text in _secrets(realm)
        }

    def redirect_uri(self, code: str) -> str | None:
        """The redirect_uri that a code was asked for with; None for a code that nobody gave out."""
        found = (realm.codes[code].redirect_uri for realm in self._realms if code in realm.codes)
        return next(found, None)

    def hide(self, text: str) -> str:
        """The same text without any of the secrets."""
        return " ".join("…" if self.homes(word.strip("\"'<>(),;")) else word for word in text.split(" "))


def _secrets(realm: Realm) -> set[str]:
    return {application.secret for application in realm.applications.values()}


@dataclass(frozen=True)
class Call:
    """``number`` counts from 1; ``at`` is the time (seconds since 1970) at which the request was there."""

    number: int
    at: float
    request: Request
    answer: Answer

    @classmethod
    def of(cls, number: int, exchange: Exchange) -> Call:
        """The number-th exchange of a scenario."""
        return cls(number, exchange.at, exchange.request, exchange.answer)

    @property
    def lost(self) -> bool:
        """Whether the client got no whole answer."""
        wire = self.answer.wire
        return wire.drop or wire.truncate_at is not None or wire.reset_at is not None

    @property
    def ok(self) -> bool:
        """Whether a success came in whole."""
        return self.answer.ok and not self.lost

    @property
    def delivered(self) -> float:
        """When the answer was sent."""
        return self.at + self.answer.wire.delay

    @property
    def site(self) -> str:
        """The environment of the host, or nothing."""
        found = site_of(self.request.host)
        return found.name if found else ""

    @property
    def is_rest(self) -> bool:
        """Whether this is a call of the REST API."""
        return self.request.path.startswith("/rest/")

    @property
    def is_token(self) -> bool:
        """Whether this asks for a token, by whatever method."""
        return self.request.path.rstrip("/").removesuffix(".json") == "/oauth/token"

    @property
    def grant(self) -> str:
        """The grant type, where this asks for a token."""
        return self.request.params.get("grant_type", "") if self.is_token else ""

    @cached_property
    def bearer(self) -> str:
        """The access token that the request shows, or nothing."""
        return bearer_of(self.request)

    @cached_property
    def key(self) -> tuple[object, ...]:
        """Equal for requests that ask the same with the same token."""
        one = self.request
        company = one.header("Procore-Company-Id")
        return (one.method, one.host, one.path, one.pairs, tuple(sorted(one.form.items())), company, self.bearer)

    def is_retry_of(self, earlier: Call) -> bool:
        """Whether the client had that answer when it sent this, and did not just send two at once."""
        if self.at < earlier.delivered:
            return False
        same = self.request.connection and self.request.connection == earlier.request.connection
        return bool(same) or earlier.answer.wire.delay >= TWINS or self.at >= earlier.delivered + TWINS
