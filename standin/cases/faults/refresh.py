"""Step 6, refresh: rotation without effect, and lies in the answer."""

from __future__ import annotations

from typing import Any

from standin.cases.bending import Edit, body, drop, header, on, put, status, wire
from standin.cases.case import Case, case
from standin.cases.faults.token import HTML, PAGE
from standin.cases.which import both, known_refresh_token, neither, refreshed, refreshing_again, right_secret, without
from standin.http.messages import Wire
from standin.model.behaviour import Behaviour

STEP = "6 refresh"
HOUR = 3600
SPENT = both(known_refresh_token, right_secret)
BOGUS = neither(known_refresh_token, without("refresh_token"))
DEAD = "8d1f0c5e7b2a49634f6e9b0d3c7a5182e4f7096b1d8c3a5f72e0b94d6c1a8f35"


def answer(name: str, sentence: str, *edits: Edit, violates: str, advises: str = "") -> Case:
    """The answer to a refresh is wrong."""
    return case(f"refresh-{name}", STEP, sentence, on("token", *edits, grant="refresh_token", when=neither(refreshing_again)), violates=violates, advises=advises)


def member(name: str, sentence: str, path: str, value: Any) -> Case:
    """A member of the answer has another value."""
    return answer(name, sentence, put(path, value), violates="refresh.schema")


_MISSING = tuple(
    answer(f"{path.replace('_', '-')}-missing", f"The answer to a refresh lacks {path}.", drop(path), violates="refresh.schema")
    for path in ("access_token", "token_type", "expires_in", "refresh_token", "created_at")
)

FAULTS = (
    *_MISSING,
    member("access-token-null", "The new access token is null.", "access_token", None),
    member("refresh-token-null", "The new refresh token is null.", "refresh_token", None),
    member("refresh-token-empty", "The new refresh token is empty.", "refresh_token", ""),
    member("expires-in-string", "The new lifetime is a string.", "expires_in", "5400"),
    member("expires-in-zero", "The new token lives for 0 s.", "expires_in", 0),
    member("created-at-milliseconds", "The new time of issue is in milliseconds.", "created_at", lambda old: old * 1000),
    member("token-type-mac", "The new token type is mac.", "token_type", "mac"),
    answer("created-at-past", "The refreshed token was made an hour ago.", put("created_at", lambda old: old - HOUR), violates="refresh.created-at-now", advises="token-info.created-at"),
    answer("created-at-future", "The refreshed token is made in an hour.", put("created_at", lambda old: old + HOUR), violates="refresh.created-at-now", advises="token-info.created-at"),
    answer("201", "The refresh answers 201.", status(201), violates="refresh.status"),
    answer("500", "The refresh breaks with 500.", status(500), violates="refresh.status"),
    answer("refused", "A refresh token that was not used yet is refused.", status(401), body({"error": "invalid_grant"}), violates="refresh.status"),
    answer("dropped", "The refresh gets no answer.", wire(Wire(drop=True)), violates="refresh.status"),
    answer("redirect", "The refresh is redirected to another host.", status(302), header("Location", "https://login.example.com/oauth/token"), violates="refresh.status transport.redirect"),
    answer("html", "The refresh answers with a page.", HTML, PAGE, violates="refresh.json"),
    answer("content-type", "The answer to a refresh says that it is text.", header("Content-Type", "text/plain"), violates="refresh.json"),
    answer("empty", "The answer to a refresh is empty.", body(b""), violates="refresh.json"),
    answer("list", "The answer to a refresh is a list.", body(lambda old: [old]), violates="refresh.schema"),
    answer("envelope", "The answer to a refresh is in an envelope.", body(lambda old: {"data": old}), violates="refresh.schema"),
    answer("no-store-missing", "Caches may keep refreshed tokens.", header("Cache-Control", None), violates="refresh.no-store"),
    answer("dead-token", "The new access token does not work.", put("access_token", DEAD), violates="refresh.works"),
    case("refresh-same-access-token", STEP, "A refresh yields the same access token.", behaviour=Behaviour(rotate_access_token=False), violates="refresh.new-access-token"),
    case("refresh-same-refresh-token", STEP, "A refresh yields the same refresh token.", behaviour=Behaviour(rotate_refresh_token=False), violates="refresh.new-refresh-token"),
    case("refresh-old-refresh-token-lives", STEP, "A refresh token works as often as one likes.", behaviour=Behaviour(revoke_old_refresh_token=False), violates="refresh.old-refresh-token"),
    case("refresh-old-pair-lives", STEP, "A refresh does not end the old pair.", behaviour=Behaviour(revoke_old_refresh_token=False, revoke_old_access_token=False), violates="refresh.old-refresh-token"),
    case("refresh-refused-token-gets-200", STEP, "A spent refresh token is refused with 200.", on("token", status(200), ok=False, grant="refresh_token", when=SPENT), violates="refresh.old-refresh-token"),
    case("refresh-refused-as-invalid-client", STEP, "A spent refresh token is refused as invalid_client.", on("token", put("error", "invalid_client"), ok=False, grant="refresh_token", when=SPENT), violates="refresh.old-refresh-token"),
    case("refresh-other-user", STEP, "A refresh yields a token of another user.", on("me", put("id", 777001), when=refreshed), violates="refresh.same-user"),
    case("refresh-token-403", STEP, "The refreshed token is not good enough for /me.", on("me", status(403), body({"errors": ["Forbidden"]}), when=refreshed), violates="refresh.works"),
    case("refresh-not-supported", STEP, "The refresh_token grant is refused as unsupported.", behaviour=Behaviour(refuse_grants=frozenset({"refresh_token"})), violates="refresh.status refresh.bogus-token refresh.missing-token refresh.access-token"),
    case("refresh-bogus-token-accepted", STEP, "A refresh token that nobody gave buys a token.", behaviour=Behaviour(accept_unknown_refresh_token=True), violates="refresh.bogus-token refresh.access-token"),
    case("refresh-bogus-token-200", STEP, "A refresh token that nobody gave is refused with 200.", on("token", status(200), ok=False, grant="refresh_token", when=BOGUS), violates="refresh.bogus-token refresh.access-token refresh.missing-token"),
    case("refresh-bogus-token-500", STEP, "A refresh token that nobody gave breaks the token endpoint.", on("token", status(500), ok=False, grant="refresh_token", when=BOGUS), violates="refresh.bogus-token refresh.access-token refresh.missing-token"),
)
