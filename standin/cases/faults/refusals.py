"""Step 6, exchange: what the token endpoint accepts though it must refuse, and refusals that do not say why."""

from __future__ import annotations

from standin.cases.bending import Edit, When, body, drop, header, on, put, status
from standin.cases.case import Case, case
from standin.cases.faults.token import HTML, PAGE
from standin.cases.which import (
    both,
    known_code,
    multipart,
    near_secret,
    neither,
    no_secret,
    other_client,
    our_client,
    our_redirect_uri,
    right_secret,
    without,
)  # fmt: skip
from standin.model.behaviour import Behaviour
from standin.model.dialects import DOORKEEPER_5_5_0
from standin.model.world import Modifier

STEP = "6 exchange"
FAKE = {
    "access_token": "f" * 64, "token_type": "bearer", "expires_in": 5400, "refresh_token": "e" * 64,
    "created_at": 1700000000,
}  # fmt: skip
EACH: dict[str, tuple[str, str, When]] = {
    "bogus-code": ("refusal.bogus-code", "A code that nobody gave", both(our_client, right_secret, our_redirect_uri, neither(known_code, without("code"), multipart))),
    "wrong-redirect-uri": ("refusal.wrong-redirect-uri", "Another redirect URI", both(known_code, neither(our_redirect_uri))),
    "reused-code": ("refusal.reused-code", "A spent code", both(known_code, our_client, our_redirect_uri)),
    "wrong-secret": ("refusal.wrong-secret", "A wrong secret", both(our_client, neither(right_secret, near_secret, no_secret))),
    "missing-secret": ("refusal.missing-secret", "A missing secret", both(our_client, no_secret)),
    "unknown-client": ("refusal.unknown-client", "An unknown client", neither(our_client, other_client, without("client_id"))),
}
CODE = "authorization_code"
ALL = (
    "refusal.bogus-code refusal.wrong-redirect-uri refusal.reused-code refusal.wrong-secret refusal.unknown-client "
    "refusal.missing-secret refresh.bogus-token refusal.near-secret refusal.missing-client-id "
    "refusal.missing-redirect-uri refusal.missing-code refusal.other-clients-code refresh.missing-token refresh.access-token "
    "refresh.wrong-secret refresh.missing-secret refresh.other-client client-credentials.missing-secret "
    "refusal.missing-grant-type refusal.unsupported-grant-type refresh.old-refresh-token client-credentials.wrong-secret "
    "refusal.basic-wrong-secret"
)


def refusals(*edits: Edit, when: When | None = None, grant: str = "") -> Modifier:
    """Edit the refusals of the token endpoint."""
    return on("token", *edits, ok=False, when=when, grant=grant)


def every(name: str, sentence: str, *edits: Edit, violates: str = "", advises: str = "") -> Case:
    """All refusals are wrong in one way."""
    return case(f"refusal-{name}", STEP, sentence, refusals(*edits), violates=violates, advises=advises)


_ACCEPTED = (
    case("refusal-bogus-code-accepted", STEP, "A code that nobody gave buys a token.", behaviour=Behaviour(accept_unknown_code=True), violates="refusal.bogus-code", advises="token.multipart"),
    case("refusal-reused-code-accepted", STEP, "A code works twice.", behaviour=Behaviour(accept_used_code=True), violates="refusal.reused-code"),
    case("refusal-wrong-redirect-uri-accepted", STEP, "A code works with another redirect URI.", behaviour=Behaviour(accept_wrong_redirect_uri=True), violates="refusal.wrong-redirect-uri"),
    case(
        "refusal-wrong-secret-accepted", STEP, "The client secret is not looked at.", behaviour=Behaviour(accept_wrong_secret=True),
        violates="refusal.wrong-secret refusal.near-secret refusal.basic-wrong-secret client-credentials.wrong-secret revoke.wrong-secret",
    ),
    # Here an invalid_grant is 400, and a wrong secret by HTTP Basic is not even refused with the status that it must have.
    case(
        "refusal-wrong-secret-accepted-5.5.0", STEP, "The client secret is not looked at, and the login service is of version 5.5.0.",
        behaviour=Behaviour(accept_wrong_secret=True), dialect=DOORKEEPER_5_5_0,
        violates="refusal.wrong-secret refusal.near-secret refusal.basic-wrong-secret client-credentials.wrong-secret revoke.wrong-secret",
    ),
    case("refusal-missing-secret-accepted", STEP, "A Client ID is enough.", behaviour=Behaviour(accept_missing_secret=True), violates="refusal.missing-secret client-credentials.missing-secret revoke.wrong-secret"),
    case("refusal-unknown-client-accepted", STEP, "A client that nobody registered is accepted.", behaviour=Behaviour(accept_unknown_client=True), violates="refusal.unknown-client refusal.missing-client-id"),
    case("refusal-missing-grant-type-accepted", STEP, "A request without grant_type buys a token.", behaviour=Behaviour(accept_missing_grant_type=True), violates="refusal.missing-grant-type"),
    case("refusal-unknown-grant-type-accepted", STEP, "A grant type of nobody buys a token.", behaviour=Behaviour(accept_unknown_grant_type=True), violates="refusal.unsupported-grant-type"),
)
_WITH_200 = tuple(
    case(f"refusal-{name}-200", STEP, f"{who} is refused with status 200.", refusals(status(200), when=when, grant=CODE), violates=requirement)
    for name, (requirement, who, when) in EACH.items()
)
_TOKENS = tuple(
    case(f"refusal-{name}-gets-token", STEP, f"{who} gets a token.", refusals(status(200), body(FAKE), when=when, grant=CODE), violates=requirement)
    for name, (requirement, who, when) in EACH.items()
)
_WRONG_CODE = tuple(
    case(
        f"refusal-{name}-{error.replace('_', '-')}", STEP, f"{who} is refused as {error}.",
        refusals(put("error", error), when=EACH[name][2], grant=CODE), violates=EACH[name][0],
    )
    for name, error, who in (
        ("bogus-code", "invalid_request", "A code that nobody gave"),
        ("wrong-redirect-uri", "invalid_client", "Another redirect URI"),
        ("reused-code", "server_error", "A spent code"),
        ("wrong-secret", "invalid_grant", "A wrong secret"),
        ("missing-secret", "invalid_request", "A missing secret"),
        ("unknown-client", "invalid_grant", "An unknown client"),
    )
)
_LEAKS = tuple(
    case(f"refusal-{name}-leaks-token", STEP, f"{who} is refused, and the refusal carries a token.", refusals(body(lambda old: {**FAKE, **old}), when=when, grant=CODE), violates=requirement)
    for name, (requirement, who, when) in EACH.items()
)
_GRANT_TYPES = (
    case("refusal-missing-grant-type-wrong-error", STEP, "A missing grant_type is refused as invalid_grant.", refusals(put("error", "invalid_grant"), when=lambda r, _: "grant_type" not in r.params), violates="refusal.missing-grant-type"),
    case("refusal-missing-grant-type-500", STEP, "A missing grant_type breaks the token endpoint.", refusals(status(500), when=lambda r, _: "grant_type" not in r.params), violates="refusal.missing-grant-type"),
    case("refusal-unknown-grant-type-wrong-error", STEP, "An unknown grant type is refused as invalid_request.", refusals(put("error", "invalid_request"), grant="urn:example:no-such-grant"), violates="refusal.unsupported-grant-type"),
    case("refusal-unknown-grant-type-404", STEP, "An unknown grant type is answered 404.", refusals(status(404), grant="urn:example:no-such-grant"), violates="refusal.unsupported-grant-type"),
)
_EVERY = (
    every("all-200", "Every refusal comes with status 200.", status(200), violates=ALL, advises="token.multipart"),
    every("all-403", "Every refusal comes with status 403.", status(403), violates=ALL),
    every("all-500", "Every refusal comes with status 500.", status(500), violates=ALL, advises="token.multipart"),
    every("all-302", "Every refusal is a redirect to the login page.", status(302), header("Location", "https://login-sandbox.procore.com/login"), violates=ALL, advises="token.multipart"),
    every("error-missing", "Refusals do not name an error code.", drop("error"), violates="refusal.schema"),
    every("error-null", "The error code is null.", put("error", None), violates="refusal.schema"),
    every("error-number", "The error code is a number.", put("error", 401), violates="refusal.schema"),
    every("error-empty", "The error code is empty.", put("error", ""), violates="refusal.schema"),
    every("error-quoted", "The error code holds quotation marks.", put("error", 'invalid "grant"'), violates="refusal.schema"),
    every("error-upper-case", "The error codes are in capitals.", put("error", str.upper), violates=ALL, advises="token.multipart refusal.missing-redirect-uri-noticed"),
    every("description-number", "The error description is a number.", put("error_description", 7), violates="refusal.schema"),
    every("list", "Refusals are lists.", body(lambda old: [old]), violates="refusal.schema"),
    every("rest-style", "Refusals look like those of the REST API.", body({"errors": ["Unauthorized"]}), violates="refusal.schema"),
    every("html", "Refusals are pages.", HTML, PAGE, violates="refusal.json"),
    case("refusal-unknown-client-page", STEP, "An unknown client is shown a page with status 200.", refusals(status(200), HTML, PAGE, when=EACH["unknown-client"][2], grant=CODE), violates="refusal.unknown-client"),
    every("empty", "Refusals are empty.", body(b""), violates="refusal.json"),
    every("truncated", "Refusals break off.", body(b'{"error":"inv'), violates="refusal.json"),
    every("content-type-text", "Refusals say that they are plain text.", header("Content-Type", "text/plain"), violates="refusal.json"),
    every("content-type-missing", "Refusals do not say what they are.", header("Content-Type", None), violates="refusal.json"),
    every("no-cache-control", "Caches may keep refusals.", header("Cache-Control", None), advises="refusal.no-store"),
    every("no-store-of-letters", "Refusals have the letters of no-store in another directive.", header("Cache-Control", "x-no-store, private"), advises="refusal.no-store"),
    every("cache-control-public", "Everybody may keep refusals.", header("Cache-Control", "public, max-age=60"), advises="refusal.no-store"),
)

FAULTS = (*_ACCEPTED, *_WITH_200, *_TOKENS, *_LEAKS, *_WRONG_CODE, *_GRANT_TYPES, *_EVERY)
