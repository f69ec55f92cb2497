"""Pagination that repeats, loses, loops, or lies about how much there is."""

from __future__ import annotations

from typing import Any

from standin.cases.bending import Edit, When, body, every_second, header, on, put, status, wire
from standin.cases.case import Case, case
from standin.cases.faults.token import HTML, PAGE
from standin.cases.which import both, neither, of_a_third, page, paged, service_account
from standin.http.messages import Answer, Request, Wire
from standin.model.behaviour import Behaviour, Paging
from standin.model.directory import with_companies, with_projects
from standin.model.hosts import SANDBOX
from standin.model.world import World

STEPS = {"companies": "7 companies", "projects": "7 projects"}
NAMES = tuple(STEPS)


def paging(name: str, sentence: str, requirement: str, **rules: Any) -> Case:
    """Every list is paged wrongly."""
    both_lists = " ".join(f"{endpoint}.{one}" for endpoint in NAMES for one in requirement.split())
    return case(f"pages-{name}", "7 projects", sentence, behaviour=Behaviour(paging=Paging(**rules)), violates=both_lists)


def each(name: str, sentence: str, requirement: str, when: When, *edits: Edit) -> tuple[Case, ...]:
    """One list alone is paged wrongly."""
    return tuple(
        case(
            f"{endpoint}-{name}", step, f"{endpoint.capitalize()}: {sentence}",
            on(endpoint, *edits, when=both(when, neither(service_account))), violates=" ".join(f"{endpoint}.{one}" for one in requirement.split()),
        )
        for endpoint, step in STEPS.items()
    )


def half(name: str, sentence: str, *edits: Edit) -> tuple[Case, ...]:
    """The second half of a list is no right list."""
    return each(f"page-two-{name}", sentence, "page-answers", HALF, *edits)


def projects(name: str, sentence: str, requirement: str, when: When, *edits: Edit, advises: str = "") -> Case:
    """A page of projects is wrong."""
    return case(f"projects-{name}", "7 projects", f"Projects: {sentence}", on("projects", *edits, when=when), violates=f"projects.{requirement}", advises=advises)


def companies(name: str, sentence: str, requirement: str, when: When, *edits: Edit) -> Case:
    """A page of companies is wrong."""
    return case(f"companies-{name}", "7 companies", f"Companies: {sentence}", on("companies", *edits, when=both(when, neither(service_account))), violates=f"companies.{requirement}")


def growing(_request: Request, answer: Answer, world: World) -> Answer:
    """Another project is made whenever the list was read."""
    if answer.endpoint == "projects" and answer.ok:
        realm = world.realm(SANDBOX)
        count = len([one for one in realm.directory.projects_of(realm.directory.configured) if one.active])
        realm.directory = with_projects(realm.directory, count + 1)
    return answer


def per_page(request: Request, _world: World) -> bool:
    """Pages are asked for, also where the first one is not named."""
    return "per_page" in request.query


ONE, TWO, THREE = page(1), page(2), page(3)
HALF = both(TWO, neither(of_a_third))
FIRST, SECOND = both(of_a_third, neither(paged)), both(of_a_third, TWO)
FAULTS = (
    case("pages-per-page-ignored", "7 projects", "per_page is ignored.", behaviour=Behaviour(paging=Paging(honour_per_page=False)), violates="companies.per-page projects.per-page"),
    paging("page-ignored", "page is ignored: every page is the first.", "pages walk", honour_page=False),
    case("pages-repeat", "7 projects", "Each page repeats the last item of the one before.", behaviour=Behaviour(paging=Paging(repeated=1)), violates="companies.pages companies.walk projects.pages projects.per-page projects.walk"),
    paging("lose", "An item falls out between two pages.", "pages walk", lost=1),
    paging("next-loops", "The next link leads to the page one is on.", "link", next_loops=True),
    paging("next-forever", "There is a next link on the last page.", "link", next_forever=True),
    paging("next-missing", "There is no next link though more pages follow.", "link", next_missing=True),
    paging("last-link-wrong", "The last link leads beyond the last page.", "link", last_error=5),
    paging("first-link-wrong", "The first link leads to the second page.", "link", first_error=1),
    paging("total-too-large", "Total is too large by one.", "total", total_error=1),
    paging("total-too-small", "Total is too small by one.", "total", total_error=-1),
    case("pages-next-forever-of-one", "7 projects", "There is a next link though there is one item.", behaviour=Behaviour(paging=Paging(next_forever=True)), populate=lambda known: with_projects(with_companies(known, 1), 1), violates="companies.link projects.link"),
    case("pages-links-forget-company", "7 projects", "Links leave company_id out.", behaviour=Behaviour(paging=Paging(links_forget=frozenset({"company_id"}))), violates="projects.walk", advises="projects.link-query"),
    case("pages-links-forget-per-page", "7 projects", "Links leave per_page out.", behaviour=Behaviour(paging=Paging(links_forget=frozenset({"per_page"}))), violates="companies.walk projects.walk", advises="projects.link-query"),
    case("projects-growing", "7 projects", "There is another project each time that one asks.", growing, violates="projects.header-case projects.link projects.pages projects.total projects.walk", advises="projects.steady"),
    *each("page-two-empty", "the second page is empty.", "pages walk", TWO, body([])),
    companies("page-one-loses", "the first page loses its last item.", "pages companies.walk", ONE, body(lambda old: old[:-1])),
    projects("page-one-loses", "the first page loses its last item.", "pages", ONE, body(lambda old: old[:-1])),
    *each("page-two-is-other", "the second page holds items that are not in the list.", "pages walk", TWO, body(lambda old: [{**one, "id": one["id"] + 5000} for one in old])),
    *each("page-one-too-long", "the first page is longer than per_page.", "per-page", ONE, body(lambda old: [*old, {**old[0], "id": old[0]["id"] + 5000}])),
    *half("500", "the second page breaks with 500.", status(500), body(b"")),
    *half("401", "the second page refuses the token.", status(401), body(b"")),
    *half("403", "the second page is refused.", status(403), body({"errors": ["Forbidden"]})),
    *half("404", "the second page is not found.", status(404), body({"errors": ["Not Found"]})),
    *half("204", "the second page has no content.", status(204), body(b"")),
    *half("redirect", "the second page is elsewhere.", status(302), header("Location", "https://sandbox.procore.com/rest/v1.0/companies")),
    *half("html", "the second page is HTML.", HTML, PAGE),
    *half("truncated", "the JSON of the second page breaks off.", body(b'[{"id":1,"name"')),
    *half("dropped", "the second page gets no answer.", wire(Wire(drop=True))),
    *half("ids-text", "the ids of the second page are text.", put("*.id", str)),
    *half("null-item", "an item of the second page is null.", put("0", None)),
    *half("envelope", "the second page is in an envelope.", body(lambda old: {"data": old})),
    *each("pages-500", "whoever asks for pages breaks the list.", "page-answers", per_page, status(500), body(b"")),
    *each("page-one-401", "the first page refuses the token.", "page-answers", ONE, status(401), body(b"")),
    projects("page-two-foreign", "a project of the second page is of another company.", "company", HALF, put("0.company.id", 4265099)),
    projects("page-three-foreign", "a project of the third page is of another company.", "company", THREE, put("0.company.id", 4265099)),
    case("projects-again-foreign", "7 projects", "A project is of another company when the list is asked for again.", every_second(put("1.company.id", 4265099)), violates="projects.company"),
    case("projects-again-foreign-and-broken", "7 projects", "A project is of another company when the list is asked for again, and another one has no name.", every_second(put("1.company.id", 4265099), put("0.name", None)), violates="projects.company", advises="projects.steady"),
    projects("page-two-inactive", "a project of the second page is not active.", "active", HALF, put("0.active", False)),
    projects("walk-two-500", "the page that the link leads to breaks.", "walk", SECOND, status(500), body(b"")),
    projects("walk-three-404", "the page that the second link leads to is not found.", "walk", THREE, status(404), body({"errors": ["Not Found"]})),
    projects("walk-three-html", "the page that the second link leads to is HTML.", "walk", THREE, HTML, PAGE),
    projects("walk-three-id-text", "the ids of the third page are text.", "walk", THREE, put("*.id", str)),
    projects("walk-two-loses", "the page that the link leads to lacks an item.", "walk", SECOND, body(lambda old: old[1:])),
    projects("walk-three-repeats", "the last page of three repeats a project.", "walk", THREE, body(lambda old: [{**one, "id": 316000} for one in old])),
    projects("walk-two-without-next", "the second page of three has no next link.", "link", SECOND, header("Link", '<?page=1&per_page=2&company_id=4265001>; rel="first"')),
    projects("walk-one-without-next", "the first page of three has no next link.", "link", FIRST, header("Link", '<?page=3&per_page=2&company_id=4265001>; rel="last"')),
    projects("walk-two-to-itself", "the next link of the second page leads to itself.", "link", SECOND, header("Link", '<?page=2&per_page=2&company_id=4265001>; rel="next"')),
    projects("walk-one-to-another-host", "the next link leads to another host, with the token of whoever follows.", "link", FIRST, header("Link", '<https://api.example.com/rest/v1.1/projects?page=2&per_page=2&company_id=4265001>; rel="next"')),
    projects("walk-one-to-another-path", "the next link leads to another list.", "link", FIRST, header("Link", '<https://sandbox.procore.com/rest/v1.0/companies?page=2&per_page=2&company_id=4265001>; rel="next"')),
    projects("link-of-another-company", "the next link asks for another company.", "walk", FIRST, header("Link", '<?page=2&per_page=2&company_id=4265099>; rel="next"'), advises="projects.link-query"),
    projects("link-longer-pages", "the next link asks for longer pages.", "walk", FIRST, header("Link", '<?page=2&per_page=100&company_id=4265001>; rel="next"'), advises="projects.link-query"),
    *each("link-garbage", "Link cannot be read.", "link", per_page, header("Link", "page=2; rel=next")),
    *each("link-without-brackets", "the target of a link is not in brackets.", "link", per_page, header("Link", 'https://sandbox.procore.com/rest?page=2; rel="next"')),
    *each("link-unclosed", "the bracket of a link is not closed.", "link", per_page, header("Link", '<?page=2; rel="next"')),
    *each("link-json", "Link is JSON.", "link", per_page, header("Link", '{"next": "?page=2"}')),
    *each("link-about-something-else", "the next link is about something else.", "link", per_page, header("Link", '<?page=2&per_page=2>; rel="next"; anchor="/other"')),
    *each("link-second-rel", "next is the second relation, which does not count.", "link", per_page, header("Link", '<?page=2&per_page=2>; rel="up"; rel="next"')),
    *each("per-page-header-lies", "Per-Page says 100 though fewer were asked for.", "per-page", paged, header("Per-Page", "100")),
    *each("per-page-header-text", "Per-Page is text.", "per-page", paged, header("Per-Page", "all")),
    *each("per-page-of-the-list-text", "Per-Page of the whole list is text.", "per-page", neither(per_page), header("Per-Page", "all")),
    *each("per-page-of-the-list-small", "Per-Page of the whole list is smaller than the list.", "per-page", neither(per_page), header("Per-Page", "1")),
    *each("total-text", "Total is text.", "total", lambda *_: True, header("Total", "many")),
    *each("total-negative", "Total is negative.", "total", lambda *_: True, header("Total", "-1")),
    *each("total-fraction", "Total is a fraction.", "total", lambda *_: True, header("Total", "5.0")),
    *each("total-empty", "Total is empty.", "total", lambda *_: True, header("Total", "")),
    *each("total-zero", "Total is 0.", "total", lambda *_: True, header("Total", "0")),
    *each("total-of-the-page", "Total is that of the page.", "total", ONE, header("Total", "2"), header("Total", "1")),
    *each("next-elsewhere", "the next link leads to another host.", "link", ONE, header("Link", '<https://api.example.com/rest?page=2>; rel="next"')),
    *each("next-to-page-3", "the next link skips a page.", "link", ONE, header("Link", '<?page=3&per_page=2>; rel="next"')),
    *each("next-to-http", "the next link leads to plain http.", "link", ONE, header("Link", '<http://sandbox.procore.com/rest/v1.0/companies?page=2>; rel="next"')),
    companies("page-two-foreign", "a company of the second page is one that the user has no part in.", "foreign companies.pages companies.walk", TWO, put("0.id", 4265099)),
    companies("last-page-next", "the last page has a next link.", "link", HALF, header("Link", '<?page=3&per_page=2>; rel="next"')),
    projects("last-page-next", "the last page has a next link.", "link", HALF, header("Link", '<?page=3&per_page=3&company_id=4265001>; rel="next"')),
)
