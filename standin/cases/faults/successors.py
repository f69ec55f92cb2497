"""Step 6: refreshed pairs that are no successors, revocation that does too little or too much, tokens that can be guessed."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import Any

from standin.cases.bending import Edit, body, on, put, status
from standin.cases.case import Case, case
from standin.cases.faults.token import HTML, PAGE
from standin.cases.which import both, no_secret, refreshed, refreshed_twice, refreshing_again, revoked_before
from standin.http.messages import Answer, Request
from standin.model.behaviour import Behaviour
from standin.model.world import Modifier, World

STEP, REFRESH, REVOKE = "6 exchange", "6 refresh", "6 revoke"
GUESS = "token.unguessable"
REFUSED: tuple[Edit, ...] = (status(401), body({"error": "invalid_grant"}))
AGAIN = on("token", *REFUSED, grant="refresh_token", when=refreshing_again)


def guess(name: str, sentence: str, *modifiers: Modifier) -> Case:
    """Tokens are made so that they can be guessed; the API takes them all the same."""
    return case(f"guess-{name}", STEP, sentence, *modifiers, violates=GUESS)


def renamed(rename: Any, member: str = "refresh_token", **which: Any) -> Modifier:
    """Hand tokens out under other names, and take those: ``rename`` makes a short one of a long one."""

    def modify(request: Request, answer: Answer, world: World) -> Answer:
        if not isinstance(answer.body, dict) or member not in answer.body:
            return answer
        realm = world.realms["sandbox"]
        long = answer.body[member]
        known = realm.by_refresh if member == "refresh_token" else realm.by_access
        short = rename(long)
        known[short] = known[long]
        return on("token", put(member, short), **which)(request, answer, world)

    return modify


def _numbered() -> Any:
    numbers = count(1)
    return lambda _: f"7f3a9c0e5b1d8264a0c7e39f51b8d2640e7a93cf15d8b264c0e7a39f{next(numbers):08d}"


def _unsigned(token: str) -> str:
    header, _, signature = token.split(".")
    return f"{header}.{signature[:80]}."  # tokens of one second differ in their signatures alone


def back_again(member: str) -> Modifier:
    """A second refresh hands out what the first exchange did."""
    first: dict[str, str] = {}

    def modify(request: Request, answer: Answer, world: World) -> Answer:
        grant = request.params.get("grant_type")
        if answer.endpoint == "token" and answer.ok and grant == "authorization_code":
            first.update(answer.body)
        return on("token", put(member, lambda new: first.get(member, new)), grant="refresh_token", when=refreshing_again)(request, answer, world)

    return modify


def revoked_without_secret(request: Request, answer: Answer, world: World) -> Answer:
    """A token is revoked, although no secret came along."""
    realm = world.realms["sandbox"]
    token = realm.token_of_access(request.params.get("token", ""))
    if answer.endpoint == "revoke" and no_secret(request, world) and token is not None:
        realm.tokens[token.id] = replace(token, access_revoked=True)
    return answer


def last(name: str, sentence: str, *edits: Edit, violates: str = "", advises: str = "") -> Case:
    """Token info is wrong of the token that a second refresh has yielded, and of no earlier one."""
    return case(f"successor-last-{name}", REFRESH, sentence, on("token-info", *edits, when=both(refreshed, refreshed_twice)), violates=violates, advises=advises)


FAULTS = (
    # tokens
    guess("refresh-token-16-hex", "Refresh tokens are 16 hex digits.", renamed(lambda long: long[:16])),
    guess("refresh-token-20-letters", "Refresh tokens are 20 letters and digits.", renamed(lambda long: "K" + long[:19])),
    guess("refresh-token-digits", "Refresh tokens are 24 digits.", renamed(lambda long: "".join(str(int(c, 16) % 10) for c in long[:24]))),
    guess("refresh-token-repeats", "Refresh tokens are eight digits, eight times.", renamed(lambda long: long[:8] * 8)),
    guess("refresh-token-zeros", "Refresh tokens are a number after many zeros.", renamed(lambda long: "0" * 60 + long[:4])),
    guess("refresh-token-numbered", "Refresh tokens are counted.", renamed(_numbered())),
    guess("access-token-unsigned", "Access tokens are JWTs without a signature.", renamed(_unsigned, "access_token")),
    guess("access-token-short", "Access tokens are twelve characters.", renamed(lambda long: long[-12:], "access_token")),
    guess("service-account-short", "The service account's tokens are twelve characters.", renamed(lambda long: long[-12:], "access_token", grant="client_credentials")),
    # the refreshed pair
    case("successor-other-owner", REFRESH, "Token info names another user after a refresh.", on("token-info", put("resource_owner_id", 777001), when=refreshed), violates="refresh.same-owner"),
    case("successor-refresh-works-once", REFRESH, "The refresh token that a refresh yields is dead.", AGAIN, violates="refresh.again"),
    case("successor-refresh-500", REFRESH, "A second refresh breaks the token endpoint.", on("token", status(500), grant="refresh_token", when=refreshing_again), violates="refresh.again"),
    case("successor-refresh-again-without-refresh-token", REFRESH, "A second refresh yields no refresh token.", on("token", put("refresh_token", None), grant="refresh_token", when=refreshing_again), violates="refresh.again"),
    case("successor-refresh-token-of-the-first", REFRESH, "A second refresh yields the refresh token that was spent first.", back_again("refresh_token"), violates="refresh.new-refresh-token"),
    case("successor-access-token-of-the-first", REFRESH, "A second refresh yields the access token of the exchange.", back_again("access_token"), violates="refresh.new-access-token", advises="revoke.spares-others"),
    case("successor-lifetime", REFRESH, "A second refresh yields a token of 15 minutes.", on("token", put("expires_in", 900), grant="refresh_token", when=refreshing_again), on("token-info", put("expires_in_seconds", 890), when=both(refreshed, refreshed_twice)), advises="refresh.expires-in-documented"),
    last("owner", "Token info names another user after a second refresh.", put("resource_owner_id", 777001), violates="refresh.same-owner"),
    last("app", "Token info names another app after a second refresh.", put("application.uid", "another"), advises="refresh.same-application"),
    last("page", "Token info is a page after a second refresh.", HTML, PAGE, advises="revoke.spares-others"),
    last("too-long", "Token info leaves a token more than the second refresh said.", put("expires_in_seconds", 7000), violates="token-info.remaining"),
    # revocation
    case("revoke-without-secret", REVOKE, "Whoever knows a Client ID may revoke the app's tokens without its secret.", revoked_without_secret, violates="revoke.wrong-secret"),
    case("revoked-again-400", REVOKE, "Revoking a token again is a bad request.", on("revoke", status(400), when=revoked_before), violates="revoke.again"),
    case("revoked-again-404", REVOKE, "A token that was revoked is not found when it is revoked again.", on("revoke", status(404), body(b""), when=revoked_before), violates="revoke.again"),
    case("revoke-by-another-app", REVOKE, "Any app may revoke any token.", behaviour=Behaviour(revoke_checks_owner=False), violates="revoke.other-client"),
)
