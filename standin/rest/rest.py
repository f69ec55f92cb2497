"""The REST calls of step 7: me, companies, projects (``facts/procore-api.md`` 5 to 8)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from standin.http.messages import Answer, Request
from standin.http.numbers import whole
from standin.model.behaviour import Flaw
from standin.model.directory import Company, Project
from standin.model.frames import REVALIDATE, json_answer, session_cookie
from standin.model.world import Realm, Token, World
from standin.oauth.bearer import authenticate
from standin.oauth.oauth_errors import bearer_refusal
from standin.rest import rate_limit
from standin.rest.listing import ALL_AT_ONCE, listing_of, unknown_parameters
from standin.rest.pagination import paginate
from standin.rest.projects import alone, shown

_MISSING_HEADER = (
    "Missing Procore-Company-Id header!\n\n"
    "Each call to the Procore API must name the company it is meant for in the Procore-Company-Id request header.\n"
)

Resource = Callable[[World, Realm, Request, Token], Answer]


def protected(endpoint: str, resource: Resource) -> Callable[[World, Realm, Request], Answer]:
    """A resource behind a bearer token and the request budget."""

    def handle(world: World, realm: Realm, request: Request) -> Answer:
        token = authenticate(world, realm, request, endpoint)
        if isinstance(token, Flaw):
            answer = bearer_refusal(world.dialect, token).noting(f"invalid_token: {token.value}")
        elif not rate_limit.spend(world, realm):
            answer = rate_limit.exceeded(world, realm)
        else:
            try:
                answer = resource(world, realm, request, token)
            except Denied as denied:
                answer = denied.answer
        return _with(answer, rate_limit.headers(world, realm))

    return handle


class Denied(Exception):
    """The caller may not have it; the answer says why."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


def _with(answer: Answer, headers: tuple[tuple[str, str], ...]) -> Answer:
    for name, value in headers:
        answer = answer.with_header(name, value)
    return answer


def _denied(status: int, text: str, note: str = "") -> Denied:
    """Errors as an array of strings: the one shape that was seen live (section 5)."""
    return Denied(json_answer(status, {"errors": [text]}, ("Cache-Control", "no-cache")).noting(note or text))


def _company(world: World, realm: Realm, text: str, *, served: bool = False) -> Company:
    """The company that a header or query names, or 404: whoever may not see it is not told that it exists."""
    number = whole(text)
    company = None if number is None else realm.directory.company(number)
    if company is None or (company.foreign and not (served or world.behaviour.serve_foreign_company)):
        reason = "is somebody else's" if company else "does not exist in this environment"
        raise _denied(404, "Not Found", f"company {text[:40]} {reason}")
    return company


def _installed(world: World, realm: Realm, company: Company) -> bool:
    skipped = company == realm.directory.configured and not world.behaviour.app_installed
    return company.installed and not skipped


def _require_installed(world: World, realm: Realm, company: Company) -> None:
    """Token and companies work without step 4, projects do not (section 5, seen live)."""
    if not _installed(world, realm, company) and not world.behaviour.serve_uninstalled_company:
        raise _denied(403, "App is not connected to this company.", f"the app is not installed in company {company.id}")


def _header_missing() -> Denied:
    """404: the one refusal ever seen (2021); the text is the documented one, and its container is not known."""
    plain = ("Content-Type", "text/plain; charset=utf-8")
    answer = json_answer(404, _MISSING_HEADER.encode()).with_header(*plain)
    return Denied(answer.noting("no Procore-Company-Id header"))


def _service_account_company(world: World, realm: Realm, request: Request, token: Token) -> None:
    """What a service account names must have the app, and where that is enforced it must name one (section 6)."""
    named = request.header("Procore-Company-Id")
    if token.user or not (named or world.behaviour.service_account_needs_header):
        return
    if not named:
        raise _header_missing()
    _require_installed(world, realm, _company(world, realm, named))


def me(world: World, realm: Realm, request: Request, token: Token) -> Answer:
    """Who the token belongs to. The name is only filled where a company is named, else it is blank (section 6)."""
    _service_account_company(world, realm, request, token)
    user = realm.user_of(token)
    named = request.header("Procore-Company-Id") or request.query.get("company_id") or request.query.get("project_id")
    body = {"id": user.id, "login": user.login, "name": user.name if named else ""}
    return _noting(json_answer(200, body, REVALIDATE), _ignored(request, "company_id", "project_id"))


def _ignored(request: Request, *known: str) -> list[str]:
    names = unknown_parameters(request, {"access_token", "bearer_token", *known})
    return [f"ignored: {name}" for name in names]


def _noting(answer: Answer, ignored: Sequence[str]) -> Answer:
    """The answer, with what it passes over in the request, for the log."""
    return answer.noting("; ".join(ignored))


def companies(world: World, realm: Realm, request: Request, token: Token) -> Answer:
    """The user's companies, also those without the app; a service account sees those that have it (section 7)."""
    _service_account_company(world, realm, request, token)
    rules = world.behaviour
    only_installed = rules.hide_uninstalled_companies or not token.user
    listed = [
        company
        for company in realm.directory.companies
        if (not company.foreign or rules.list_foreign_company)
        and (rules.list_configured_company or company != realm.directory.configured)
        and (not only_installed or _installed(world, realm, company))
        and (not company.free or request.query.get("include_free_companies") == "true")
    ]
    page = paginate(listed, request, rules.paging)
    items = [_company_item(company) for company in page.items]
    answer = json_answer(200, items, REVALIDATE, *page.headers, session_cookie(world.mint))
    return _noting(answer, _ignored(request, "page", "per_page", "include_free_companies"))


def _company_item(company: Company) -> dict[str, Any]:
    return {
        "id": company.id,
        "name": company.name,
        "is_active": True,
        "logo_url": company.logo_url,
        "my_company": company.mine,
        "pcn_business_experience": company.pcn_business_experience,
    }


def projects(version: str) -> Resource:
    """The list of a company's active projects, in ``v1.0`` or ``v1.1``."""

    def handle(world: World, realm: Realm, request: Request, token: Token) -> Answer:
        company = _asked_company(world, realm, request, token)
        _require_installed(world, realm, company)
        rules = world.behaviour
        asked = listing_of(request, version, inactive=rules.list_inactive)
        listed: Sequence[Project] = asked.of(realm.directory, company)
        if world.behaviour.foreign_projects:
            listed = [*listed, *_strangers(world, realm)]
        page = paginate(listed, request, rules.paging, size=ALL_AT_ONCE if asked.view == "ids" else 0)
        items = [_shown(realm, project, version, asked.view) for project in page.items]
        answer = json_answer(200, items, REVALIDATE, *page.headers, session_cookie(world.mint))
        return _noting(answer, asked.ignored)

    return handle


def _shown(realm: Realm, project: Project, version: str, view: str) -> Any:
    return shown(project, realm.directory.company_of(project), version, view)


def _strangers(world: World, realm: Realm) -> tuple[Project, ...]:
    return realm.directory.projects_of(realm.directory.foreign)[: world.behaviour.foreign_projects]


def projects_of_company(world: World, realm: Realm, request: Request, token: Token) -> Answer:
    """The list of v1.0 under the path of a company (OAS; nobody wrote down an answer)."""
    company_id = request.path.split("/")[4]
    # The pairs stay as they came: links lead along the path and need no company_id.
    return projects("v1.0")(world, realm, replace(request, query={**request.query, "company_id": company_id}), token)


def project(world: World, realm: Realm, request: Request, token: Token) -> Answer:
    """One project by its id, of the company that header or query names (OAS); that of another company is not found."""
    company = _asked_company(world, realm, request, token, header_serves=True)
    _require_installed(world, realm, company)
    text = request.path.split("/")[4].removesuffix(".json")
    number = whole(text)
    found = realm.directory.project_of(company, number)
    if found is None:
        raise _denied(404, "Not Found", f"company {company.id} has no project {text[:40]}")
    view = request.query.get("view", "")
    ignored = _ignored(request, "company_id", "view")
    if view not in {"", "minimal"}:
        ignored.append(f"ignored: view={view[:40]} is not minimal")
    answer = json_answer(200, alone(found, company, view), REVALIDATE, session_cookie(world.mint))
    return _noting(answer, ignored)


def _asked_company(
    world: World, realm: Realm, request: Request, token: Token, *, header_serves: bool = False
) -> Company:
    """The one company that header and query agree on. The OAS requires both; without the header, the query decides.

    ``header_serves`` is whether the header is enough.
    """
    rules = world.behaviour
    header, query = request.header("Procore-Company-Id"), request.query.get("company_id")
    if not header and rules.require_company_header:
        raise _header_missing()
    if not query and not header:
        raise _denied(400, "company_id is missing")
    if header and query and header != query:
        return _disputed_company(world, realm, header, query)
    if not query and rules.require_company_query and not header_serves:
        raise _denied(400, "company_id is missing")
    served = rules.service_account_sees_everything and not token.user
    return _company(world, realm, header or query or "", served=served)


def _disputed_company(world: World, realm: Realm, header: str, query: str) -> Company:
    """Header and query name different companies. Neither may be seen by accident: look at both first."""
    rules = world.behaviour
    if rules.refuse_company_mismatch:
        _company(world, realm, header)
        _company(world, realm, query)
        raise _denied(400, "Procore-Company-Id and company_id name different companies")
    return _company(world, realm, header if rules.company_from == "header" else query)
