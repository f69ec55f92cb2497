"""Step 6: what is nearly right or incomplete and gets through, forms that are not read, and 401 without a challenge."""

from __future__ import annotations

from standin.cases.bending import Edit, When, body, drop, header, on, put, status
from standin.cases.case import Case, case
from standin.cases.faults.refusals import CODE, FAKE
from standin.cases.which import (
    after_multipart_revoke,
    as_json,
    basic,
    both,
    empty,
    known_code,
    known_refresh_token,
    multipart,
    near_secret,
    neither,
    no_secret,
    other_client,
    our_client,
    right_basic,
    right_secret,
    with_parameter,
    with_token,
    without,
)  # fmt: skip
from standin.model.behaviour import Behaviour, Flaw

STEP, REFRESH, SERVICE, INFO, REVOKE = "6 exchange", "6 refresh", "6 client credentials", "6 token info", "6 revoke"
CHALLENGE = "WWW-Authenticate"
SPARE = "c81e728d9d4c2f636f067f89cc14862ca87ff679a2f3e71d9181a67b7542122c"
TOKENS: tuple[Edit, ...] = (status(200), body(FAKE))
AT_INFO = frozenset({"token-info"})


def at(name: str, step: str, sentence: str, grant: str, when: When, *edits: Edit, violates: str, advises: str = "") -> Case:
    """One kind of refusal of the token endpoint is answered otherwise."""
    return case(f"near-{name}", step, sentence, on("token", *edits, ok=False, grant=grant, when=when), violates=violates, advises=advises)


def info(name: str, sentence: str, kind: str, violates: str) -> Case:
    """Token info takes something for an access token that is none."""
    rules = Behaviour(bearer_kinds=frozenset({kind}), accept_bearer_at=AT_INFO)
    return case(f"near-{name}", INFO, sentence, behaviour=rules, violates=violates)


_NO_ID, _NO_URI, _NO_CODE = both(without("client_id"), neither(basic)), both(our_client, without("redirect_uri")), both(our_client, without("code"))
_OTHERS_CODE = both(other_client, known_code)
_NO_TOKEN = without("refresh_token")
_ACCESS = both(right_secret, lambda r, _: "." in r.params.get("refresh_token", ""))
_WRONG = both(known_refresh_token, our_client, neither(right_secret, no_secret))
_BARE = both(known_refresh_token, our_client, no_secret)
_OTHERS = both(known_refresh_token, other_client)
_URI = "refusal.missing-redirect-uri"
_SERVICE_TOKEN: tuple[Edit, ...] = (status(200), body({key: value for key, value in FAKE.items() if key != "refresh_token"}))

FAULTS = (
    case("near-secret-accepted", STEP, "The last character of the secret is not looked at.", behaviour=Behaviour(accept_near_secret=True), violates="refusal.near-secret"),
    at("secret-gets-token", STEP, "A secret that is nearly right buys a token.", CODE, near_secret, *TOKENS, violates="refusal.near-secret"),
    at("secret-invalid-grant", STEP, "A secret that is nearly right is refused as invalid_grant.", CODE, near_secret, put("error", "invalid_grant"), violates="refusal.near-secret"),
    at("secret-500", STEP, "A secret that is nearly right breaks the token endpoint.", CODE, near_secret, status(500), violates="refusal.near-secret"),
    case("near-client-id-not-needed", STEP, "The secret alone tells who asks.", behaviour=Behaviour(accept_missing_client_id=True), violates="refusal.missing-client-id"),
    at("client-id-missing-gets-token", STEP, "A secret without Client ID buys a token.", CODE, _NO_ID, *TOKENS, violates="refusal.missing-client-id"),
    at("client-id-missing-404", STEP, "Without a Client ID the token endpoint is not found.", CODE, _NO_ID, status(404), violates="refusal.missing-client-id"),
    at("redirect-uri-missing-gets-token", STEP, "Without a redirect URI, any code buys a token.", CODE, _NO_URI, *TOKENS, violates=_URI),
    at("redirect-uri-missing-500", STEP, "A missing redirect URI breaks the token endpoint.", CODE, _NO_URI, status(500), violates=_URI),
    at("redirect-uri-missing-invalid-client", STEP, "A missing redirect URI is refused as invalid_client.", CODE, _NO_URI, put("error", "invalid_client"), violates=_URI, advises="refusal.missing-redirect-uri-noticed"),
    at("code-missing-gets-token", STEP, "An exchange without a code yields a token.", CODE, _NO_CODE, *TOKENS, violates="refusal.missing-code"),
    at("code-missing-500", STEP, "A missing code breaks the token endpoint.", CODE, _NO_CODE, status(500), violates="refusal.missing-code"),
    at("code-missing-invalid-scope", STEP, "A missing code is refused as invalid_scope.", CODE, _NO_CODE, put("error", "invalid_scope"), violates="refusal.missing-code"),
    at("code-of-another-app-gets-token", STEP, "A code buys a token for whichever app shows it.", CODE, _OTHERS_CODE, *TOKENS, violates="refusal.other-clients-code"),
    at("code-of-another-app-401-and-token", STEP, "A code that another app shows is answered a token, with 401.", CODE, _OTHERS_CODE, body(FAKE), violates="refusal.other-clients-code refusal.schema"),
    at("secret-401-and-token", STEP, "A secret that is nearly right is answered a token, with 401.", CODE, near_secret, body(FAKE), violates="refusal.near-secret refusal.schema"),
    at("code-of-another-app-500", STEP, "A code that another app shows breaks the token endpoint.", CODE, _OTHERS_CODE, status(500), violates="refusal.other-clients-code"),
    at("refresh-token-missing-gets-token", REFRESH, "A refresh without a refresh token yields a token.", "refresh_token", _NO_TOKEN, *TOKENS, violates="refresh.missing-token"),
    at("refresh-token-missing-500", REFRESH, "A refresh without a refresh token breaks the token endpoint.", "refresh_token", _NO_TOKEN, status(500), violates="refresh.missing-token"),
    at("refresh-token-missing-invalid-client", REFRESH, "A refresh without a refresh token is refused as invalid_client.", "refresh_token", _NO_TOKEN, put("error", "invalid_client"), violates="refresh.missing-token"),
    case("near-access-token-refreshes", REFRESH, "An access token serves as a refresh token.", behaviour=Behaviour(accept_access_token_as_refresh=True), violates="refresh.access-token"),
    at("access-token-500", REFRESH, "An access token in place of a refresh token breaks the token endpoint.", "refresh_token", _ACCESS, status(500), violates="refresh.access-token"),
    at("access-token-200", REFRESH, "An access token in place of a refresh token is refused with 200.", "refresh_token", _ACCESS, status(200), violates="refresh.access-token"),
    at("refresh-wrong-secret-gets-token", REFRESH, "A wrong secret buys a refreshed token.", "refresh_token", _WRONG, *TOKENS, violates="refresh.wrong-secret"),
    at("refresh-wrong-secret-403", REFRESH, "A refresh with a wrong secret is forbidden.", "refresh_token", _WRONG, status(403), violates="refresh.wrong-secret"),
    at("refresh-missing-secret-gets-token", REFRESH, "A refresh needs no secret.", "refresh_token", _BARE, *TOKENS, violates="refresh.missing-secret"),
    at("refresh-missing-secret-500", REFRESH, "A refresh without a secret breaks the token endpoint.", "refresh_token", _BARE, status(500), violates="refresh.missing-secret"),
    at("refresh-of-another-app-gets-token", REFRESH, "A refresh token is good for whichever app shows it.", "refresh_token", _OTHERS, *TOKENS, violates="refresh.other-client"),
    at("refresh-of-another-app-404", REFRESH, "A refresh token that another app shows is not found.", "refresh_token", _OTHERS, status(404), violates="refresh.other-client"),
    at("service-account-without-secret", SERVICE, "A Client ID alone buys a service account's token.", "client_credentials", no_secret, *_SERVICE_TOKEN, violates="client-credentials.missing-secret"),
    at("service-account-without-secret-500", SERVICE, "Client credentials without a secret break the token endpoint.", "client_credentials", no_secret, status(500), violates="client-credentials.missing-secret"),
    at("service-account-without-secret-invalid-grant", SERVICE, "Client credentials without a secret are refused as invalid_grant.", "client_credentials", no_secret, put("error", "invalid_grant"), violates="client-credentials.missing-secret"),
    case("near-token-info-open", INFO, "Token info needs no token.", behaviour=Behaviour(accept_bearer=frozenset({Flaw.MISSING}), accept_bearer_at=AT_INFO), violates="token-info.without-token"),
    case("near-token-info-without-token-400", INFO, "Token info without a token is a bad request.", on("token-info", status(400), ok=False, when=neither(with_token)), violates="token-info.without-token"),
    case("near-token-info-without-token-redirects", INFO, "Token info without a token leads to the login page.", on("token-info", status(302), header("Location", "https://login-sandbox.procore.com/login"), ok=False, when=neither(with_token)), violates="token-info.without-token"),
    info("token-info-near-token", "The last character of an access token is not looked at.", "near", "token-info.near-token"),
    info("token-info-refresh-token", "Token info takes a refresh token.", "refresh", "token-info.refresh-token"),
    info("token-info-code", "Token info takes an authorization code.", "code", "token-info.code"),
    case("near-token-without-challenge", STEP, "Refusals of the token endpoint have no WWW-Authenticate.", on("token", header(CHALLENGE, None), ok=False), violates="refusal.challenge"),
    case("near-token-empty-challenge", STEP, "Refusals of the token endpoint have an empty WWW-Authenticate.", on("token", header(CHALLENGE, ""), ok=False), violates="refusal.challenge"),
    case("near-token-challenge-without-scheme", STEP, "Refusals of the token endpoint name a realm and no scheme.", on("token", header(CHALLENGE, 'realm="Doorkeeper"'), ok=False), violates="refusal.challenge"),
    case("near-token-wrong-secret-without-challenge", STEP, "A wrong secret is refused without WWW-Authenticate.", on("token", header(CHALLENGE, None), ok=False, when=both(our_client, neither(right_secret))), violates="refusal.challenge"),
    case("near-info-without-challenge", INFO, "Refusals of token info have no WWW-Authenticate.", on("token-info", header(CHALLENGE, None), ok=False), violates="token-info.challenge"),
    case("near-info-without-token-without-challenge", INFO, "Token info without a token does not say how to log in.", on("token-info", header(CHALLENGE, None), ok=False, when=neither(with_token)), violates="token-info.challenge"),
    case("near-login-without-challenge", STEP, "No refusal of the login host has a WWW-Authenticate.", *(on(each, header(CHALLENGE, None), ok=False) for each in ("token", "token-info")), violates="refusal.challenge token-info.challenge"),
    case("near-revoke-without-multipart", REVOKE, "A multipart form to revoke is refused.", on("revoke", status(415), body(b""), when=multipart), violates="revoke.multipart"),
    case("near-revoke-multipart-500", REVOKE, "A multipart form breaks the revoke endpoint.", on("revoke", status(500), body(b""), when=multipart), violates="revoke.multipart"),
    case("near-token-info-refusals-name-nothing", INFO, "Token info without a token is refused with an empty 403.", on("token-info", status(403), drop("error"), ok=False, when=neither(with_token)), violates="token-info.without-token"),
    # RFC 6749 sections 2.3.1, 3.2 and 5.2
    case("near-basic-not-read", STEP, "Id and secret by HTTP Basic are not read.", on("token", status(401), put("error", "invalid_client"), header(CHALLENGE, 'Bearer realm="Doorkeeper"'), ok=False, when=basic), violates="token.basic"),
    case("near-basic-400", STEP, "A wrong secret by HTTP Basic is a bad request.", on("token", status(400), ok=False, when=both(basic, neither(right_basic))), violates="refusal.basic-wrong-secret"),
    case("near-basic-any-secret", STEP, "By HTTP Basic, any secret is right.", on("token", put("error", "invalid_grant"), ok=False, when=basic), violates="refusal.basic-wrong-secret"),
    case("near-parameter-unknown", STEP, "A parameter that nobody knows is a bad request.", on("token", status(400), put("error", "invalid_request"), ok=False, when=with_parameter("x_unknown")), violates="token.unknown-parameter"),
    case("near-refresh-token-empty-gets-token", REFRESH, "An empty refresh token buys a token.", on("token", *TOKENS, ok=False, grant="refresh_token", when=empty("refresh_token")), violates="refresh.missing-token"),
    # Doorkeeper's enforce_content_type (lib/doorkeeper/config.rb): 415 and no body for every form but the urlencoded one.
    case("near-multipart-415", STEP, "The token endpoint takes urlencoded forms alone.", on("token", status(415), body(b""), header("Content-Type", None), ok=None, when=multipart), advises="token.multipart"),
    case("near-multipart-code-page", STEP, "A code in a multipart form is answered with a page.", on("token", status(400), body(b"<h1>Bad Request</h1>"), header("Content-Type", "text/html"), ok=False, when=multipart), advises="token.multipart"),
    case("near-multipart-service-account-500", SERVICE, "Client credentials in a multipart form break the token endpoint.", on("token", status(500), body(b""), grant="client_credentials", when=multipart), advises="token.multipart"),
    case("near-multipart-service-account-refresh-token", SERVICE, "Client credentials in a multipart form come with a refresh token.", on("token", put("refresh_token", SPARE), grant="client_credentials", when=multipart), advises="client-credentials.no-refresh-token"),
    # What must be refused is, however it is sent: RFC 6749 sections 4.1.3 and 5.2.
    case("near-json-gets-token", STEP, "A code that nobody gave buys a token where it comes as JSON.", on("token", *TOKENS, ok=False, when=as_json), violates="refusal.bogus-code"),
    case("near-json-leaks-token", STEP, "As JSON, a code that nobody gave is refused, and the refusal carries a token.", on("token", body(lambda old: {**FAKE, **old}), ok=False, when=as_json), violates="refusal.bogus-code"),
    case("near-multipart-gets-token", STEP, "A code that nobody gave buys a token where it comes as multipart.", on("token", *TOKENS, ok=False, grant=CODE, when=multipart), violates="refusal.bogus-code", advises="token.multipart"),
    case("near-basic-gets-token", STEP, "A code that nobody gave buys a token where id and secret come by HTTP Basic.", on("token", *TOKENS, ok=False, when=right_basic), violates="refusal.bogus-code token.basic"),
    case("near-spent-refresh-token-without-redirect-uri", REFRESH, "Without redirect_uri, a refresh token works twice.", on("token", *TOKENS, ok=False, grant="refresh_token", when=both(known_refresh_token, our_client, right_secret, without("redirect_uri"))), violates="refresh.old-refresh-token"),
    case("near-info-multipart-without-challenge", INFO, "A token that was revoked by a multipart form is refused without a challenge.", on("token-info", header(CHALLENGE, None), status=401, when=after_multipart_revoke), violates="token-info.challenge"),
)
