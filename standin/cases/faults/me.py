"""Step 7, me."""

from __future__ import annotations

from typing import Any

from standin.cases.bending import Edit, body, drop, header, on, put, status, wire
from standin.cases.case import Case, case
from standin.cases.faults.token import HTML, PAGE
from standin.cases.which import both, neither, refreshed, service_account, with_company, with_token
from standin.http.messages import Wire
from standin.model.behaviour import Behaviour, Flaw

STEP = "7 me"


def answer(name: str, sentence: str, *edits: Edit, violates: str, advises: str = "") -> Case:
    """What a user is told of themselves is wrong."""
    return case(f"me-{name}", STEP, sentence, on("me", *edits, when=neither(service_account, refreshed)), violates=violates, advises=advises)


def member(name: str, sentence: str, path: str, value: Any) -> Case:
    """A member has another value."""
    return answer(name, sentence, put(path, value), violates="me.schema")


_MISSING = tuple(
    answer(f"{path}-missing", f"The user has no {path}.", drop(path), violates="me.schema") for path in ("id", "login")
)
_NULL = tuple(member(f"{path}-null", f"The user's {path} is null.", path, None) for path in ("id", "login"))

FAULTS = (
    *_MISSING,
    *_NULL,
    member("id-string", "The user's id is a string.", "id", str),
    member("id-zero", "The user's id is 0.", "id", 0),
    member("id-negative", "The user's id is negative.", "id", -98100),
    member("id-fraction", "The user's id is a fraction.", "id", 98100.5),
    member("id-too-large", "The user's id does not fit into 64 bits.", "id", 2**63),
    member("login-empty", "The user's login is empty.", "login", ""),
    member("login-number", "The user's login is a number.", "login", 98100),
    member("login-list", "The user's login is a list.", "login", ["quickstart@example.com"]),
    member("name-number", "The user's name is a number.", "name", 5),
    member("name-object", "The user's name is an object.", "name", {"first": "Quick", "last": "Start"}),
    answer("201", "Me answers 201.", status(201), violates="me.status"),
    answer("404", "There is no me.", status(404), body(b""), violates="me.status"),
    answer("500", "Me breaks with 500.", status(500), body(b""), violates="me.status"),
    answer("204", "Me answers with no content.", status(204), body(b""), violates="me.status"),
    answer("401", "Me refuses the token that companies accepts.", status(401), body(b""), violates="me.status"),
    answer("redirect", "Me, token and all, is redirected to plain http.", status(302), header("Location", "http://sandbox.procore.com/rest/v1.0/me"), violates="me.status transport.redirect"),
    answer("reset", "The connection breaks in the middle of me.", wire(Wire(reset_at=5)), violates="me.status"),
    answer("hang", "Me is never answered.", wire(Wire(delay=20)), violates="me.status"),
    answer("html", "Me is a page.", HTML, PAGE, violates="me.json"),
    answer("content-type", "Me says that it is text.", header("Content-Type", "text/plain"), violates="me.json"),
    answer("truncated", "Me breaks off.", body(b'{"id":98100,'), violates="me.json"),
    answer("empty", "Me is an empty body.", body(b""), violates="me.json"),
    answer("list", "Me is a list.", body(lambda old: [old]), violates="me.schema"),
    answer("envelope", "Me is in an envelope.", body(lambda old: {"user": old}), violates="me.schema"),
    answer("empty-object", "Me is an empty object.", body({}), violates="me.schema"),
    answer("other-user", "Me is somebody else.", put("id", 777001), violates="refresh.same-user", advises="me.same-user"),
    case("me-everywhere-other-user", STEP, "The API takes every user's token for somebody else's.", on("me", put("id", 777001), when=neither(service_account)), advises="me.same-user"),
    case("me-open", STEP, "Me needs no token.", behaviour=Behaviour(accept_bearer=frozenset({Flaw.MISSING}), accept_bearer_at=frozenset({"me"})), violates="me.without-token"),
    case("me-without-token-403", STEP, "Without a token, me answers 403.", on("me", status(403), ok=False, when=neither(with_token)), violates="me.without-token"),
    case("me-without-token-empty", STEP, "Without a token, me is an empty object.", on("me", status(200), body({}), ok=False, when=neither(with_token)), violates="me.without-token"),
    case("me-any-token", STEP, "Me takes any token.", behaviour=Behaviour(accept_bearer=frozenset({Flaw.UNKNOWN}), accept_bearer_at=frozenset({"me"})), violates="me.garbage-token"),
    case("me-garbage-token-403", STEP, "A garbage token is answered 403 by me.", on("me", status(403), ok=False, when=both(with_token, neither(with_company))), violates="me.garbage-token"),
)
