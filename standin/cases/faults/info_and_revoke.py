"""Step 6, token info and revoke."""

from __future__ import annotations

from typing import Any

from standin.cases.bending import Edit, body, drop, header, on, put, status, wire
from standin.cases.case import Case, case
from standin.cases.faults.token import HTML, PAGE
from standin.cases.which import both, known_token, multipart, neither, service_account
from standin.http.messages import Wire
from standin.model.behaviour import Behaviour, Flaw

INFO, REVOKE = "6 token info", "6 revoke"
NEAR = "token-info.near-token token-info.refresh-token token-info.code"
REVOKED = "revoke.token-info revoke.multipart-effect"
OURS = both(known_token, neither(multipart))


def info(name: str, sentence: str, *edits: Edit, violates: str = "", advises: str = "") -> Case:
    """Token info is wrong."""
    return case(f"token-info-{name}", INFO, sentence, on("token-info", *edits, when=neither(service_account)), violates=violates, advises=advises)


def member(name: str, sentence: str, path: str, value: Any) -> Case:
    """A member of token info has another value."""
    return info(name, sentence, put(path, value), violates="token-info.schema")


_MISSING = tuple(
    info(f"{path.replace('_', '-').replace('.', '-')}-missing", f"Token info lacks {path}.", drop(path), violates="token-info.schema")
    for path in ("resource_owner_id", "scopes", "expires_in_seconds", "application", "application.uid", "created_at")
)

FAULTS = (
    *_MISSING,
    member("owner-string", "Token info names the user as a string.", "resource_owner_id", str),
    member("owner-zero", "Token info names user 0.", "resource_owner_id", 0),
    member("owner-too-large", "Token info names a user beyond 64 bits.", "resource_owner_id", 2**63),
    member("scopes-string", "The scopes are a string.", "scopes", "public"),
    member("scopes-null", "The scopes are null.", "scopes", None),
    member("scopes-numbers", "The scopes are numbers.", "scopes", [1, 2]),
    member("remaining-string", "The remaining lifetime is a string.", "expires_in_seconds", "5400"),
    member("remaining-zero", "A token that works has 0 s left.", "expires_in_seconds", 0),
    member("remaining-negative", "A token that works has expired.", "expires_in_seconds", -1),
    member("remaining-null", "The remaining lifetime is null.", "expires_in_seconds", None),
    member("remaining-milliseconds", "The remaining lifetime is in milliseconds.", "expires_in_seconds", 5400000),
    member("application-string", "The application is a string.", "application", "quick start"),
    member("application-null", "The application is null.", "application", None),
    member("application-uid-number", "The application's uid is a number.", "application.uid", 7),
    member("application-uid-empty", "The application's uid is empty.", "application.uid", ""),
    member("created-at-string", "The time of issue is text in token info.", "created_at", "2026-01-02T03:04:05Z"),
    member("created-at-milliseconds", "The time of issue is in milliseconds in token info.", "created_at", lambda old: old * 1000),
    info("201", "Token info answers 201.", status(201), violates="token-info.status"),
    info("404", "There is no token info.", status(404), body(b""), violates="token-info.status"),
    info("401", "Token info does not know the token that the API accepts.", status(401), body({"error": "invalid_token"}), violates="token-info.status"),
    info("redirect", "Token info is redirected to another host.", status(302), header("Location", "https://login.example.com/info"), violates="token-info.status transport.redirect"),
    info("cut", "Token info ends before its announced length.", wire(Wire(truncate_at=10)), violates="token-info.status"),
    info("html", "Token info is a page.", HTML, PAGE, violates="token-info.json"),
    info("content-type", "Token info says that it is text.", header("Content-Type", "text/plain"), violates="token-info.json"),
    info("empty", "Token info is empty.", body(b""), violates="token-info.json"),
    info("list", "Token info is a list.", body(lambda old: [old]), violates="token-info.schema"),
    info("envelope", "Token info is in an envelope.", body(lambda old: {"data": old}), violates="token-info.schema"),
    info("other-app", "The token belongs to another app.", put("application.uid", "another-app-0123456789"), violates="token-info.application", advises="refresh.same-application"),
    info("remaining-too-long", "The remaining lifetime is longer than the one that was issued.", put("expires_in_seconds", lambda old: old + 600), violates="token-info.remaining"),
    info("other-user", "Token info names another user than the API.", put("resource_owner_id", 777001), advises="me.same-user"),
    case("token-info-garbage-accepted", INFO, "Token info knows a token that nobody issued.", behaviour=Behaviour(accept_bearer=frozenset({Flaw.UNKNOWN}), accept_bearer_at=frozenset({"token-info"})), violates=f"token-info.garbage-token {NEAR}"),
    case("token-info-garbage-400", INFO, "Token info answers 400 to a garbage token.", on("token-info", status(400), ok=False), violates=f"token-info.garbage-token token-info.without-token {NEAR}", advises=REVOKED),
    case("token-info-garbage-500", INFO, "A garbage token breaks token info.", on("token-info", status(500), ok=False), violates=f"token-info.garbage-token token-info.without-token {NEAR}", advises=REVOKED),
    case("revoke-201", REVOKE, "Revoking answers 201.", on("revoke", status(201), when=OURS), violates="revoke.status"),
    case("revoke-204", REVOKE, "Revoking answers 204.", on("revoke", status(204), body(b""), when=OURS), violates="revoke.status"),
    case("revoke-404", REVOKE, "There is no revoke endpoint.", on("revoke", status(404), body(b""), ok=None), violates="revoke.status revoke.unknown-token revoke.multipart"),
    case("revoke-refused", REVOKE, "Nobody may revoke a token of their own.", on("revoke", status(403), body({"error": "unauthorized_client"}), when=OURS), violates="revoke.status"),
    case("revoke-dropped", REVOKE, "Revoking gets no answer.", on("revoke", wire(Wire(drop=True)), when=OURS), violates="revoke.status"),
    case("revoke-without-effect", REVOKE, "A revoked token works on.", behaviour=Behaviour(revokes=frozenset()), advises=f"revoke.effect revoke.companies {REVOKED}"),
    case("revoke-refresh-token-only", REVOKE, "Revoking ends the refresh token and spares the access token.", behaviour=Behaviour(revokes=frozenset({"refresh"})), advises=f"revoke.effect revoke.companies {REVOKED}"),
    case("revoke-revoked-token-403", REVOKE, "A revoked token is refused with 403.", on("me", status(403), status=401, when=lambda r, _: r.header("Authorization") is not None and r.header("Procore-Company-Id") is not None), advises="revoke.effect"),
    case("revoke-by-anybody", REVOKE, "Whoever knows a token may revoke it without the client's secret.", behaviour=Behaviour(revoke_checks_client=False), violates="revoke.wrong-secret"),
    case("revoke-unknown-token-404", REVOKE, "Revoking an unknown token answers 404.", on("revoke", status(404), when=neither(known_token)), violates="revoke.unknown-token"),
    case("revoke-unknown-token-400", REVOKE, "Revoking an unknown token is a bad request.", on("revoke", status(400), body({"error": "invalid_request"}), when=neither(known_token)), violates="revoke.unknown-token"),
    case("revoke-unknown-token-500", REVOKE, "Revoking an unknown token breaks the server.", on("revoke", status(500), body(b""), when=neither(known_token)), violates="revoke.unknown-token"),
)
