"""What was refused and is shown all the same, what one parameter opens and another one guards, and secrets that come back."""

from __future__ import annotations

from typing import Any

from standin.cases.bending import Edit, When, body, header, on, put, status
from standin.cases.case import Case, case
from standin.cases.faults.projects import STRANGERS
from standin.cases.which import (
    both,
    foreign_header,
    foreign_query,
    known_bearer,
    near_secret,
    neither,
    other_client,
    revoked_bearer,
    with_company,
    with_token,
)
from standin.http.messages import Answer, Request
from standin.model.behaviour import Behaviour
from standin.model.world import Modifier, World

COMPANIES, PROJECTS, ME, INFO, REVOKE = "7 companies", "7 projects", "7 me", "6 token info", "6 revoke"
JSON = header("Content-Type", "application/json; charset=utf-8")
COMPANY = {"id": 4265001, "name": "Example Builders", "is_active": True}
USER = {"id": 98100, "login": "user@example.com", "name": "Example User"}
TOKEN = {"resource_owner_id": 98100, "scopes": [], "expires_in_seconds": 5000, "application": {"uid": "app"}, "created_at": 1}
GARBAGE = both(with_token, neither(known_bearer))
STRANGER = {"id": 4265099, "name": "Somebody Else"}
QUERY_ALONE = both(with_company, foreign_query, neither(foreign_header))


def in_threes(request: Request, _world: World) -> bool:
    """The first page of three projects is asked for."""
    return (request.query.get("per_page"), request.query.get("page")) == ("3", "1")


def shown(name: str, step: str, sentence: str, endpoint: str, data: Any, when: When, *edits: Edit, violates: str = "", advises: str = "") -> Case:
    """A refusal of the right status carries what was asked for."""
    modifier = on(endpoint, JSON, body(data), *edits, status=401, when=when)
    return case(f"shown-{name}", step, sentence, modifier, violates=violates, advises=advises)


def repeated(when: When) -> Modifier:
    """Refusals of the token endpoint repeat the secret."""

    def modify(request: Request, answer: Answer, world: World) -> Answer:
        state = body(lambda old: {**old, "state": request.params["client_secret"]})
        return on("token", state, ok=False, when=when)(request, answer, world)

    return modify


FAULTS = (
    shown("companies", COMPANIES, "Without a token, 401 comes with the companies.", "companies", [COMPANY], neither(with_token), violates="companies.without-token"),
    shown("me", ME, "Without a token, 401 comes with the last user, as text.", "me", {"errors": [], "user": USER}, neither(with_token), header("Content-Type", "text/plain"), violates="me.without-token"),
    shown("projects-garbage", PROJECTS, "A garbage token is answered 401, with the projects.", "projects", {"data": [{"id": "316001", "name": "Tower"}]}, GARBAGE, violates="projects.garbage-token"),
    shown("info", INFO, "Token info refuses a wrong token with 401, and tells of another one.", "token-info", TOKEN, both(GARBAGE, neither(revoked_bearer)), violates="token-info.garbage-token token-info.near-token token-info.refresh-token token-info.code"),
    shown("after-revoke", REVOKE, "A revoked token is refused with 401, and the user is shown.", "me", USER, revoked_bearer, advises="revoke.effect"),
    case("projects-query-opens-foreign", PROJECTS, "The header opens our own company, and the query selects a foreign one.", on("projects", status(200), body(STRANGERS), ok=None, when=QUERY_ALONE), violates="projects.query-company projects.refusal-or-list"),
    case("secret-of-the-other-app", "6 exchange", "A refusal repeats the secret of the other app.", repeated(other_client), violates="secrets.not-echoed"),
    case("secret-nearly-right", "6 exchange", "A refusal repeats a secret that is nearly right.", repeated(near_secret), advises="secrets.wrong-not-echoed"),
    case("leak-behind-a-500", PROJECTS, "The list holds a project of another company, and the first page breaks.", on("projects", put("0.company", STRANGER), first=1), on("projects", status(500), body(b""), when=in_threes), violates="projects.company projects.page-answers"),
    case("leak-behind-a-limit", PROJECTS, "The list holds a project of another company, and soon the requests of the hour are used up.", on("projects", put("0.company", STRANGER)), behaviour=Behaviour(rate_limit=8), violates="projects.company"),
)
