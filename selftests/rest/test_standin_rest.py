"""The REST calls of the stand-in (facts/procore-api.md 5 to 8)."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from selftests.support.desk import Desk, desk
from standin.http.messages import Request
from standin.model.behaviour import Paging
from standin.model.directory import with_companies, with_large_ids, with_projects
from standin.model.world import World
from standin.server.procore import answer_for

COMPANIES = "/rest/v1.0/companies"
RESOURCES = ["/rest/v1.0/me", "/rest/v1.0/companies", "/rest/v1.1/projects", "/rest/v1.0/projects"]


@pytest.mark.parametrize("path", RESOURCES)
@pytest.mark.parametrize("token", [None, "garbage", ""])
def test_without_a_good_token_the_body_is_empty_and_the_header_tells_why(path: str, token: str | None) -> None:
    answer = desk().get(path, token)
    assert (answer.status, answer.body, answer.header("Content-Type")) == (401, b"", "text/html")
    assert (answer.header("WWW-Authenticate") or "").startswith('Bearer realm="Doorkeeper", error="invalid_token"')


@pytest.mark.parametrize("scheme", ["Bearer ", "bearer ", "BEARER "])
def test_the_schemes_case_does_not_matter(scheme: str) -> None:
    procore = desk()
    headers = {"Authorization": scheme + procore.access()}
    assert answer_for(procore.world, Request.to("GET", "https://sandbox.procore.com/rest/v1.0/me", headers=headers)).ok


@pytest.mark.parametrize("scheme", ["Bearer  ", "Token ", "", "Basic "])
def test_anything_but_bearer_and_one_space_is_refused(scheme: str) -> None:
    procore = desk()
    headers = {"Authorization": scheme + procore.access()}
    answer = answer_for(procore.world, Request.to("GET", "https://sandbox.procore.com/rest/v1.0/me", headers=headers))
    assert answer.status == 401


@pytest.mark.parametrize("path", RESOURCES)
def test_post_finds_nothing(path: str) -> None:
    assert answer_for(desk().world, Request.to("POST", f"https://sandbox.procore.com{path}")).status == 404


def test_me_has_three_keys_and_a_name_only_with_a_company() -> None:
    procore = desk()
    token = procore.access()
    assert list(procore.get("/rest/v1.0/me", token).body) == ["id", "login", "name"]
    assert procore.get("/rest/v1.0/me", token).body["name"] == ""
    assert procore.get("/rest/v1.0/me", token, procore.company).body["name"]


@pytest.mark.parametrize("path", ["/rest/v1.0/me", "/rest/v1.0/companies"])
@pytest.mark.parametrize(("needed", "without"), [(False, 200), (True, 404)])
def test_a_service_account_names_an_installed_company_or_none(path: str, needed: bool, without: int) -> None:
    procore = desk(service_account_needs_header=needed)
    token = procore.own_token().body["access_token"]
    third = procore.realm.directory.companies[2].id
    statuses = [procore.get(path, token, company).status for company in (None, procore.company, third, 1)]
    assert statuses == [without, 200, 403, 404]


def test_a_service_account_without_the_header_sees_the_companies_that_have_the_app() -> None:
    procore = desk()
    listed = procore.get(COMPANIES, procore.own_token().body["access_token"]).body
    assert [one["id"] for one in listed] == [one.id for one in procore.realm.directory.companies[:2]]


def test_a_service_account_is_somebody_else() -> None:
    procore = desk()
    token = procore.own_token().body["access_token"]
    assert procore.get("/rest/v1.0/me", token, procore.company).body["id"] == procore.realm.directory.service_account.id


def test_companies_lists_the_three_of_the_user_and_not_the_fourth() -> None:
    procore = desk()
    ids = [company["id"] for company in procore.get("/rest/v1.0/companies", procore.access()).body]
    assert len(ids) == 3
    assert procore.company in ids
    assert procore.realm.directory.foreign.id not in ids


def test_projects_are_active_and_of_the_company_asked_for() -> None:
    procore = desk()
    projects = procore.projects().body
    assert len(projects) == 5
    assert {project["company"]["id"] for project in projects} == {procore.company}
    assert all(project["active"] for project in projects)


@pytest.mark.parametrize(("version", "keys"), [("v1.1", 49), ("v1.0", 46)])
def test_a_project_has_the_keys_that_were_seen(version: str, keys: int) -> None:
    procore = desk()
    path = f"/rest/{version}/projects?company_id={procore.company}"
    assert len(procore.get(path, procore.access(), procore.company).body[0]) == keys


def test_some_ids_pass_32_bits() -> None:
    projects = desk().projects().body
    assert any(project["id"] > 2**31 for project in projects)
    assert any("custom_field_562949953" in key for project in projects for key in project["custom_fields"])


def test_money_is_a_string_and_unset_fields_are_null_or_empty() -> None:
    first, second, *_ = desk().projects().body
    assert first["total_value"] == "1250000.0"
    assert (second["total_value"], second["phone"]) == (None, "")


def _status(procore: Desk, header: int | None, query: int | None) -> int:
    asked = "" if query is None else f"?company_id={query}"
    return procore.get(f"/rest/v1.1/projects{asked}", procore.access(), header).status


def test_each_way_to_name_a_company_has_its_answer() -> None:
    procore = desk()
    ours, (_, second, third, foreign) = procore.company, (c.id for c in procore.realm.directory.companies)
    assert _status(procore, ours, ours) == 200
    assert _status(procore, second, second) == 200
    assert _status(procore, third, third) == 403
    assert _status(procore, foreign, foreign) == 404
    assert _status(procore, None, ours) == 200
    assert _status(procore, None, second) == 200
    assert _status(procore, None, third) == 403
    assert _status(procore, None, foreign) == 404
    assert _status(procore, None, None) == 400
    assert _status(procore.bend(require_company_header=True), None, ours) == 404
    assert _status(procore, ours, None) == 400
    assert _status(procore, ours, second) == 400
    assert _status(procore, ours, foreign) == 404


def test_the_app_that_is_not_installed_is_told_so() -> None:
    procore = desk(app_installed=False)
    assert procore.get("/rest/v1.0/companies", procore.access()).ok
    assert procore.projects().body == {"errors": ["App is not connected to this company."]}


def test_the_missing_header_is_named() -> None:
    procore = desk(require_company_header=True)
    answer = procore.get(f"/rest/v1.1/projects?company_id={procore.company}", procore.access())
    assert answer.body.startswith(b"Missing Procore-Company-Id header!")


@pytest.mark.parametrize(
    ("view", "shown"), [("ids", 316000), ("compact", {"id": 316000, "name": "Sandbox Test Project"})]
)
def test_views_show_less(view: str, shown: object) -> None:
    assert desk().projects(query=f"&view={view}").body[0] == shown


def _pages(procore: Desk, size: int) -> list[list[int]]:
    """Follow the links to the end."""
    token, pages, path = procore.access(), [], f"/rest/v1.1/projects?company_id={procore.company}&per_page={size}"
    for _ in range(20):
        answer = procore.get(path, token, procore.company)
        pages.append([project["id"] for project in answer.body])
        following = re.search(r'<https://sandbox\.procore\.com([^>]+)>; rel="next"', answer.header("Link") or "")
        if not following:
            break
        path = following[1]
    return pages


def test_links_lead_where_the_client_came_from() -> None:
    """A client that was told a base URL must not be led to Procore's own hosts."""
    procore = desk()
    headers = {"Authorization": f"Bearer {procore.access()}"}
    asked = Request.to("GET", f"https://sandbox.procore.com{COMPANIES}?per_page=1", headers=headers)
    answer = answer_for(procore.world, replace(asked, origin="http://127.0.0.1:8080"))
    links = re.findall("<([^?]*)", answer.header("Link") or "")
    assert {*links} == {f"http://127.0.0.1:8080{COMPANIES}"}


def test_pages_hold_every_project_once() -> None:
    pages = _pages(desk(), 2)
    assert [len(page) for page in pages] == [2, 2, 1]
    assert len({project for page in pages for project in page}) == 5


def test_a_page_says_how_many_there_are() -> None:
    answer = desk().projects(query="&per_page=2&page=2")
    assert (answer.header("Total"), answer.header("Per-Page")) == ("5", "2")
    links = answer.header("Link") or ""
    assert [f'rel="{name}"' in links for name in ("next", "last", "first", "prev")] == [True] * 4


def test_a_page_after_the_last_is_empty() -> None:
    answer = desk().projects(query="&per_page=2&page=9")
    assert (answer.body, 'rel="next"' in (answer.header("Link") or "")) == ([], False)


@pytest.mark.parametrize(("asked", "size"), [("", "100"), ("&per_page=900", "300"), ("&per_page=0", "100")])
def test_a_page_has_a_default_and_a_greatest_size(asked: str, size: str) -> None:
    assert desk().projects(query=asked).header("Per-Page") == size


@pytest.mark.parametrize(
    ("paging", "pages"),
    [
        (Paging(repeated=1), [[0, 1], [1, 2, 3], [3, 4]]),
        (Paging(lost=1), [[0, 1], [3], []]),
        (Paging(next_missing=True), [[0, 1]]),
        (Paging(honour_per_page=False), [[0, 1, 2, 3, 4]]),
        (Paging(next_loops=True), [[0, 1]] * 20),
        (Paging(honour_page=False), [[0, 1]] * 3),
    ],
)
def test_paging_can_be_bent(paging: Paging, pages: list[list[int]]) -> None:
    procore = desk()
    order = [project["id"] for project in procore.projects().body]
    procore.bend(paging=paging)
    assert _pages(procore, 2) == [[order[n] for n in page] for page in pages]


def test_the_request_budget_is_counted_and_ends() -> None:
    procore = desk(rate_limit=2, rate_window=60)
    token = procore.access()
    answers = [procore.get("/rest/v1.0/me", token) for _ in range(3)]
    assert [answer.status for answer in answers] == [200, 200, 429]
    assert [answer.header("X-Rate-Limit-Remaining") for answer in answers] == ["1", "0", "0"]
    assert answers[2].header("Retry-After") == "60"
    procore.world.clock.move(60)
    assert procore.get("/rest/v1.0/me", token).ok


def test_every_answer_has_the_servers_date_and_an_id() -> None:
    procore = desk()
    answer = procore.get("/nothing")
    assert (answer.status, answer.header("Date")) == (404, "Tue, 14 Nov 2023 22:13:20 GMT")
    assert answer.header("X-Request-Id")


@pytest.mark.parametrize("count", [0, 750])
def test_a_company_can_have_any_number_of_projects(count: int) -> None:
    procore = Desk(World(populate=lambda known: with_projects(known, count)))
    assert procore.projects().header("Total") == str(count)


def test_a_user_can_have_any_number_of_companies() -> None:
    procore = Desk(World(populate=lambda known: with_companies(known, 250)))
    assert procore.get("/rest/v1.0/companies", procore.access()).header("Total") == "250"


def test_all_ids_can_be_large() -> None:
    procore = Desk(World(populate=with_large_ids))
    assert procore.company > 2**32
    assert procore.projects().body[0]["id"] > 2**32


def test_the_same_seed_gives_the_same_secrets() -> None:
    first, second, other = (Desk(World(seed=seed)).exchange().body["refresh_token"] for seed in (1, 1, 2))
    assert first == second != other


def test_a_body_is_fresh_each_time() -> None:
    procore = desk()
    procore.projects().body[0]["name"] = "bent"
    assert procore.projects().body[0]["name"] != "bent"


def test_the_projects_of_a_company_are_listed_under_its_path_too() -> None:
    procore = desk()
    answer = procore.get(f"/rest/v1.0/companies/{procore.company}/projects", procore.access(), procore.company)
    assert [one["id"] for one in answer.body] == [one["id"] for one in procore.projects().body]
    assert procore.get("/rest/v1.0/companies/1/2/projects", procore.access(), procore.company).status == 404


def test_a_trial_company_must_be_asked_for() -> None:
    procore = desk()
    known = procore.realm.directory
    trial = tuple(replace(one, free=one.mine) for one in known.companies)
    procore.realm.directory = replace(known, companies=trial)
    paths = (COMPANIES, f"{COMPANIES}?include_free_companies=true", f"{COMPANIES}?include_free_companies=false")
    assert [len(procore.get(path, procore.access()).body) for path in paths] == [2, 3, 2]
