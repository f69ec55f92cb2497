"""Legal peculiarities of companies, projects and me (``facts/procore-api.md`` 5 to 8)."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

from standin.cases.bending import Edit, When, body, drop, header, on, put, status, wire
from standin.cases.case import Case, case
from standin.cases.which import (
    both,
    foreign_header,
    foreign_query,
    neither,
    service_account,
    unknown_path,
    with_company,
    with_query,
    with_token,
    without_query,
    wrong_query,
)
from standin.http.messages import Answer, Request, Wire
from standin.model.behaviour import Behaviour, Paging
from standin.model.directory import Company, Directory, with_companies, with_large_ids, with_projects
from standin.model.world import World
from standin.server.procore import answer_for

COMPANIES, PROJECTS, ME = "7 companies", "7 projects", "7 me"
NULLABLE = (
    "accounting_project_number", "actual_start_date", "address", "city", "code", "completion_date", "created_by", "delivery_method",
    "designated_market_area", "estimated_value", "fax", "latitude", "longitude", "origin_code", "origin_data", "origin_id",
    "owners_project_id", "phone", "photo_id", "project_bid_type_id", "project_number", "project_owner_type_id", "project_region_id",
    "project_stage", "project_type", "projected_finish_date", "sector", "square_feet", "start_date", "store_number", "time_zone",
    "total_value", "work_scope", "zip",
)  # fmt: skip
REQUIRED = {"id", "name", "display_name", "active", "company", "created_at", "updated_at"}
FOREIGN, MISMATCH, HEADERLESS = both(foreign_header, foreign_query), both(foreign_header, neither(foreign_query)), both(with_token, neither(with_company))
QUERYLESS = both(with_token, with_company, without_query)
JSON = header("Content-Type", "application/json; charset=utf-8")
LISTS = ("projects", "projects-v1.0")


def project(name: str, sentence: str, *edits: Edit, advises: str = "") -> Case:
    """Projects of both versions look different."""
    return case(f"project-{name}", PROJECTS, sentence, *(on(each, *edits) for each in LISTS), advises=advises)


def company(name: str, sentence: str, *edits: Edit, advises: str = "") -> Case:
    """Companies look different."""
    return case(f"company-{name}", COMPANIES, sentence, on("companies", *edits), advises=advises)


def me(name: str, sentence: str, *edits: Edit, advises: str = "") -> Case:
    """Users look different."""
    return case(f"me-{name}", ME, sentence, on("me", *edits), advises=advises)


def paging(name: str, sentence: str, advises: str = "projects.pagination-told", **rules: Any) -> Case:
    """Lists are paged differently."""
    return case(f"paging-{name}", PROJECTS, sentence, behaviour=Behaviour(paging=Paging(**rules)), advises=advises)


def refused(name: str, sentence: str, when: When, *edits: Edit, advises: str = "") -> Case:
    """A refusal looks different. That of a missing header is tomorrow's: the documents announce it."""
    rules = Behaviour(require_company_header=when is HEADERLESS)
    return case(f"refused-{name}", PROJECTS, sentence, on("projects", *edits, ok=False, when=when), behaviour=rules, advises=advises)


def unknown(name: str, sentence: str, *edits: Edit, advises: bool = False) -> Case:
    """A path that does not exist is answered differently."""
    modifier = on("", *edits, ok=None, when=unknown_path)
    return case(f"unknown-path-{name}", PROJECTS, sentence, modifier, advises="projects.unknown-path" if advises else "")


def _wrong_query_ignored(request: Request, answer: Answer, world: World) -> Answer:
    if not wrong_query(request, world):
        return answer
    right = {**request.query, "company_id": request.header("Procore-Company-Id") or ""}
    return answer_for(world, request.asking(right))


def _one_free(known: Directory) -> Directory:
    return replace(known, companies=(*known.companies, Company(4265077, "Trial Company", free=True)))


def _ours_free(known: Directory) -> Directory:
    return replace(known, companies=tuple(replace(one, free=one == known.configured) for one in known.companies))


def _sized(companies: int, projects: int) -> Case:
    def populate(known: Directory) -> Directory:
        return with_projects(with_companies(known, companies), projects)

    sentence = f"The user has {companies} companies, the first with {projects} projects."
    return case(f"sizes-{companies}-{projects}", PROJECTS, sentence, populate=populate, advises="" if projects else "projects.some")


def _free(known: Directory) -> Directory:
    return replace(known, companies=tuple(replace(one, free=not one.foreign) for one in with_companies(known, 1).companies))


def _large_paged(name: str, **rules: Any) -> Case:
    return case(
        f"sizes-250-750-{name}", PROJECTS, f"250 companies and 750 projects, {name.replace('-', ' ')}.",
        populate=lambda known: with_projects(with_companies(known, 250), 750), behaviour=Behaviour(paging=Paging(**rules)), advises="projects.pagination-told",
    )


def all_at_once(request: Request, answer: Answer, world: World) -> Answer:
    """Companies are not paged: the whole list comes, and no header speaks of pages."""
    if answer.endpoint != "companies" or not answer.ok:
        return answer
    if "page" in request.query:
        return answer_for(world, request.asking({}))
    for name in ("Link", "Total", "Per-Page"):
        answer = answer.without_header(name)
    return answer


def _stamp(offset: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + offset))


_SIZES = (
    *(_sized(*sizes) for sizes in ((1, 1), (1, 0), (2, 2), (3, 4), (4, 3), (2, 7), (3, 100), (3, 101), (100, 3), (250, 250), (250, 750))),
    _large_paged("no-pagination-headers", link=False, total=False, per_page=False),
    _large_paged("no-link", link=False),
    _large_paged("no-total", total=False),
    _large_paged("no-per-page", per_page=False),
    case("sizes-no-company", COMPANIES, "The list of companies is empty: a trial company is left out.", on("companies", body([]), header("Total", "0"), header("Link", None)), advises="companies.some"),
    case("sizes-free-company", COMPANIES, "The user's only company is a trial one, which is left out.", populate=_free, advises="companies.some"),
    case("ids-large", PROJECTS, "All ids are beyond 32 bits.", populate=with_large_ids),
    case("ids-huge", PROJECTS, "All ids are beyond 53 bits.", populate=lambda known: with_large_ids(known, 2**62)),
    case("companies-only-installed", COMPANIES, "Only companies with the app are listed.", behaviour=Behaviour(hide_uninstalled_companies=True)),
)
_PAGING = (
    paging("none", "Lists have no pagination headers.", link=False, total=False, per_page=False),
    paging("no-link", "Lists have no Link.", link=False),
    paging("no-total", "Lists have no Total.", total=False),
    paging("no-per-page", "Lists have no Per-Page.", per_page=False),
    paging("only-total", "Lists have a Total alone.", link=False, per_page=False),
    paging("default-20", "A page has 20 items unless one asks.", advises="", default_size=20),
    case("paging-companies-not-at-all", COMPANIES, "Companies come all at once, whatever page is asked for.", all_at_once),
    case("paging-two-companies-not-at-all", COMPANIES, "The same with two companies.", all_at_once, populate=lambda known: with_companies(known, 2)),
)
_COMPANIES = (
    company("extra-members", "Companies have members that nobody documented.", put("*.company_type", "General Contractor"), put("*.nested", {"a": [1, None]})),
    company("nulls", "All that may be null is null.", put("*.logo_url", None), put("*.pcn_business_experience", None), put("*.company_home_url", None)),
    company("bare", "Companies have the three required members alone.", body(lambda old: [{key: one[key] for key in ("id", "name", "is_active")} for one in old])),
    company("experience-text", "The business experience is text.", put("*.pcn_business_experience", "General Contractor")),
    company("logo", "Logos are on http, with a port, signed, or none.", put("0.logo_url", "http://example.com:8080/logo.png?signature=a%2Fb&expires=1#x"), put("1.logo_url", "")),
    company("inactive", "A company is not active.", put("1.is_active", False)),
    company("none-mine", "No company is the user's own.", put("*.my_company", False)),
    company("name-blank", "A company's name is blank.", put("0.name", " "), put("1.name", ""), advises="companies.name"),
    company("name-unicode", "A company's name is in several scripts.", put("0.name", "Ünïcödé 建設 شركة 🏗️ \u202e\u0000")),
    company("name-markup", "A company's name is markup.", put("0.name", "<script>alert('a')</script> & `b` \"c\"")),
    company("name-long", "A company's name is very long.", put("0.name", "Long " * 2000)),
    company("name-like-code", "A company's name looks like a secret.", put("0.name", "Bearer 0123456789abcdef access_token=1")),
)
_PROJECTS = (
    project("nulls", "All that may be null is null.", *(put(f"*.{key}", None) for key in NULLABLE)),
    project("bare", "Projects have the required members alone.", body(lambda old: [{key: value for key, value in one.items() if key in REQUIRED} for one in old])),
    project("extra-members", "Projects have members that nobody documented.", put("*.program", {"id": 1}), put("*.flag", None), put("*.departments", [])),
    project("empty-text", "Text is empty.", *(put(f"*.{key}", "") for key in ("code", "phone", "store_number", "accounting_project_number", "zip", "address", "project_number"))),
    project("names-blank", "Names are blank.", put("0.name", ""), put("1.name", " "), put("*.created_by", {"id": 1, "login": "a@example.com", "name": " "}), advises="projects.name"),
    project("name-unicode", "Names are in several scripts.", put("*.name", "Ünïcödé 建設 شركة 🏗️"), put("*.display_name", "\u202e\ufeff\u2028")),
    project("name-markup", "Names are markup.", put("*.name", "<b>Tower</b> & \"Sons\" \\ /"), put("*.display_name", "</td><img src=x>")),
    project("author-unknown", "A project has no author.", put("*.created_by", None)),
    project("author-bare", "An author has an id alone.", put("*.created_by", {"id": 2**40})),
    project("money", "Money is text of many kinds.", put("0.total_value", "0"), put("1.total_value", "-12.50"), put("2.total_value", "1000000000000000.0"), put("3.total_value", "")),
    project("money-numbers", "Money is a number, as the reference of version 1.1 has it.", put("0.total_value", 1250000.0), put("1.total_value", 5), put("*.estimated_value", 0.5)),
    project("author-nameless", "An author's name is blank, as it was seen.", put("*.created_by", {"id": 1, "login": "a@example.com", "name": " "})),
    project("places", "Places are anywhere.", put("0.time_zone", "Central Time (US & Canada)"), put("1.time_zone", "Asia/Kathmandu"), put("2.time_zone", "UTC"), put("3.time_zone", None), put("4.time_zone", ""), put("0.country_code", "GB"), put("1.country_code", None), put("2.country_code", ""), put("3.country_code", "NA")),
    project("no-places", "Places are not mentioned.", drop("*.time_zone"), drop("*.country_code")),
    project("poles", "Projects are at the poles and on the date line.", put("0.latitude", 90), put("1.latitude", -90.0), put("0.longitude", 180), put("1.longitude", -180), put("2.latitude", 0)),
    project("just-made", "A project was made this second.", put("0.created_at", lambda _: _stamp(0)), put("0.updated_at", lambda _: _stamp(0))),
    project("never-changed", "A project was never changed.", put("*.updated_at", "2024-01-02T03:04:05Z"), put("*.created_at", "2024-01-02T03:04:05Z")),
    project("fractions", "Timestamps have milliseconds.", put("*.created_at", "2024-01-02T03:04:05.123Z"), put("*.updated_at", "2025-03-04T05:06:07.999999Z")),
    project("old", "A project was made before computers had clocks.", put("0.created_at", "1900-01-01T00:00:00Z")),
    project("no-custom-fields", "There are no custom fields.", put("*.custom_fields", {})),
    project("custom-fields-absent", "Custom fields are not mentioned.", drop("*.custom_fields")),
    project("custom-fields-new-type", "A custom field is of a type that nobody documented.", put("0.custom_fields", {f"custom_field_{2**49}": {"data_type": "signature", "value": {"x": [1]}}, "other": 5})),
    project("is-demo-absent", "Whether it is a demo is not mentioned.", drop("*.is_demo")),
    project("dates-ancient", "Dates are far away.", put("0.start_date", "1066-10-14"), put("0.completion_date", "2999-12-31")),
    case("project-v1.1-template", PROJECTS, "Version 1.1 has the template of a project, and no parent job.", on("projects", put("*.project_template", None), drop("*.parent_job_id"))),
    case("project-alone-bare", PROJECTS, "By its id, a project has no more than id and name.", on("project", body(lambda old: {"id": old["id"], "name": old["name"]}))),
    case("project-alone-nulls", PROJECTS, "By its id, a project has all that need not be set as null.", on("project", body(lambda old: {**dict.fromkeys(old), "id": old["id"], "name": " "}))),
    case("project-v1.0-no-stage", PROJECTS, "Version 1.0 does not mention the stage.", on("projects-v1.0", drop("*.stage"))),
    case("project-v1.0-stage-null", PROJECTS, "Version 1.0 has a stage that is null.", on("projects-v1.0", put("*.stage", None))),
)
_ME = (
    case("me-with-company-403", ME, "With company_id, me is refused.", on("me", status(403), body({"errors": ["Forbidden"]}), when=with_query), advises="me.name-with-company"),
    case("me-with-company-500", ME, "With company_id, me breaks.", on("me", status(500), body(b""), when=with_query), advises="me.name-with-company"),
    case("me-with-company-html", ME, "With company_id, me is a page.", on("me", header("Content-Type", "text/html"), body(b"<p>Hello"), when=with_query), advises="me.name-with-company"),
    case("me-with-company-nameless", ME, "With company_id, the name is empty all the same.", on("me", put("name", ""), when=with_query), advises="me.name-with-company"),
    case("service-account-is-the-user", "6 client credentials", "The service account is taken for the user.", on("me", put("id", 98100), when=service_account), advises="client-credentials.own-id"),
    case("service-account-needs-header", "6 client credentials", "A service account must name a company, as the documents have it.", behaviour=Behaviour(service_account_needs_header=True)),
    me("name-blank", "The user's name is blank.", put("name", " ")),
    me("name-unicode", "The user's name is in another script.", put("name", "建 設 🏗️")),
    me("name-null", "The user's name is null.", put("name", None), advises="me.name-with-company"),
    me("name-absent", "The user's name is not mentioned.", drop("name"), advises="me.name-with-company"),
    me("extra-members", "Me has more members.", put("employer", None), put("company", {"id": 1})),
    me("login-no-address", "The user's login is no e-mail address.", put("login", "quickstart"), advises="me.login-address"),
)
_REFUSED = (
    refused("foreign-403", "A foreign company is refused with 403.", foreign_header, status(403), body({"errors": ["Forbidden"]})),
    refused("foreign-204", "A foreign company is answered with no content.", FOREIGN, status(204), body(b"")),
    refused("foreign-empty-list", "A foreign company has an empty list.", foreign_header, status(200), body([]), JSON),
    refused("foreign-400", "A foreign company is a bad request.", foreign_header, status(400), body({"errors": "Bad Request"})),
    refused("foreign-error-object", "A refusal has an error that is an object.", foreign_header, status(403), JSON, body({"error": {"code": 403, "message": "Forbidden", "details": []}})),
    refused("foreign-422", "A foreign company cannot be processed.", FOREIGN, status(422), body({"errors": {"company_id": ["is invalid"]}})),
    refused("mismatch-403", "Header and query disagree: 403.", MISMATCH, status(403), body({"message": "You do not have access.", "code": 403})),
    refused("mismatch-empty-list", "Header and query disagree: nothing is listed.", MISMATCH, status(200), body([]), JSON),
    refused("headerless-400", "A missing header is a bad request.", HEADERLESS, status(400), JSON, body({"code": 400, "message": "Missing Procore-Company-Id header!", "fields": "", "reason": "x"})),
    refused("headerless-403-empty", "A missing header is refused without a word.", HEADERLESS, status(403), body(b""), header("Content-Type", None)),
    refused("headerless-412", "A missing header is a failed precondition.", HEADERLESS, status(412), JSON, body({"message": "no"})),
    case("mismatch-query-decides", PROJECTS, "Header and query disagree: the query decides, as today where there is no header.", behaviour=Behaviour(refuse_company_mismatch=False, company_from="query")),
    case("headerless-refused", PROJECTS, "Without the header there is no list, as the documents announce.", behaviour=Behaviour(require_company_header=True)),
    case("headerless-refused-to-all", PROJECTS, "Without the header there is nothing, neither for users nor for service accounts.", behaviour=Behaviour(require_company_header=True, service_account_needs_header=True)),
    case("headerless-200-empty", PROJECTS, "Without the header, nothing is listed.", on("projects", status(200), body([]), JSON, ok=None, when=HEADERLESS)),
    case("query-missing-ignored", PROJECTS, "Without company_id, the header decides.", behaviour=Behaviour(require_company_query=False), advises="projects.query-required"),
    refused("query-missing-500", "A missing company_id breaks the list.", QUERYLESS, status(500), body(b""), advises="projects.query-required"),
    refused("query-missing-422", "A missing company_id cannot be processed.", QUERYLESS, status(422), body({"errors": {"company_id": ["is missing"]}}), JSON),
    refused("query-missing-empty-list", "A missing company_id has an empty list.", QUERYLESS, status(200), body([]), JSON, advises="projects.query-required"),
    refused("query-wrong-500", "A company_id that is no number breaks the list.", wrong_query, status(500), body(b""), advises="projects.query-type"),
    refused("query-wrong-empty-list", "A company_id that is no number has an empty list.", wrong_query, status(200), body([]), JSON, advises="projects.query-type"),
    case("query-wrong-ignored", PROJECTS, "A company_id that is no number is ignored: the header decides.", _wrong_query_ignored, advises="projects.query-type"),
    unknown("200-html", "What does not exist is a page.", status(200), body(b"<p>Hello"), header("Content-Type", "text/html"), advises=True),
    unknown("200-list", "What does not exist is an empty list.", status(200), body([]), JSON, advises=True),
    unknown("500", "What does not exist breaks the API.", status(500), body(b""), advises=True),
    unknown("302", "What does not exist is a redirect.", status(302), header("Location", "https://sandbox.procore.com/"), advises=True),
    unknown("dropped", "What does not exist is not answered.", wire(Wire(drop=True)), advises=True),
    unknown("403", "What does not exist is forbidden.", status(403), body({"errors": ["Forbidden"]}), JSON),
    unknown("410", "What does not exist is gone.", status(410), body(b"")),
    case("of-company-500", PROJECTS, "The list under the path of a company breaks.", on("projects-of-company", status(500), body(b""))),
    case("free-companies-ours", COMPANIES, "The configured company is a trial one, which is left out beside others.", populate=_ours_free),
    case("of-company-text-ids", PROJECTS, "The list under the path of a company has ids as text, and a project that names no company.", on("projects-of-company", status(200), JSON, body([{"id": "316000", "name": "Tower", "company": {"id": "4265001"}}, {"id": 316001, "name": "Bridge", "company": None}]), ok=None)),
    case("free-companies-more", COMPANIES, "There is a trial company besides.", populate=_one_free),
    case("mismatch-header-decides", PROJECTS, "Header and query disagree: the header decides.", behaviour=Behaviour(refuse_company_mismatch=False), advises="projects.query-type"),
    refused("wordless", "A refusal in JSON gives no reason.", with_token, body({"status": 404}), JSON, advises="projects.refusal-body"),
    case("401-json", ME, "A 401 has errors in JSON.", *(on(each, body({"errors": "Unauthorized"}), JSON, status=401) for each in ("me", "companies", "projects"))),
    case("401-text", ME, "A 401 is text.", *(on(each, body(b"The access token is invalid"), header("Content-Type", "text/plain"), status=401) for each in ("me", "companies", "projects"))),
    case("401-message", ME, "A 401 has a message in JSON.", *(on(each, body({"message": "The access token is invalid"}), JSON, status=401) for each in ("me", "companies", "projects"))),
)

VARIATIONS = (*_SIZES, *_PAGING, *_COMPANIES, *_PROJECTS, *_ME, *_REFUSED)
