"""Step 6, client credentials: lies to service accounts."""

from __future__ import annotations

from typing import Any

from standin.cases.bending import Edit, body, drop, header, on, put, status, wire
from standin.cases.case import Case, case
from standin.cases.faults.projects import STRANGERS
from standin.cases.faults.refusals import FAKE
from standin.cases.faults.token import HTML, PAGE
from standin.cases.which import neither, no_secret, right_secret, service_account
from standin.http.messages import Wire
from standin.model.behaviour import Behaviour
from standin.model.world import Modifier

STEP = "6 client credentials"
GRANT = "client_credentials"
HOUR = 3600


def answer(name: str, sentence: str, *edits: Edit, violates: str = "", advises: str = "") -> Case:
    """The answer to client credentials is wrong."""
    modifier = on("token", *edits, grant=GRANT)
    return case(f"client-credentials-{name}", STEP, sentence, modifier, violates=violates, advises=advises)


def member(name: str, sentence: str, path: str, value: Any) -> Case:
    """A member of the answer has another value."""
    return answer(name, sentence, put(path, value), violates="client-credentials.schema")


def call(name: str, sentence: str, endpoint: str, *edits: Edit, violates: str) -> Case:
    """A call of the service account is answered wrongly."""
    return case(f"client-credentials-{name}", STEP, sentence, on(endpoint, *edits, when=service_account), violates=violates)


def alone(name: str, sentence: str, *modifiers: Modifier, violates: str) -> Case:
    """The app has a service account and nobody authorized it as a user."""
    return case(f"service-account-{name}", STEP, sentence, *modifiers, behaviour=Behaviour(gives_code=False), violates=violates)


_MISSING = tuple(
    answer(f"{path.replace('_', '-')}-missing", f"The answer to client credentials lacks {path}.", drop(path), violates="client-credentials.schema")
    for path in ("access_token", "token_type", "expires_in", "created_at")
)

FAULTS = (
    *_MISSING,
    member("expires-in-string", "The lifetime of the service account's token is a string.", "expires_in", "5400"),
    member("expires-in-negative", "The lifetime of the service account's token is negative.", "expires_in", -5400),
    member("created-at-iso", "The time of issue of the service account's token is text.", "created_at", "2026-01-02T03:04:05Z"),
    member("token-type-basic", "The service account's token is of type basic.", "token_type", "basic"),
    member("access-token-null", "The service account's token is null.", "access_token", None),
    answer("created-at-past", "The service account's fresh token was made an hour ago.", put("created_at", lambda old: old - HOUR), violates="client-credentials.created-at-now", advises="client-credentials.token-info"),
    answer("created-at-future", "The service account's token is made in an hour.", put("created_at", lambda old: old + HOUR), violates="client-credentials.created-at-now", advises="client-credentials.token-info"),
    answer("201", "Client credentials are answered 201.", status(201), violates="client-credentials.status"),
    answer("500", "Client credentials break the token endpoint.", status(500), violates="client-credentials.status"),
    alone("refused", "Client credentials are refused as invalid_client though they are right.", on("token", status(401), body({"error": "invalid_client"}), grant=GRANT), violates="client-credentials.status"),
    alone("not-supported", "The grant is refused to an app that has nothing else.", on("token", status(400), body({"error": "unsupported_grant_type"}), grant=GRANT), violates="client-credentials.status"),
    alone("token-of-nobody", "The API refuses the service account's token.", on("companies", status(401), body(b""), when=service_account), violates="token.works"),
    alone("companies-refused", "The service account's own companies are refused.", on("companies", status(403), body({"errors": ["Forbidden"]}), when=service_account), violates="companies.status"),
    answer("hang", "Client credentials are never answered.", wire(Wire(delay=20)), violates="client-credentials.status"),
    answer("html", "Client credentials are answered with a page.", HTML, PAGE, violates="client-credentials.json"),
    answer("content-type", "The service account's token says that it is text.", header("Content-Type", "text/plain"), violates="client-credentials.json"),
    answer("truncated", "The service account's token breaks off.", body(b'{"access_token":'), violates="client-credentials.json"),
    answer("list", "The answer to client credentials is a list.", body(lambda old: [old]), violates="client-credentials.schema"),
    answer("no-store-missing", "Caches may keep the service account's token.", header("Cache-Control", None), violates="client-credentials.no-store"),
    call("me-500", "The service account breaks the question who it is.", "me", status(500), body(b""), violates="client-credentials.me"),
    call("me-201", "The service account is answered 201.", "me", status(201), violates="client-credentials.me"),
    call("me-without-id", "The service account is answered without an id.", "me", drop("id"), violates="client-credentials.me"),
    call("me-list", "The service account is answered a list of users.", "me", body(lambda old: [old]), violates="client-credentials.me"),
    call("companies-503", "The service account's companies are never available.", "companies", status(503), body(b""), header("Retry-After", "0"), violates="client-credentials.companies"),
    call("companies-object", "The service account gets one company instead of a list.", "companies", body(lambda old: old[0]), violates="client-credentials.companies"),
    call("companies-id-string", "The service account gets ids as strings.", "companies", put("*.id", str), violates="client-credentials.companies"),
    call("companies-html", "The service account gets a page.", "companies", HTML, PAGE, violates="client-credentials.companies"),
    call("me-html", "The service account is answered who it is by a page.", "me", HTML, PAGE, violates="client-credentials.me"),
    case("client-credentials-sees-everything", STEP, "The service account is shown companies that it is not installed in.", behaviour=Behaviour(service_account_sees_everything=True), violates="client-credentials.foreign-company"),
    case("client-credentials-foreign-leaks", STEP, "The refusal of a foreign company carries its projects.", on("projects", body(STRANGERS), ok=False, when=service_account), violates="client-credentials.foreign-company"),
    case("client-credentials-foreign-500", STEP, "A service account that asks for a foreign company breaks the list.", on("projects", status(500), ok=False, when=service_account), violates="client-credentials.foreign-company"),
    case("client-credentials-foreign-page", STEP, "A service account that asks for a foreign company gets a page.", on("projects", status(200), HTML, PAGE, ok=False, when=service_account), violates="projects.refusal-or-list"),
    case("client-credentials-wrong-secret-accepted", STEP, "A wrong secret buys a service account's token.", on("token", status(200), body({k: v for k, v in FAKE.items() if k != "refresh_token"}), ok=False, grant=GRANT, when=neither(right_secret, no_secret)), violates="client-credentials.wrong-secret"),
    case("client-credentials-wrong-secret-invalid-grant", STEP, "A wrong secret of a service account is refused as invalid_grant.", on("token", put("error", "invalid_grant"), ok=False, grant=GRANT, when=neither(no_secret)), violates="client-credentials.wrong-secret"),
)
