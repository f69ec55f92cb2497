"""Step 7.1: lies of the list of companies."""

from __future__ import annotations

from typing import Any

from standin.cases.bending import Edit, body, drop, header, on, put, status, wire
from standin.cases.case import Case, case
from standin.cases.faults.token import HTML, PAGE
from standin.cases.which import both, neither, service_account, with_token
from standin.http.messages import Wire
from standin.model.behaviour import Behaviour, Flaw

STEP = "7 companies"


def answer(name: str, sentence: str, *edits: Edit, violates: str = "", advises: str = "") -> Case:
    """The list that a user gets is wrong."""
    modifier = on("companies", *edits, when=neither(service_account))
    return case(f"companies-{name}", STEP, sentence, modifier, violates=violates, advises=advises)


def member(name: str, sentence: str, path: str, value: Any) -> Case:
    """A member of a company has another value."""
    return answer(name, sentence, put(path, value), violates="companies.schema")


def _first_twice(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [items[0], {**items[1], "id": items[0]["id"]}, *items[2:]] if len(items) > 1 else items


def _let_in(flaw: Flaw) -> Behaviour:
    return Behaviour(accept_bearer=frozenset({flaw}), accept_bearer_at=frozenset({"companies"}))


_MISSING = tuple(
    answer(f"{path.replace('_', '-')}-missing", f"A company has no {path}.", drop(f"1.{path}"), violates="companies.schema")
    for path in ("id", "name", "is_active")
)
_NULL = tuple(
    member(f"{path.replace('_', '-')}-null", f"A company's {path} is null.", f"0.{path}", None)
    for path in ("id", "name", "is_active", "my_company")
)

FAULTS = (
    answer("coded", "Companies is said to be encoded in a way that nobody asked for.", header("Content-Encoding", "br"), violates="companies.status"),
    *_MISSING,
    *_NULL,
    member("id-string", "Ids of companies are strings.", "*.id", str),
    member("id-zero", "A company has the id 0.", "0.id", 0),
    member("id-negative", "A company has a negative id.", "0.id", -4265001),
    member("id-fraction", "A company's id is a fraction.", "0.id", 4265001.5),
    member("id-too-large", "A company's id does not fit into 64 bits.", "0.id", 2**63),
    member("id-true", "A company's id is true.", "0.id", True),
    member("name-number", "A company's name is a number.", "0.name", 7),
    member("name-object", "A company's name is an object.", "0.name", {"en": "Company"}),
    member("is-active-string", "Whether a company is active is a string.", "0.is_active", "true"),
    member("is-active-number", "Whether a company is active is a number.", "0.is_active", 1),
    member("my-company-string", "Whether a company is one's own is a string.", "0.my_company", "yes"),
    member("logo-url-object", "A logo is an object.", "0.logo_url", {"url": "https://example.com/logo.png"}),
    member("logo-url-number", "A logo is a number.", "0.logo_url", 5),
    member("business-experience-list", "The business experience is a list.", "0.pcn_business_experience", []),
    member("home-url-number", "A home page is a number.", "0.company_home_url", 5),
    member("last-item-string", "The last company is a string.", "-1", "Company"),
    member("item-null", "A company is null.", "0", None),
    member("item-list", "A company is a list.", "0", [4265001, "Company"]),
    answer("201", "The list answers 201.", status(201), violates="companies.status"),
    answer("206", "The list answers 206.", status(206), violates="companies.status"),
    answer("204", "The list answers with no content.", status(204), body(b""), violates="companies.status"),
    answer("500", "The list breaks with 500.", status(500), body(b""), violates="companies.status"),
    answer("403", "The list is refused.", status(403), body({"errors": ["Forbidden"]}), violates="companies.status"),
    answer("redirect-to-http", "The list, token and all, is redirected to plain http.", status(302), header("Location", "http://sandbox.procore.com/rest/v1.0/companies"), violates="companies.status transport.redirect"),
    answer("redirect-to-another-host", "The list, token and all, is redirected to another host.", status(307), header("Location", "https://api.example.com/rest/v1.0/companies"), violates="companies.status transport.redirect"),
    answer("html", "A page comes instead of the list.", HTML, PAGE, violates="companies.json"),
    answer("content-type", "The list says that it is text.", header("Content-Type", "text/plain"), violates="companies.json"),
    answer("truncated", "The list breaks off.", body(b'[{"id":1,"name"'), violates="companies.json"),
    answer("empty-body", "The list is an empty body.", body(b""), violates="companies.json"),
    answer("csv", "The list is comma-separated.", header("Content-Type", "text/csv"), body(b"id,name\n1,Company\n"), violates="companies.json"),
    answer("short-length", "Content-Length cuts the list short.", header("Content-Length", "25"), violates="companies.json"),
    answer("envelope", "The list is in an envelope.", body(lambda old: {"data": old}), violates="companies.schema"),
    answer("object", "One company comes instead of a list.", body(lambda old: old[0] if old else {}), violates="companies.schema"),
    answer("json-null", "The list is null.", body(None), violates="companies.schema"),
    answer("by-id", "The list is an object with ids as keys.", body(lambda old: {str(each["id"]): each for each in old}), violates="companies.schema"),
    answer("reset", "The connection breaks in the middle of the list.", wire(Wire(reset_at=30)), violates="companies.status"),
    answer("cut", "The list ends before its announced length.", wire(Wire(truncate_at=30)), violates="companies.status"),
    answer("dropped", "The list gets no answer.", wire(Wire(drop=True)), violates="companies.status"),
    case("companies-hang", STEP, "The list is never answered.", on("companies", wire(Wire(delay=20)), when=neither(service_account)), violates="companies.status"),
    answer("twice", "A company is listed twice.", body(_first_twice), violates="companies.walk", advises="companies.unique"),
    answer("two-of-mine", "Two companies are the user's own.", put("*.my_company", True), advises="companies.one-my-company"),
    case("companies-without-ours", STEP, "The company in which the app is installed is not listed.", behaviour=Behaviour(list_configured_company=False), violates="companies.configured"),
    case("companies-foreign-listed", STEP, "A company that the user has no part in is listed.", behaviour=Behaviour(list_foreign_company=True), violates="companies.foreign"),
    case("companies-free-foreign", STEP, "A company that the user has no part in is among the trial ones.", on("companies", body(lambda old: [*old, {**old[0], "id": 4265099, "my_company": False}]), when=lambda r, _: "include_free_companies" in r.query), violates="companies.foreign"),
    case("companies-open", STEP, "The list needs no token.", behaviour=_let_in(Flaw.MISSING), violates="companies.without-token"),
    case("companies-any-token", STEP, "The list takes any token.", behaviour=_let_in(Flaw.UNKNOWN), violates="companies.garbage-token"),
    case("companies-without-token-403", STEP, "Without a token, the list answers 403.", on("companies", status(403), ok=False, when=neither(with_token)), violates="companies.without-token"),
    case("companies-without-token-empty-list", STEP, "Without a token, the list is empty.", on("companies", status(200), body([]), ok=False, when=neither(with_token)), violates="companies.without-token"),
    case("companies-without-token-login-page", STEP, "Without a token, the list is a redirect to the login page.", on("companies", status(302), header("Location", "https://login-sandbox.procore.com/login"), ok=False, when=neither(with_token)), violates="companies.without-token"),
    case("companies-garbage-token-500", STEP, "A garbage token breaks the list.", on("companies", status(500), ok=False, when=both(with_token, neither(service_account))), violates="companies.garbage-token"),
    case("companies-garbage-token-403", STEP, "A garbage token is answered 403.", on("companies", status(403), ok=False, when=both(with_token, neither(service_account))), violates="companies.garbage-token"),
    case("companies-garbage-token-498", STEP, "A garbage token is answered 498.", on("companies", status(498), ok=False, when=both(with_token, neither(service_account))), violates="companies.garbage-token"),
)
