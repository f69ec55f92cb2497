"""Legal answers of the login host to what is nearly right, incomplete, refreshed or revoked, and what is merely unwise."""

from __future__ import annotations

from dataclasses import replace

from standin.cases.bending import Edit, body, drop, header, on, put, status
from standin.cases.case import Case, case
from standin.cases.faults.near_misses import CHALLENGE, INFO, REFRESH, REVOKE, SERVICE, STEP
from standin.cases.which import (
    asked_before,
    basic,
    both,
    known_refresh_token,
    multipart,
    neither,
    no_secret,
    other_client,
    our_client,
    refreshed,
    right_secret,
    service_account,
    with_token,
    without,
)  # fmt: skip
from standin.http.messages import Answer, Request
from standin.model.behaviour import Behaviour, Flaw
from standin.model.dialects import DOORKEEPER_4_2_6, PROCORE, Shape
from standin.model.world import World

CODE = "authorization_code"
FITS, BEARER = "refusal.challenge-fits", "token-info.challenge-bearer"


def challenge(name: str, sentence: str, value: str, endpoint: str, advises: str = "") -> Case:
    """The challenge of an endpoint reads otherwise."""
    step = STEP if endpoint == "token" else INFO
    return case(f"challenge-{name}", step, sentence, on(endpoint, header(CHALLENGE, value), ok=False), advises=advises)


def refused(name: str, step: str, sentence: str, error: str, number: int, grant: str, when: object) -> Case:
    """A refusal has another one of the codes that fit."""
    edits: tuple[Edit, ...] = (status(number), put("error", error), header(CHALLENGE, f'Bearer realm="x", error="{error}"'))
    return case(f"refused-{name}", step, sentence, on("token", *edits, ok=False, grant=grant, when=when))  # type: ignore[arg-type]


def info(name: str, sentence: str, *edits: Edit, when: object = None, advises: str = "", step: str = INFO) -> Case:
    """Token info says something else."""
    return case(f"info-{name}", step, sentence, on("token-info", *edits, when=when), advises=advises)  # type: ignore[arg-type]


def still(name: str, sentence: str, endpoint: str, advises: str) -> Case:
    """An endpoint takes tokens that were revoked."""
    rules = Behaviour(accept_bearer=frozenset({Flaw.REVOKED}), accept_bearer_at=frozenset({endpoint}))
    return case(f"revoke-{name}", REVOKE, sentence, behaviour=rules, advises=advises)


def one_service_token(request: Request, answer: Answer, world: World) -> Answer:
    """A new token of the service account ends the earlier ones, as Doorkeeper can be told to."""
    if answer.endpoint == "token" and answer.ok and request.params.get("grant_type") == "client_credentials":
        for realm in world.realms.values():
            for token in list(realm.tokens.values()):
                if not token.user and token.access != answer.body["access_token"]:
                    realm.revoke(token.id)
    return answer


_CHALLENGES = (
    challenge("token-basic", "The token endpoint asks for HTTP Basic, which RFC 6749 has every server know.", 'Basic realm="OAuth"', "token"),
    challenge("token-two", "The token endpoint offers two schemes.", 'Basic realm="OAuth", Bearer realm="OAuth"', "token"),
    challenge("token-bare", "The challenge of the token endpoint is a scheme alone.", "Bearer", "token"),
    challenge("token-lower-case", "The scheme of the token endpoint's challenge is in lower case.", 'bearer realm="Doorkeeper"', "token"),
    challenge("token-another-error", "The challenge of the token endpoint names another error than the body.", 'Bearer realm="Doorkeeper", error="invalid_token"', "token", FITS),
    challenge("token-error-unquoted", "The challenge of the token endpoint names another error, without quotation marks.", "Bearer error=server_error", "token", FITS),
    challenge("info-without-error", "The challenge of token info names no error.", 'Bearer realm="Doorkeeper"', "token-info"),
    challenge("info-realm-last", "The challenge of token info has its error first.", 'BEARER error="invalid_request", realm="a \\"quoted\\" one"', "token-info"),
    challenge("info-basic", "Token info asks for HTTP Basic.", 'Basic realm="OAuth"', "token-info", BEARER),
    challenge("info-another-error", "The challenge of token info names another error than the body.", 'Bearer error="insufficient_scope"', "token-info", BEARER),
    challenge("info-token", "Token info asks for a scheme of its own.", "Token", "token-info", BEARER),
)
_REFUSED = (
    refused("client-id-missing-invalid-request", STEP, "A missing Client ID is an invalid request.", "invalid_request", 400, CODE, both(without("client_id"), neither(basic))),
    refused("code-missing-invalid-grant", STEP, "A missing code is an invalid grant, as in version 4.", "invalid_grant", 400, CODE, both(our_client, without("code"))),
    refused("service-account-without-secret-invalid-request", SERVICE, "Client credentials without a secret are an invalid request.", "invalid_request", 400, "client_credentials", no_secret),
    refused("service-account-without-secret-unauthorized", SERVICE, "Who shows no secret is a public client, which may not use this grant.", "unauthorized_client", 400, "client_credentials", no_secret),
    refused("refresh-token-missing-invalid-grant", REFRESH, "A missing refresh token is an invalid grant.", "invalid_grant", 400, "refresh_token", without("refresh_token")),
    refused("refresh-wrong-secret-invalid-client", REFRESH, "The client is looked at before the refresh token.", "invalid_client", 401, "refresh_token", both(known_refresh_token, our_client, neither(right_secret))),
    refused("refresh-without-redirect-uri", REFRESH, "A refresh asks for the redirect URI.", "invalid_request", 400, "refresh_token", both(our_client, without("redirect_uri"))),
    refused("other-app-unauthorized", STEP, "The other app may not exchange codes.", "unauthorized_client", 400, CODE, other_client),
    case("refused-missing-redirect-uri-not-noticed", STEP, "An exchange without a redirect URI fails for its code alone.", behaviour=Behaviour(accept_missing_redirect_uri=True), advises="refusal.missing-redirect-uri-noticed"),
    case("refused-other-app-unknown", STEP, "The other app's credentials are refused.", on("token", status(401), put("error", "invalid_client"), header(CHALLENGE, "Bearer"), ok=False, when=other_client)),
    case("refused-json-415", STEP, "A JSON body is not supported.", on("token", status(415), body(b""), ok=None, when=lambda r, _: r.header("Content-Type") == "application/json")),
)
_ANSWER = (
    case("token-error-beside", STEP, "The answer to a code names an error beside the token.", on("token", put("error", "none"), grant=CODE), advises="token.no-error"),
    case("token-error-null", STEP, "The answer to a code has an error that is null.", on("token", put("error", None))),
    case("code-short", STEP, "Codes are twelve characters.", behaviour=Behaviour(code_length=12), advises="token.code-unguessable"),
    case("code-128-bits", STEP, "Codes are 32 hex digits.", behaviour=Behaviour(code_length=32)),
    case("tokens-128-bits", STEP, "Codes are 22 characters of base64url.", dialect=replace(PROCORE, secret=Shape.BASE64URL_43), behaviour=Behaviour(code_length=22)),
    case("token-multipart-not-read", STEP, "The token endpoint does not read a multipart form.", behaviour=Behaviour(ignore_multipart_at=frozenset({"token"})), advises="token.multipart"),
    case("revoke-multipart-not-read", REVOKE, "The revoke endpoint answers 200 to a multipart form that it does not read.", behaviour=Behaviour(ignore_multipart_at=frozenset({"revoke"})), advises="revoke.multipart-effect"),
)
_REFRESHED = (
    case("refreshed-900-s", REFRESH, "Refreshed tokens live for 15 minutes.", on("token", put("expires_in", 900), grant="refresh_token"), on("token-info", put("expires_in_seconds", 900), when=refreshed), advises="refresh.expires-in-documented"),
    case("refreshed-two-hours", REFRESH, "Refreshed tokens live for two hours.", on("token", put("expires_in", 7200), grant="refresh_token"), on("token-info", put("expires_in_seconds", 7200), when=refreshed), advises="refresh.expires-in-documented"),
    case("refreshed-5399-s", REFRESH, "A second of the refreshed token's lifetime is gone.", on("token", put("expires_in", 5399), grant="refresh_token")),
    case("refreshed-other-app", REFRESH, "Token info names another app after a refresh.", on("token-info", put("application.uid", "another-app-0123456789"), when=refreshed), advises="refresh.same-application"),
    case("refreshed-fewer-companies", REFRESH, "A refreshed token sees one company less.", on("companies", body(lambda old: old[1:]), when=refreshed), advises="refresh.same-companies"),
    case("refreshed-more-companies", REFRESH, "A refreshed token sees one company more.", on("companies", body(lambda old: [*old, {**old[0], "id": old[0]["id"] + 7}]), when=refreshed), advises="refresh.same-companies"),
    case("refreshed-other-order", REFRESH, "A refreshed token sees its companies in another order.", on("companies", body(lambda old: old[::-1]), when=refreshed)),
    case("refresh-spent-4.2.6", REFRESH, "Version 4 needs no secret to refresh; a spent token is refused all the same.", dialect=DOORKEEPER_4_2_6),
)
_INFO = (
    info("service-account-unknown", "Token info does not know the service account's token.", status(404), body(b""), when=service_account, advises="client-credentials.token-info", step=SERVICE),
    info("service-account-without-owner", "Token info of a service account lacks resource_owner_id.", drop("resource_owner_id"), when=service_account, advises="client-credentials.token-info", step=SERVICE),
    info("service-account-has-owner", "Token info names the service account's own user.", put("resource_owner_id", 98199), when=service_account, step=SERVICE),
    case("info-service-account-is-the-user", SERVICE, "Token info names the user as the owner of the service account's token.", on("token-info", body(lambda old: {**old, "resource_owner_id": old["resource_owner_id"] or 98100})), advises="client-credentials.own-principal"),
    info("remaining-too-short", "Token info leaves ten minutes less than have not passed.", put("expires_in_seconds", lambda old: old - 600), advises="token-info.remaining-agrees client-credentials.token-info"),
    info("remaining-half", "Token info leaves half of the lifetime.", put("expires_in_seconds", lambda old: old // 2), advises="token-info.remaining-agrees client-credentials.token-info"),
    info("remaining-50-s-short", "Token info counts from when the request came.", put("expires_in_seconds", lambda old: old - 50)),
    info("remaining-grows", "The remaining lifetime begins anew with each call.", put("expires_in_seconds", lambda old: old - 30), when=neither(asked_before), advises="token-info.falls"),
    info("remaining-falls-too-fast", "The remaining lifetime is half of it on the second call.", put("expires_in_seconds", lambda old: old // 2), when=both(asked_before, neither(refreshed)), advises="client-credentials.token-info token-info.falls"),
    info("remaining-a-second-off", "The remaining lifetime is rounded.", put("expires_in_seconds", lambda old: old - 1), when=asked_before),
    info("created-at-moves", "The time of issue moves from call to call.", put("created_at", lambda old: old + 7), when=asked_before, advises="token-info.stable"),
    info("app-changes", "Another app owns the token on the second call.", put("application.uid", "another-app-0123456789"), when=asked_before, advises="token-info.stable refresh.same-application client-credentials.token-info"),
    case("info-without-token-4", INFO, "Without a token, token info is 401 with an empty body.", on("token-info", body(b""), header("Content-Type", "text/html"), ok=False, when=neither(with_token))),
)
_REVOKED = (
    still("unknown-to-token-info", "Token info knows a token after it was revoked.", "token-info", "revoke.token-info revoke.multipart-effect"),
    still("unknown-to-companies", "A revoked token still lists companies.", "companies", "revoke.companies"),
    case("revoke-ends-everything", REVOKE, "Revoking one token ends all of the app's.", behaviour=Behaviour(revokes_everything=True), advises="revoke.spares-others"),
    case("revoke-one-service-token", SERVICE, "A new token of the service account ends the earlier ones.", one_service_token),
    case("revoke-multipart-empty", REVOKE, "Revoking answers no body to a multipart form.", on("revoke", body(b""), when=multipart)),
)

VARIATIONS = (*_CHALLENGES, *_REFUSED, *_ANSWER, *_REFRESHED, *_INFO, *_REVOKED)
