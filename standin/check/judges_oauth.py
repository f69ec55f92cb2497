"""Judges of steps 5 and 6: codes, refresh tokens, secrets, and what is in a URL."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from standin.check.call import Call, Secrets
from standin.check.judging import Found, Recent, seconds
from standin.model.world import OUT_OF_BAND

_REFUSED_OFTEN = 3
"""From this many refusals of the same grant on, nobody hopes any more; two may be two places of one program."""
_SUPERFLUOUS = 4
"""New tokens beside a living one from which on it is a habit: a few may be tests of the login itself."""
_LEEWAY = 300
"""Seconds before its end from which on a token may be replaced."""
_ONCE = {"authorization_code": ("code", "code.reused"), "refresh_token": ("refresh_token", "refresh.reused")}
"""The parameter of each grant that works once, and the rule."""
_IN_URL = {"secret": "secret.in-url", "access": "token.in-url", "refresh": "refresh.in-url"}
_NAMES = {"client_secret": "secret", "access_token": "access", "bearer_token": "access", "refresh_token": "refresh"}
"""Parameters that are secrets whatever they hold."""
_LATE = 1.0
"""Seconds after its end that a token may still arrive: the request was on its way."""


class Grants:
    """Codes and refresh tokens work once (guide step 6; RFC 6749 4.1.2 and 6)."""

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets
        self._spent: Recent[str, Call] = Recent()
        self._refused: Recent[str, int] = Recent()

    def see(self, call: Call) -> Iterator[Found]:
        """A grant that was spent or refused before, and the redirect_uri of a code."""
        if call.grant not in _ONCE:
            return
        name, rule = _ONCE[call.grant]
        value = call.request.params.get(name, "")
        if not value:
            return
        earlier = self._spent.get(value)
        # Before a slow answer is there, the client may have given up waiting: the answer is lost to it.
        if earlier is not None and (call.at >= earlier.delivered or not earlier.answer.wire.delay):
            yield rule, f"request {call.number} sends what request {earlier.number} had exchanged with success"
        elif earlier is None:
            yield from self._refused_again(call, value)
        yield from self._redirect_uri(call, value)
        if call.ok and earlier is None:
            self._spent[value] = call

    def _refused_again(self, call: Call, value: str) -> Iterator[Found]:
        body = call.answer.body
        if not call.lost and isinstance(body, dict) and body.get("error") == "invalid_grant":
            self._refused[value] = self._refused.get(value, 0) + 1
            if self._refused[value] >= _REFUSED_OFTEN:
                yield "grant.refused-again", f"invalid_grant {self._refused[value]} times for the same one"

    def _redirect_uri(self, call: Call, value: str) -> Iterator[Found]:
        asked = self._secrets.redirect_uri(value) if call.grant == "authorization_code" else None
        given = call.request.params.get("redirect_uri", "")
        if asked is not None and given != asked:
            yield "code.redirect-uri", f"the code was asked for with {asked}, and came with {given or 'none'}"

    def end(self) -> Iterator[Found]:
        """Nothing more."""
        yield from ()


class Places:
    """Where secrets do not belong: URLs, other environments, http, two places at once; and what authorize lacks."""

    def __init__(self, secrets: Secrets, *, untrusted: bool = False) -> None:
        """``untrusted``: the server shows a certificate that a client must refuse."""
        self._secrets = secrets
        self._untrusted = untrusted

    def see(self, call: Call) -> Iterator[Found]:
        """All that one request shows by itself."""
        request = call.request
        where = f"request {call.number}: {request.method} {self._secrets.hide(request.path)}"
        if request.scheme == "http" and not request.origin:
            yield "transport.http", f"{where} on http://{request.host}"
        if self._untrusted and request.scheme == "https" and not request.origin:
            yield "transport.certificate", where
        yield from ((rule, f"{where}, {name}") for rule, name in self._in_url(call))
        yield from self._mixed(call, where)
        basic = (request.header("Authorization") or "").lower().startswith("basic ")
        if basic and request.form.get("client_secret"):
            yield "client.two-ways", where
        if call.is_token and request.method not in {"POST", "OPTIONS"}:
            yield "token.not-post", where
        if call.answer.endpoint == "authorize" and request.method == "GET" and not _protected(request.query):
            yield "authorize.no-state", where

    def _in_url(self, call: Call) -> Iterator[tuple[str, str]]:
        """The rule and the name of each parameter or part of the path that holds a secret."""
        for piece in filter(None, call.request.path.split("/")):
            if kind := self._secrets.kind(piece):
                yield _IN_URL[kind], "in the path"
        for name, value in call.request.pairs:
            kind = self._secrets.kind(value) or _NAMES.get(name, "")
            if value and kind:
                yield _IN_URL[kind], f"parameter {self._secrets.hide(name)}"
            elif value and name == "code" and call.is_token:
                yield "code.in-url", f"parameter {name}"

    def _mixed(self, call: Call, where: str) -> Iterator[Found]:
        params = call.request.params
        shown = {
            "access token": call.bearer,
            "client secret": params.get("client_secret", ""),
            "refresh token": params.get("refresh_token", ""),
            "code": params.get("code", "") if call.is_token else "",
        }
        for name, value in shown.items():
            homes = self._secrets.homes(value) if value and call.site else set()
            if homes and call.site not in homes:
                yield "environment.mixed", f"{where} on {call.request.host}: {name} of {', '.join(sorted(homes))}"

    def end(self) -> Iterator[Found]:
        """Nothing more."""
        yield from ()


def _protected(query: object) -> bool:
    """Whether an authorize request is bound to who sent it: by state, by PKCE, or because nothing is redirected."""
    given = query if isinstance(query, dict) else {}
    return bool(given.get("state") or given.get("code_challenge")) or given.get("redirect_uri") in {OUT_OF_BAND, None}


@dataclass
class _Issued:
    """A token that a client got, and what it did with it."""

    call: Call
    expires_in: int
    grant: str
    companies: set[str | None] = field(default_factory=set)
    refused: bool = False

    def lives(self, at: float) -> bool:
        """Whether nothing spoke for a new one yet."""
        return not self.refused and at < self.call.delivered + self.expires_in - _LEEWAY


class Lifetimes:
    """Tokens are kept as long as they live, and no longer (``expires_in``; RFC 6749 5.1)."""

    def __init__(self) -> None:
        self._issued: Recent[str, _Issued] = Recent()
        self._superfluous: set[str] = set()
        self._calls = 0

    def see(self, call: Call) -> Iterator[Found]:
        """A token that is used too late; and, for later, one that nobody needed."""
        body = call.answer.body
        if call.is_token and call.ok and isinstance(body, dict) and body.get("access_token") not in self._issued:
            self._issued[str(body.get("access_token"))] = _Issued(call, int(body.get("expires_in") or 0), call.grant)
        mine = self._issued.get(call.bearer)
        if not call.is_rest or mine is None:
            return
        self._calls += 1
        late = call.at - mine.call.delivered - mine.expires_in
        if late > _LATE:
            yield "expiry.ignored", f"request {call.number}, {seconds(late)} after its end"
        mine.refused |= call.answer.status == 401
        company = call.request.header("Procore-Company-Id")
        if company not in mine.companies and self._was_needless(call.bearer, mine, company):
            self._superfluous.add(call.bearer)
        mine.companies.add(company)

    def _was_needless(self, access: str, mine: _Issued, company: str | None) -> bool:
        """Whether another token for the same company lived when this one was asked for."""
        return any(
            other.lives(mine.call.at) and company in other.companies and other.call.number < mine.call.number
            for one, other in self._issued.items()
            if one != access
        )

    def end(self) -> Iterator[Found]:
        """Whether the new tokens are a habit, and not a few logins with many calls each."""
        if len(self._superfluous) >= _SUPERFLUOUS and self._calls <= 2 * len(self._issued):
            yield "token.each-call", f"{len(self._issued)} tokens for {self._calls} calls"
