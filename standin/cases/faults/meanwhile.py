"""What changes while somebody is at work: tokens that end, an app that is removed, an answer that comes only later."""

from __future__ import annotations

from standin.cases.bending import Edit, When, body, header, on, put, status
from standin.cases.case import Case, case
from standin.cases.faults.leaks import QUERY_ALONE
from standin.cases.which import (
    asked_before,
    both,
    known_bearer,
    neither,
    refreshed,
    right_after,
    service_account,
    with_token,
)
from standin.http.messages import Answer, Request
from standin.model.world import Modifier, World

EXCHANGE, INFO, PROJECTS = "6 exchange", "6 token info", "7 projects"
DEAD = (status(401), body(b""), header("WWW-Authenticate", 'Bearer realm="Doorkeeper", error="invalid_token"'))
NOT_CONNECTED = (status(403), body({"errors": ["App is not connected to this company."]}))
OURS = both(known_bearer, neither(service_account, refreshed))  # the token that the code bought


def after(calls: int, when: When) -> When:
    """So many such requests were sent before this one."""
    return lambda request, world: when(request, world) and sum(when(one, world) for one in world.requests) > calls


def _by_a_user(request: Request, world: World) -> bool:
    return request.path.startswith("/rest/") and known_bearer(request, world) and not service_account(request, world)


def _of_the_api(request: Request, world: World) -> bool:
    return request.path.startswith("/rest/") and OURS(request, world)


def _lost(*edits: Edit) -> Modifier:
    """After four calls projects are refused, wherever they are asked for."""

    def modify(request: Request, answer: Answer, world: World) -> Answer:
        asks = answer.endpoint.startswith("project") and with_token(request, world)
        gone = asks and after(4, _of_the_api)(request, world)
        return on(answer.endpoint, *edits, ok=None)(request, answer, world) if gone else answer

    return modify


def _revoked_elsewhere(request: Request, answer: Answer, world: World) -> Answer:
    """After seven calls somebody else revokes the token; paths that do not exist look at no token, now as before."""
    if after(6, _of_the_api)(request, world):
        realm = world.realms["sandbox"]
        for token in [one for one in realm.tokens.values() if one.user and one.previous is None]:
            realm.revoke(token.id, refresh=False)
    return answer


def info_again(name: str, sentence: str, *edits: Edit) -> Case:
    """Token info is asked a second time for the same token."""
    return case(f"meanwhile-info-{name}", INFO, sentence, on("token-info", *edits, when=both(OURS, asked_before)), advises="token-info.stable")


FAULTS = (
    case("meanwhile-token-ends", EXCHANGE, "A token works for seven calls.", on("", *DEAD, ok=None, when=after(7, _of_the_api)), violates="projects.header-case projects.page-answers", advises="me.name-with-company project.schema projects-v1.0.status projects.steady"),
    case("meanwhile-token-revoked", EXCHANGE, "After seven calls somebody else revokes the token.", _revoked_elsewhere, violates="projects.header-case projects.page-answers", advises="me.name-with-company project.schema projects-v1.0.status projects.steady token-info.stable"),
    case("meanwhile-app-removed", PROJECTS, "After four calls the app is not connected any more.", _lost(*NOT_CONNECTED), violates="projects.header-case projects.page-answers", advises="project.schema projects-v1.0.status projects.steady"),
    case("meanwhile-access-403", PROJECTS, "After four calls the user may not see the projects any more.", _lost(status(403), body({"errors": ["You do not have permission."]})), violates="projects.header-case projects.page-answers", advises="project.schema projects-v1.0.status projects.steady"),
    case("meanwhile-access-404", PROJECTS, "After four calls the company is not shown any more.", _lost(status(404), body({"errors": ["Not Found"]})), violates="projects.header-case projects.page-answers", advises="project.schema projects-v1.0.status projects.steady"),
    case("meanwhile-app-connected", PROJECTS, "The app is called not connected the first time alone.", on("projects", *NOT_CONNECTED, first=1), violates="projects.status"),
    case("meanwhile-projects-found", PROJECTS, "Projects are not found the first time alone.", on("projects", status(404), body({"errors": ["Not Found"]}), first=1), violates="projects.status"),
    case("meanwhile-me-is-another", "7 me", "Asked once more, me is another user: an answer to somebody else came in between.", on("me", put("id", 98155), when=both(service_account, right_after("/oauth/revoke"))), violates="me.one-user"),
    case("user-refused", "7 companies", "All that the user asks of the API is refused, as where terms are to be accepted first.", on("", status(403), body({"errors": ["Forbidden"]}), ok=None, when=_by_a_user), violates="companies.status me.status projects.status"),
    info_again("401", "Token info does not know a token any more that it knew.", *DEAD),
    info_again("500", "Token info breaks when it is asked again.", status(500), body(b"")),
    info_again("null", "Token info says nothing when it is asked again.", body(b"null")),
    case("meanwhile-query-500", PROJECTS, "The header names our own company, and a company_id of somebody else breaks the list.", on("projects", status(500), body(b""), ok=None, when=QUERY_ALONE), advises="projects.mismatch-answered"),
)
