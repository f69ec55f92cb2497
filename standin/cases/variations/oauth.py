"""Legal peculiarities of the login service: the columns of ``facts/doorkeeper.md``, and what RFC 6749 leaves open."""

from __future__ import annotations

from dataclasses import replace

from standin.cases.bending import body, drop, header, on, put, status
from standin.cases.case import case
from standin.cases.which import (
    basic,
    known_code,
    known_refresh_token,
    known_token,
    neither,
    our_client,
    refreshed,
    right_after,
    right_secret,
    service_account,
)
from standin.http.messages import Answer, Request
from standin.model.behaviour import Behaviour
from standin.model.dialects import DIALECTS, DOORKEEPER_4_2_6, DOORKEEPER_5_5_0, DOORKEEPER_5_9_6, PROCORE, Shape
from standin.model.world import Modifier, World

AUTHORIZE, TOKEN, REFRESH = "5 authorize", "6 exchange", "6 refresh"
SERVICE, INFO, REVOKE = "6 client credentials", "6 token info", "6 revoke"
CODE = "authorization_code"
LATER = "token.expires-in-documented"


def revoke_all(grant: str) -> Modifier:
    """After a spent code or refresh token is shown again, the user's tokens die (RFC 6749 4.1.2, 10.4)."""

    def modify(request: Request, answer: Answer, world: World) -> Answer:
        if answer.endpoint == "token" and not answer.ok and request.params.get("grant_type") == grant:
            for realm in world.realms.values():
                spent = (known_code if grant == CODE else known_refresh_token)(request, world)
                for token in [one for one in realm.tokens.values() if one.user and spent]:
                    realm.revoke(token.id)
        return answer

    return modify


def older(seconds: int, lifetime: int = 5400) -> tuple[Modifier, ...]:
    """The exchange hands out a token that has lived for a while, as ``reuse_access_token`` does."""
    return (
        on("token", put("expires_in", lifetime - seconds), put("created_at", lambda old: old - seconds), grant=CODE),
        on("token-info", put("expires_in_seconds", lifetime - seconds), put("created_at", lambda old: old - seconds), when=neither(refreshed, service_account)),
    )


_DIALECTS = tuple(
    case(f"dialect-{name}", TOKEN, f"The login service is of version {name}.", dialect=dialect)
    for name, dialect in DIALECTS.items()
)
_LOGGED_IN = tuple(
    case(f"dialect-{name}-logged-in", AUTHORIZE, f"The browser has a session, and the login service is of version {name}.", dialect=dialect, behaviour=Behaviour(logged_in=True))
    for name, dialect in DIALECTS.items()
)
_REDIRECT_URIS = (
    case("redirect-uri-https", AUTHORIZE, "The app has a redirect URI of its own.", redirect_uri="https://app.example.com/callback"),
    case("redirect-uri-https-logged-in", AUTHORIZE, "The code goes to the app's own redirect URI.", redirect_uri="https://app.example.com/callback", behaviour=Behaviour(logged_in=True)),
    case("redirect-uri-localhost", AUTHORIZE, "The app's redirect URI is on this machine, without TLS.", redirect_uri="http://localhost:8080/callback"),
    case("redirect-uri-localhost-logged-in", AUTHORIZE, "The code goes to this machine.", redirect_uri="http://localhost:8080/callback", behaviour=Behaviour(logged_in=True)),
    case("redirect-uri-with-query", AUTHORIZE, "The app's redirect URI has a query.", redirect_uri="https://app.example.com/callback?tenant=1"),
)
_AUTHORIZE = (
    case("authorize-303", AUTHORIZE, "The redirect to the login page is a 303.", on("authorize", status(303), ok=None)),
    case("authorize-307", AUTHORIZE, "The redirect to the login page is a 307.", on("authorize", status(307), ok=None)),
    case("authorize-relative", AUTHORIZE, "The redirect to the login page is relative.", on("authorize", header("Location", "/login?return_to=%2Foauth%2Fauthorize"), ok=None)),
    case("authorize-empty-redirect", AUTHORIZE, "The redirect to the login page has no body.", on("authorize", body(b""), ok=None)),
    case("authorize-unknown-client-error-page", AUTHORIZE, "An unknown client is shown an error page of Procore's, by a redirect.", on("authorize", header("Location", "https://login-sandbox.procore.com/error?error=invalid_client"), ok=None, when=neither(our_client))),
    case("authorize-login-page", AUTHORIZE, "The login page comes at once.", on("authorize", status(200), header("Location", None), ok=None)),
    case("authorize-other-procore-host", AUTHORIZE, "The login page is on another host of Procore's.", on("authorize", header("Location", "https://identity.procore.com/login"), ok=None)),
)
_TOKENS = tuple(
    case(f"tokens-{name}", TOKEN, f"All tokens are {shape.value}.", dialect=replace(PROCORE, access_token=shape, secret=shape))
    for name, shape in (("hex", Shape.HEX_64), ("base64url", Shape.BASE64URL_43), ("jwt", Shape.JWT))
)
_EXCHANGE = (
    case("token-type-capitals", TOKEN, "The token type is BEARER.", on("token", put("token_type", "BEARER"))),
    case("token-type-title", TOKEN, "The token type is Bearer.", on("token", put("token_type", "Bearer"))),
    case("token-scope", TOKEN, "The token has a scope.", on("token", put("scope", "public read"))),
    case("token-scope-empty", TOKEN, "The token has an empty scope.", on("token", put("scope", ""))),
    case("token-extra-members", TOKEN, "The token response has members that nobody documented.", on("token", put("id_token", None), put("company", {"id": 1}), put("x", [1]))),
    case("refresh-token-punctuation", TOKEN, "Refresh tokens hold characters that only a form can carry.", dialect=replace(PROCORE, refresh_token=Shape.PRINTABLE)),
    case("token-5399", TOKEN, "A second of the token's lifetime is gone.", *older(1)),
    case("token-1000-seconds-old", TOKEN, "The token was made 1000 s ago for the same user and app.", *older(1000), advises=LATER),
    case("token-nearly-over", TOKEN, "The token was made 5000 s ago.", *older(5000), advises=LATER),
    case("token-of-two-hours-reused", TOKEN, "A token of two hours was made 2200 s ago for the same user and app.", *older(2200, 7200), advises=LATER),
    case("token-15-minutes", TOKEN, "Tokens live for 15 minutes, as the FAQ said until 2026.", behaviour=Behaviour(token_lifetime=900), advises=f"{LATER} refresh.expires-in-documented"),
    case("token-two-hours", TOKEN, "Tokens live for two hours, as until 2023.", behaviour=Behaviour(token_lifetime=7200), advises=f"{LATER} refresh.expires-in-documented"),
    case("token-reused", TOKEN, "There is one live token per user and app.", behaviour=Behaviour(reuse_access_token=True)),
    case("token-no-pragma", TOKEN, "The token response has no Pragma.", dialect=replace(PROCORE, pragma=False)),
    case("token-cache-control-more", TOKEN, "Cache-Control says more than no-store.", on("token", header("Cache-Control", "private, No-Store, max-age=0"), ok=None)),
    case("token-charset-capitals", TOKEN, "The charset is written in capitals.", on("token", header("Content-Type", "application/json;charset=UTF-8"), ok=None)),
    case("token-no-charset", TOKEN, "The token response does not name its charset.", on("token", header("Content-Type", "application/json"), ok=None)),
    case("token-media-type-capitals", TOKEN, "The media type is written in capitals.", on("token", header("Content-Type", "Application/JSON; charset=utf-8"), ok=None)),
    case("token-reuse-revokes", TOKEN, "A code that is used again kills the tokens it bought.", revoke_all(CODE)),
)
_REFUSALS = (
    case("refusals-400", TOKEN, "Refusals are 400 but for invalid_client.", dialect=replace(PROCORE, refusal_status=400)),
    case("refusals-401", TOKEN, "All refusals are 401.", dialect=replace(DOORKEEPER_5_5_0, refusal_status=401)),
    case("refusals-client-400", TOKEN, "An invalid client is answered 400.", on("token", status(400), ok=False, when=neither(basic))),
    case("refusals-without-description", TOKEN, "Refusals have no description.", on("token", drop("error_description"), ok=False)),
    case("refusals-with-state", TOKEN, "Refusals carry a state and a uri.", on("token", put("state", "unauthorized"), put("error_uri", "https://example.com/errors"), ok=False)),
)
_REFRESH = (
    case("refresh-old-pair-lives-until-use", REFRESH, "The old pair dies when the new token is first used.", behaviour=Behaviour(old_pair_lives_until_use=True)),
    case("refresh-old-pair-lives-until-use-5.9.6", REFRESH, "The same in the newest version.", dialect=DOORKEEPER_5_9_6, behaviour=Behaviour(old_pair_lives_until_use=True)),
    case("refresh-old-access-token-lives", REFRESH, "The old access token lives until it expires: it encodes itself.", behaviour=Behaviour(revoke_old_access_token=False)),
    case("refresh-reuse-revokes", REFRESH, "A refresh token that is used again kills the whole family.", revoke_all("refresh_token")),
)
_SERVICE = (
    case("service-account-none", SERVICE, "The app has no service account: the grant is not supported.", behaviour=Behaviour(refuse_grants=frozenset({"client_credentials"}))),
    case("service-account-none-5.5.0", SERVICE, "The same in version 5.5.0.", dialect=DOORKEEPER_5_5_0, behaviour=Behaviour(refuse_grants=frozenset({"client_credentials"}))),
    case("service-account-unauthorized", SERVICE, "The app is not made for client credentials.", on("token", status(400), body({"error": "unauthorized_client", "error_description": "No."}), ok=None, grant="client_credentials", when=right_secret)),
    case("service-account-invalid-client", SERVICE, "Client credentials are refused as invalid_client: the app was not made for them.", on("token", status(401), body({"error": "invalid_client"}), ok=None, grant="client_credentials")),
    case("service-account-invalid-grant", SERVICE, "Client credentials are refused as invalid_grant.", on("token", status(400), body({"error": "invalid_grant"}), ok=None, grant="client_credentials", when=right_secret)),
    case("service-account-gateway", SERVICE, "A gateway refuses client credentials without saying why.", on("token", status(403), body(b"Forbidden"), header("Content-Type", "text/plain"), ok=None, grant="client_credentials", when=right_secret)),
    case("service-account-not-connected", SERVICE, "Client credentials yield a token that is connected to no company.", *(on(each, status(403), body({"errors": ["App is not connected to this company."]}), when=service_account) for each in ("me", "companies"))),
    case("service-account-of-nobody", SERVICE, "Client credentials yield a token that the API does not know.", *(on(each, status(401), body(b""), header("WWW-Authenticate", 'Bearer realm="Doorkeeper", error="invalid_token"'), when=service_account) for each in ("me", "companies"))),
    case("service-account-me-404", SERVICE, "A service account is nobody on /me.", on("me", status(404), body({"errors": ["Not Found"]}), when=service_account)),
    case("service-account-refresh-token", SERVICE, "Client credentials come with a refresh token.", on("token", put("refresh_token", "5b0e9d7c3f1a48624c8d6e0b7f9a1352c6f3e8047d1b9a5e20f4c86d3b7a19e5"), grant="client_credentials"), advises="client-credentials.no-refresh-token"),
    case("service-account-refresh-token-null", SERVICE, "Client credentials come with a refresh token that is null.", on("token", put("refresh_token", None), grant="client_credentials")),
)
_INFO = (
    case("token-info-both-key-sets", INFO, "Token info has both key sets.", on("token-info", put("scope", []), body(lambda old: {**old, "expires_in": old["expires_in_seconds"]}))),
    case("token-info-other-key-set", INFO, "Token info has the newer key set.", dialect=replace(PROCORE, info_scope_key="scope", info_expiry_key="expires_in")),
    case("token-info-no-uid", INFO, "Token info names no application.", on("token-info", put("application.uid", None))),
    case("token-info-no-owner", INFO, "Token info names no user.", on("token-info", put("resource_owner_id", None))),
    case("token-info-extra-members", INFO, "Token info has more members.", on("token-info", put("token_type", "bearer"), put("application.name", "Quick Start"))),
    case("token-info-a-second-later", INFO, "Some time has passed since the exchange.", on("token-info", put("expires_in_seconds", 5393))),
    case("token-info-created-at-off", INFO, "Token info and the exchange disagree by two minutes.", on("token-info", put("created_at", lambda old: old - 120), when=neither(service_account)), advises="token-info.created-at"),
    case("token-info-401-empty", INFO, "A garbage token gets an empty 401.", on("token-info", body(b""), header("Content-Type", "text/html"), ok=False)),
)
_REVOKE = (
    case("revoke-empty-body", REVOKE, "Revoking answers an empty body.", on("revoke", body(b""))),
    case("revoke-text-body", REVOKE, "Revoking answers text.", on("revoke", header("Content-Type", "text/plain"), body(b"OK"))),
    case("revoke-refusal-403", REVOKE, "Revoking with a wrong secret is 403.", dialect=replace(PROCORE, revoke_refusal=True)),
    case("revoke-refusal-404", REVOKE, "Revoking with a wrong secret finds no token.", on("revoke", status(404), body({}), when=neither(right_secret))),
    case("revoke-refusal-204", REVOKE, "Revoking with a wrong secret is answered 204.", on("revoke", status(204), body(b""), when=neither(right_secret))),
    case("revoke-refusal-401", REVOKE, "Revoking with a wrong secret is 401.", on("revoke", status(401), body({"error": "invalid_client"}), header("WWW-Authenticate", 'Basic realm="Procore"'), when=neither(right_secret))),
    case("revoke-takes-time", REVOKE, "A revoked token works once more: not all servers know yet.", on("me", status(200), body({"id": 4242, "login": "late@example.com", "name": ""}), status=401, when=right_after("/oauth/revoke"))),
    case("revoke-4.2.6", REVOKE, "Revoking with a wrong secret is silent.", dialect=replace(DOORKEEPER_4_2_6, revoke_refusal=False)),
    case("revoke-refusal-400", REVOKE, "Revoking with a wrong secret is 400.", on("revoke", status(400), body({"error": "invalid_client"}), when=lambda r, w: known_token(r, w) and not right_secret(r, w))),
)

VARIATIONS = (
    *_DIALECTS, *_LOGGED_IN, *_REDIRECT_URIS, *_AUTHORIZE, *_TOKENS, *_EXCHANGE, *_REFUSALS, *_REFRESH, *_SERVICE, *_INFO, *_REVOKE,
)  # fmt: skip
