"""Step 7.2: lies about whose projects are listed, and about the list as a whole."""

from __future__ import annotations

from typing import Any

from standin.cases.bending import Edit, body, drop, header, on, put, status, wire
from standin.cases.case import Case, case
from standin.cases.faults.token import HTML, PAGE
from standin.cases.which import (
    both,
    foreign_header,
    foreign_query,
    lower_case_header,
    neither,
    page,
    with_company,
    with_token,
    without_query,
    wrong_query,
)
from standin.http.messages import Wire
from standin.model.behaviour import Behaviour, Flaw
from standin.model.directory import Company, Project, with_projects
from standin.rest.projects import item

STEP = "7 projects"
FULL_STRANGERS = [item(Project(316030, 4265099, "Stranger's Tower 1"), Company(4265099, "Somebody Else's Company"), "v1.1")]
STRANGERS = [{"id": 316030, "name": "Stranger's Tower 1", "company": {"id": 4265099, "name": "Somebody Else's Company"}}]


def answer(name: str, sentence: str, *edits: Edit, violates: str, advises: str = "") -> Case:
    """The list of v1.1 is wrong where the header names a company; what comes without it has faults of its own."""
    return case(f"projects-{name}", STEP, sentence, on("projects", *edits, when=with_company), violates=violates, advises=advises)


def v1_0(name: str, sentence: str, *edits: Edit, violates: str = "", advises: str = "") -> Case:
    """The list of v1.0 is wrong."""
    return case(f"projects-v1.0-{name}", STEP, sentence, on("projects-v1.0", *edits), violates=violates, advises=advises)


def refusal(name: str, sentence: str, *edits: Edit, when: Any, violates: str = "", advises: str = "") -> Case:
    """What is refused, or else answered as today without the header, is answered wrongly."""
    return case(f"projects-{name}", STEP, sentence, on("projects", *edits, ok=None, when=when), violates=violates, advises=advises)


def _first_twice(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [items[0], {**items[1], "id": items[0]["id"]}, *items[2:]] if len(items) > 1 else items


FOREIGN, MISMATCH, HEADERLESS = both(foreign_header, foreign_query), both(foreign_header, neither(foreign_query)), both(with_token, neither(with_company))
QUERYLESS = both(with_token, with_company, without_query)
JSON = header("Content-Type", "application/json")

_WHOLE = (
    answer("201", "The list of projects answers 201.", status(201), violates="projects.status"),
    answer("204", "The list of projects answers with no content.", status(204), body(b""), violates="projects.status"),
    answer("500", "The list of projects breaks with 500.", status(500), body(b""), violates="projects.status"),
    answer("404", "The list of projects is not found.", status(404), body({"errors": ["Not Found"]}), violates="projects.status"),
    answer("401", "Projects refuses the token that companies accepts.", status(401), body(b""), violates="projects.status"),
    case(
        "projects-app-not-installed", STEP, "The app is not installed in the company: step 4 was skipped.", behaviour=Behaviour(app_installed=False),
        violates="projects.status",
    ),
    case(
        "projects-app-never-installed", STEP, "Wherever projects are asked for, the refusal says that the app has not been installed.",
        *(on(each, status(403), body({"message": "This app has not been installed."})) for each in ("projects", "projects-v1.0", "projects-of-company", "project")),
        violates="projects.status",
    ),
    answer("redirect", "The list of projects, token and all, is redirected to another host.", status(302), header("Location", "https://api.example.com/rest/v1.1/projects"), violates="projects.status transport.redirect"),
    answer("reset", "The connection breaks in the middle of the projects.", wire(Wire(reset_at=200)), violates="projects.status"),
    answer("cut", "The projects end before their announced length.", wire(Wire(truncate_at=200)), violates="projects.status"),
    answer("hang", "The projects are never answered.", wire(Wire(delay=20)), violates="projects.status"),
    answer("html", "A page comes instead of the projects.", HTML, PAGE, violates="projects.json"),
    answer("content-type", "The projects say that they are text.", header("Content-Type", "text/plain"), violates="projects.json"),
    answer("truncated", "The JSON of the projects breaks off.", body(b'[{"id":1,"name"'), violates="projects.json"),
    answer("empty-body", "The projects are an empty body.", body(b""), violates="projects.json"),
    answer("envelope", "The projects are in an envelope.", body(lambda old: {"projects": old}), violates="projects.schema"),
    answer("object", "One project comes instead of a list.", body(lambda old: old[0] if old else {}), violates="projects.schema"),
    answer("json-null", "The list of projects is null.", body(None), violates="projects.schema"),
    answer("ids", "Bare ids come instead of projects.", body(lambda old: [each["id"] for each in old]), violates="projects.schema"),
    answer("nested", "The list of projects is in a list.", body(lambda old: [old]), violates="projects.schema"),
    answer("compact", "Only ids and names come.", body(lambda old: [{"id": each["id"], "name": each["name"]} for each in old]), violates="projects.schema"),
    case("projects-twice", STEP, "A project is listed twice.", on("projects", body(_first_twice), when=neither(page(2))), violates="projects.walk", advises="projects.unique"),
    case("projects-inactive", STEP, "Inactive projects are listed.", behaviour=Behaviour(list_inactive=True), violates="projects.active"),
    answer("one-inactive", "One project is not active.", put("1.active", False), violates="projects.active"),
)

_OWNERS = (
    case("projects-foreign-among-ours", STEP, "Two projects of a foreign company are among ours.", behaviour=Behaviour(foreign_projects=2), violates="projects.company projects-v1.0.company projects.without-header"),
    case("projects-one-of-a-hundred", STEP, "One project of a hundred is of a foreign company.", behaviour=Behaviour(foreign_projects=1), populate=lambda known: with_projects(known, 99), violates="projects.company projects-v1.0.company projects.without-header"),
    answer("all-foreign", "All projects are of another company.", put("*.company.id", 4265099), violates="projects.company"),
    answer("other-company-of-ours", "A project is of another company of the user.", put("2.company.id", 562949953424313), violates="projects.company"),
    case("projects-foreign-served", STEP, "Whoever asks for a foreign company gets its projects.", behaviour=Behaviour(serve_foreign_company=True), violates="projects.foreign-company client-credentials.foreign-company"),
    case("projects-header-opens-foreign", STEP, "The header of a foreign company opens it, whatever the query says.", behaviour=Behaviour(refuse_company_mismatch=False, serve_foreign_company=True), violates="projects.header-leaks-nothing projects.foreign-company client-credentials.foreign-company", advises="projects.query-type"),
    case(
        "projects-headerless-foreign", STEP, "Without the header, projects of all companies come.", on("projects", put("1.company.id", 4265099), when=neither(with_company)),
        violates="projects.without-header",
    ),
    case(
        "projects-headerless-envelope", STEP, "Without the header, foreign projects come in an envelope.",
        on("projects", status(200), header("Content-Type", "application/json"), body({"data": STRANGERS}), ok=None, when=HEADERLESS),
        violates="projects.without-header projects.refusal-or-list",
    ),
    refusal("headerless-500", "A missing header breaks the list.", status(500), header("Content-Type", "text/plain"), body(b"Sorry"), when=HEADERLESS, violates="projects.without-header"),
    refusal("foreign-envelope", "A foreign company's projects come in an envelope.", status(200), body({"data": STRANGERS, "total": 1}), when=FOREIGN, violates="projects.foreign-company client-credentials.foreign-company projects.refusal-or-list"),
    refusal("foreign-ids", "A foreign company's project ids come.", status(200), body([316030, 316031]), when=FOREIGN, violates="projects.foreign-company client-credentials.foreign-company projects.refusal-or-list"),
    refusal("foreign-500", "A foreign company breaks the list.", status(500), when=FOREIGN, violates="projects.foreign-company client-credentials.foreign-company"),
    refusal("foreign-201", "A foreign company's projects come with 201.", status(201), body(STRANGERS), when=FOREIGN, violates="projects.foreign-company client-credentials.foreign-company"),
    refusal("foreign-leaks-with-403", "The refusal of a foreign company carries its projects.", status(403), body(STRANGERS), when=FOREIGN, violates="projects.foreign-company client-credentials.foreign-company", advises="projects.refusal-body"),
    refusal("mismatch-leaks", "Header and query disagree, and one project comes.", status(200), body(STRANGERS), when=MISMATCH, violates="projects.header-leaks-nothing projects.refusal-or-list"),
    refusal("mismatch-500", "Header and query disagree, and the list breaks.", status(500), when=MISMATCH, advises="projects.mismatch-answered"),
    case("projects-open", STEP, "Projects need no token.", behaviour=Behaviour(accept_bearer=frozenset({Flaw.MISSING}), accept_bearer_at=frozenset({"projects"})), violates="projects.without-token"),
    case("projects-any-token", STEP, "Projects take any token.", behaviour=Behaviour(accept_bearer=frozenset({Flaw.UNKNOWN}), accept_bearer_at=frozenset({"projects"})), violates="projects.garbage-token"),
    case("projects-garbage-token-404", STEP, "A garbage token is answered 404 by projects.", on("projects", status(404), status=401, when=with_token), violates="projects.garbage-token"),
    refusal("without-token-403", "Without a token, projects answers 403.", status(403), when=neither(with_token), violates="projects.without-token"),
    refusal("without-token-empty-list", "Without a token, the list of projects is empty.", status(200), body([]), when=neither(with_token), violates="projects.without-token"),
)

_UNSURE = (
    refusal("headerless-html", "Without the header, a page comes.", status(200), HTML, PAGE, when=HEADERLESS, violates="projects.refusal-or-list"),
    refusal("headerless-ids-text", "Without the header, the ids of companies are text.", put("*.company.id", str), when=HEADERLESS, violates="projects.refusal-or-list"),
    refusal("headerless-message", "Without the header, 200 comes with a message.", status(200), JSON, body({"message": "Missing Procore-Company-Id header!"}), when=HEADERLESS, violates="projects.refusal-or-list"),
    refusal("foreign-html", "A foreign company is a page.", status(200), HTML, PAGE, when=FOREIGN, violates="projects.refusal-or-list"),
    refusal("foreign-object", "A foreign company is an empty object.", status(200), JSON, body({}), when=FOREIGN, violates="projects.refusal-or-list"),
    refusal("foreign-null", "A foreign company is null.", status(200), JSON, body(None), when=FOREIGN, violates="projects.refusal-or-list"),
    refusal("mismatch-errors", "Header and query disagree, which 200 comes with.", status(200), JSON, body({"errors": ["No."]}), when=MISMATCH, violates="projects.refusal-or-list"),
    refusal("without-query-foreign", "Without company_id, projects of a foreign company come.", status(200), JSON, body(FULL_STRANGERS), when=QUERYLESS, violates="projects.query-company", advises="projects.query-required"),
    refusal("without-query-leaks", "The refusal of a missing company_id carries projects of a foreign company.", status(400), JSON, body({"errors": ["No."], "data": STRANGERS}), when=QUERYLESS, violates="projects.query-company"),
    refusal("without-query-text", "Without company_id, text comes.", status(200), header("Content-Type", "text/plain"), body(b"OK"), when=QUERYLESS, violates="projects.refusal-or-list", advises="projects.query-required"),
    refusal("wrong-query-foreign", "A company_id that is no number opens a foreign company.", status(200), JSON, body(FULL_STRANGERS), when=wrong_query, violates="projects.query-company", advises="projects.query-type"),
    refusal("wrong-query-errors", "A company_id that is no number is refused with 200.", status(200), JSON, body({"errors": ["company_id is invalid"]}), when=wrong_query, violates="projects.refusal-or-list", advises="projects.query-type"),
    case("projects-lower-case-unknown", STEP, "The company header is not known in lower case.", on("projects", status(404), body(b"Missing Procore-Company-Id header!"), when=lower_case_header), violates="projects.header-case"),
    case("projects-lower-case-empty", STEP, "With the header in lower case, there are no projects.", on("projects", body([]), when=lower_case_header), violates="projects.header-case"),
    case("projects-lower-case-other", STEP, "With the header in lower case, a project is missing.", on("projects", body(lambda old: old[1:]), when=lower_case_header), violates="projects.header-case"),
    case("connections-remember-token", STEP, "Whoever sends no token over a connection is taken for the last one who did.", behaviour=Behaviour(connections_remember_token=True), violates="companies.without-token projects.without-token me.without-token"),
)

_V1_0 = (
    v1_0("404", "The list of version 1.0 is gone.", status(404), body(b""), advises="projects-v1.0.status"),
    v1_0("201", "The list of version 1.0 answers 201.", status(201), advises="projects-v1.0.status"),
    v1_0("500", "The list of version 1.0 breaks.", status(500), body(b""), advises="projects-v1.0.status"),
    v1_0("redirect", "The list of version 1.0 is redirected to plain http.", status(301), header("Location", "http://sandbox.procore.com/rest/v1.0/projects"), violates="transport.redirect", advises="projects-v1.0.status"),
    v1_0("html", "The list of version 1.0 is a page.", HTML, PAGE, advises="projects-v1.0.schema"),
    v1_0("envelope", "The list of version 1.0 is in an envelope.", body(lambda old: {"projects": old}), advises="projects-v1.0.schema"),
    v1_0("stage-object", "The stage of version 1.0 is an object.", put("0.stage", {"id": 3, "name": "Bidding"}), advises="projects.optional-members"),
    v1_0("id-string", "The ids of version 1.0 are strings.", put("*.id", str), advises="projects-v1.0.schema"),
    v1_0("no-company", "The projects of version 1.0 have no company.", drop("*.company"), advises="projects-v1.0.schema"),
    v1_0("foreign", "A project of version 1.0 is of a foreign company.", put("1.company.id", 4265099), violates="projects-v1.0.company"),
    v1_0("foreign-in-text", "A project of version 1.0 is of a foreign company, whose id is text.", put("1.company.id", "4265099"), violates="projects-v1.0.company", advises="projects-v1.0.schema"),
    v1_0("foreign-envelope", "A project of version 1.0 is of a foreign company, and the list is in an envelope.", put("1.company.id", 4265099), body(lambda old: {"data": old}), violates="projects-v1.0.company", advises="projects-v1.0.schema"),
    v1_0("foreign-and-broken", "A project of version 1.0 is of a foreign company, and another one has no name.", put("1.company.id", 4265099), put("0.name", None), violates="projects-v1.0.company", advises="projects-v1.0.schema"),
)

_ALONE = (
    case("project-alone-404", STEP, "A project of the list is not found by its id.", on("project", status(404), body({"errors": ["Not Found"]})), advises="project.schema"),
    case("project-alone-list", STEP, "By its id comes a list of one project.", on("project", body(lambda old: [old])), advises="project.schema"),
    case("project-alone-next", STEP, "By its id comes another project.", on("project", put("id", 316001)), violates="project.same-project"),
    case("project-alone-next-and-broken", STEP, "By its id comes another project, with a number for its name.", on("project", put("id", 316001), put("name", 5)), violates="project.same-project", advises="project.schema"),
    case("project-alone-foreign-and-broken", STEP, "By its id comes a project of another company, with a number for its name.", on("project", put("company", {"id": 4265099, "name": "Somebody Else's"}), put("name", 5)), violates="project.same-project", advises="project.schema"),
)

FAULTS = (*_WHOLE, *_OWNERS, *_UNSURE, *_V1_0, *_ALONE)
