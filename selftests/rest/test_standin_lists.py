"""Filters, sort, views, links, HEAD, and one project by its id (OpenAPI; facts/sightings.md)."""

# ruff: noqa: E501 - the tables have one case a line
from __future__ import annotations

from dataclasses import replace

import pytest

from selftests.support.desk import Desk, desk
from standin.http.messages import Answer, Request
from standin.http.wire import render
from standin.model.hosts import SANDBOX
from standin.server.procore import answer_for

FIRST = 316000
NAMES = [
    "Sandbox Test Project",
    "Bücherei am Fluss & Erweiterung",
    "Harbor `Pier 7`",
    "Clinic <North Wing>",
    "School No. 4",
]
CLOSED = "Closed Depot"


def listed(query: str, path: str = "/rest/v1.1/projects") -> Answer:
    procore = desk()
    return procore.get(f"{path}?company_id={procore.company}{query}", procore.access(), procore.company)


def names(answer: Answer) -> list[str]:
    return [one["name"] for one in answer.body]


@pytest.mark.parametrize(
    "path", ["/rest/v1.1/projects", "/rest/v1.0/projects", "/rest/v1.0/companies/4265001/projects"]
)
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", NAMES),
        ("&filters[by_status]=Active", NAMES),
        ("&filters[by_status]=Inactive", [CLOSED]),
        ("&filters[by_status]=All", [*NAMES, CLOSED]),
        ("&filters[by_status]=all", [*NAMES, CLOSED]),
        ("&filters%5Bby_status%5D=All", [*NAMES, CLOSED]),
        (f"&filters[id]={FIRST}", NAMES[:1]),
        (f"&filters[id][]={FIRST}&filters[id][]={FIRST + 1}", NAMES[:2]),
        (f"&filters[id]={FIRST},{FIRST + 1}", NAMES[:2]),
        (f"&filters[id]=[{FIRST}, {FIRST + 1}]", NAMES[:2]),
        (f"&filters[id]={'9' * 5000}", []),
        (f"&filters[id]={FIRST + 5}", []),
        (f"&filters[id]={FIRST + 5}&filters[by_status]=All", [CLOSED]),
        ("&filters[name]=pier", [NAMES[2]]),
        ("&filters[name]=o&filters[is_demo]=true", [NAMES[3]]),
        ("&filters[project_number]=24-017", [NAMES[1]]),
        ("&filters[origin_id]=ERP-1234", NAMES[:1]),
        ("&filters[created_at]=2024-01-01...2024-01-02", NAMES),
        ('&filters[created_at]="2024-01-02T03:04:05Z...2024-01-02T03:04:05Z"', NAMES),
        ("&filters[updated_at]=2025-03-05...2025-12-31", []),
        ("&sort=name", sorted(NAMES)),
        ("&sort=-name", sorted(NAMES, reverse=True)),
        ("&sort=display_name", [NAMES[0], NAMES[1], NAMES[3], NAMES[4], NAMES[2]]),
        ("&sort=-display_name,name", [NAMES[2], NAMES[4], NAMES[3], NAMES[1], NAMES[0]]),
    ],
)  # fmt: skip
def test_a_list_is_filtered_and_sorted(path: str, query: str, expected: list[str]) -> None:
    answer = listed(query, path)
    assert (names(answer), answer.header("Total"), answer.note) == (expected, str(len(expected)), "")


@pytest.mark.parametrize(
    ("query", "note"),
    [
        ("&filters[by_colour]=red", "ignored: unknown filter by_colour"),
        ("&filters[by_region]=1", "ignored: filters[by_region] is documented, and the stand-in has no data for it"),
        ("&filters[by_status]=Open", "ignored: filters[by_status] does not take 'Open'"),
        ("&filters[id]=abc", "ignored: filters[id] does not take 'abc'"),
        ("&filters[created_at]=2024-01-01", "ignored: filters[created_at] does not take '2024-01-01'"),
        ("&sort=colour", "ignored: sort=colour is none of name, display_name"),
        ("&view=huge", "ignored: view=huge is none of ids, compact, normal, extended"),
        ("&serializer_view=compact", "ignored: unknown parameter serializer_view"),
        ("&perpage=2&Page=2", "ignored: unknown parameter perpage; ignored: unknown parameter Page"),
    ],
)
def test_what_is_ignored_is_said_in_the_log_and_changes_nothing(query: str, note: str) -> None:
    answer = listed(query)
    assert (answer.status, answer.note, names(answer)) == (200, note, NAMES)


@pytest.mark.parametrize("path", ["/rest/v1.0/companies", "/rest/v1.0/me"])
def test_unknown_parameters_of_other_calls_are_said_too(path: str) -> None:
    procore = desk()
    answer = procore.get(f"{path}?filters[x]=1&colour=red", procore.access())
    assert answer.ok
    assert "ignored: unknown parameter colour" in answer.note


def test_the_view_ids_is_one_page_of_numbers() -> None:
    answer = listed("&view=ids&per_page=2")
    assert (answer.body[0], len(answer.body), answer.header("Per-Page")) == (FIRST, 5, "200000")
    assert answer.header("Link") is None


def test_the_views_differ_in_their_keys() -> None:
    normal, compact, extended = (set(listed(f"&view={view}").body[0]) for view in ("normal", "compact", "extended"))
    assert compact == {"id", "name"}
    assert normal < extended
    assert {"tz_name", "logo_url", "departments", "program", "office", "flag"} <= extended - normal


def test_a_project_of_v1_1_has_the_keys_of_the_newest_sighting() -> None:
    keys = set(listed("").body[0])
    assert "parent_job_id" in keys
    assert "project_template" not in keys


def test_a_link_keeps_each_parameter_in_its_place_and_number() -> None:
    answer = listed(f"&filters[id][]={FIRST}&per_page=1&filters[id][]={FIRST + 1}&page=1&view=compact&page=1")
    link = answer.header("Link") or ""
    ids = [f"filters%5Bid%5D%5B%5D={number}" for number in (FIRST, FIRST + 1)]
    assert f"company_id=4265001&{ids[0]}&per_page=1&{ids[1]}&page=2&view=compact>" in link
    assert link.count("page=2&") == 2  # next and last


def test_a_link_under_a_companys_path_says_no_more_than_was_asked() -> None:
    procore = desk()
    path = f"/rest/v1.0/companies/{procore.company}/projects"
    link = procore.get(f"{path}?per_page=2", procore.access()).header("Link") or ""
    assert f"<https://sandbox.procore.com{path}?per_page=2&page=2>" in link


def test_links_and_redirects_begin_with_the_address_that_was_asked() -> None:
    procore = desk()
    asked = Request.to(
        "GET",
        "https://sandbox.procore.com/rest/v1.0/companies?per_page=1",
        headers={"Authorization": f"Bearer {procore.access()}"},
    )
    answer = answer_for(procore.world, replace(asked, origin="http://127.0.0.1:8080"))
    assert (answer.header("Link") or "").startswith("<http://127.0.0.1:8080/rest/v1.0/companies?per_page=1&page=2>")
    login = replace(Request.to("GET", f"https://{SANDBOX.login_host}/oauth/authorize"), origin="http://127.0.0.1:8080")
    assert answer_for(procore.world, login).header("Location") == "http://127.0.0.1:8080/login"
    application = procore.bend(logged_in=True).application
    query = {"response_type": "code", "client_id": application.uid, "redirect_uri": application.redirect_uri}
    shown = answer_for(procore.world, login.asking(query)).header("Location") or ""
    assert shown.startswith("http://127.0.0.1:8080/oauth/authorize/")


HEADED = ["/rest/v1.0/me", "/rest/v1.0/companies", "/rest/v1.1/projects?company_id=4265001", f"/rest/v1.0/projects/{FIRST}?company_id=4265001", "/rest/v1.0/companies/4265001/projects", "/rest/v1.1/projects", "/oauth/token/info"]  # fmt: skip


@pytest.mark.parametrize("path", HEADED)
def test_head_is_get_without_the_body(path: str) -> None:
    procore = desk()
    headers = {"Authorization": f"Bearer {procore.access()}"}
    host = SANDBOX.login_host if path.startswith("/oauth") else SANDBOX.api_hosts[0]
    sent = {}
    for method in ("GET", "HEAD"):
        answer = answer_for(procore.world, Request.to(method, f"https://{host}{path}", headers=headers))
        rendered = render(answer, method)
        lines = [line for line in rendered.head.split(b"\r\n") if not line.startswith((b"X-R", b"Set-Cookie"))]
        sent[method] = (lines, rendered.body)
    assert sent["HEAD"] == (sent["GET"][0], b"")
    length = f"Content-Length: {len(sent['GET'][1])}".encode()
    assert length in sent["HEAD"][0]


@pytest.mark.parametrize("path", ["/oauth/token", "/oauth/revoke", "/nothing"])
def test_where_there_is_no_get_there_is_no_head(path: str) -> None:
    assert desk().login("HEAD", path).status == 404


def project(procore: Desk, number: object, query: str = "", header: int | None = None) -> Answer:
    return procore.get(f"/rest/v1.0/projects/{number}{query}", procore.access(), header)


def test_a_project_is_shown_by_its_id_where_header_or_query_names_its_company() -> None:
    procore = desk()
    ours = procore.company
    for query, header in ((f"?company_id={ours}", None), ("", ours), (f"?company_id={ours}", ours)):
        body = project(procore, FIRST, query, header).body
        assert (body["id"], body["company"]["id"], body["from_project_template_id"]) == (FIRST, ours, 562949953421389)
    assert project(procore, FIRST + 5, "", ours).body["active"] is False
    assert not {"stage", "fax", "erp_integrated", "project_template"} & set(body)


def test_the_minimal_view_of_a_project_is_smaller() -> None:
    procore = desk()
    assert len(project(procore, FIRST, "?view=minimal", procore.company).body) == 8
    answer = project(procore, FIRST, "?view=huge&colour=red", procore.company)
    assert answer.note == "ignored: unknown parameter colour; ignored: view=huge is not minimal"


def test_each_refusal_of_a_project_has_its_status() -> None:
    procore = desk()
    ours, (_, second, third, foreign) = procore.company, (c.id for c in procore.realm.directory.companies)
    assert project(procore, FIRST).status == 400
    assert project(procore, FIRST, "", second).status == 404
    assert project(procore, FIRST + 10, "", ours).status == 404
    assert project(procore, FIRST + 20, "", third).status == 403
    assert project(procore, FIRST + 30, "", foreign).status == 404
    assert project(procore, FIRST, f"?company_id={second}", ours).status == 400
    assert [project(procore, text, "", ours).status for text in ("9" * 5000, "abc", "٣", "-1", "0")] == [404] * 5
    assert project(procore.bend(require_company_header=True), FIRST, f"?company_id={ours}").status == 404
    assert procore.get(f"/rest/v1.0/projects/{FIRST}").status == 401
