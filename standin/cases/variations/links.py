"""Legal spellings of Link (RFC 8288, RFC 9110 section 5.6.1), and lists that change while they are read."""

from __future__ import annotations

import re

from standin.cases.bending import body, every_second, header, lines, on, status
from standin.cases.case import Case, case
from standin.cases.which import both, neither, of_a_third, page, paged
from standin.http.messages import Answer, Request
from standin.model.behaviour import Behaviour, Paging
from standin.model.directory import Directory, with_companies, with_projects
from standin.model.hosts import SANDBOX
from standin.model.world import Modifier, World

COMPANIES, PROJECTS = "7 companies", "7 projects"
_NEXT = re.compile(r'<(https://[^/]*([^?>]*)(\?[^>]*))>; rel="next"')


def link(name: str, sentence: str, *templates: str) -> Case:
    """The next link is written so; ``{url}`` is its target, ``{path}`` and ``{relative}`` are that without the host."""

    def modify(_request: Request, answer: Answer, _world: World) -> Answer:
        found = _NEXT.search(answer.header("Link") or "")
        if found is None:
            return answer
        words = {"url": found[1], "path": found[2] + found[3], "relative": found[3]}
        return lines("Link", *(template.format(**words) for template in templates))(answer)

    return case(f"link-{name}", PROJECTS, sentence, modify)


def _hosts(_request: Request, answer: Answer, _world: World) -> Answer:
    told = answer.header("Link")
    return answer if told is None else answer.with_header("Link", told.replace("//sandbox.", "//us02.sandbox."))


def _count(known: Directory) -> int:
    return len([one for one in known.projects_of(known.configured) if one.active])


def changing(endpoint: str, after: int, companies: int = 0, projects: int = 0) -> tuple[Modifier, ...]:
    """So many are added once the endpoint was asked so often."""

    def modify(_request: Request, answer: Answer, world: World) -> Answer:
        realm = world.realm(SANDBOX)
        if answer.endpoint == endpoint and world.counts[endpoint] == after:
            known = realm.directory
            if companies:
                known = with_companies(known, len(known.companies) - 1 + companies)
            realm.directory = with_projects(known, _count(known) + projects)
        return answer

    return (modify,)




VARIATIONS = (
    case("link-forgets-company", PROJECTS, "Links leave company_id out, which the header names.", behaviour=Behaviour(require_company_query=False, paging=Paging(links_forget=frozenset({"company_id"}))), advises="projects.link-query projects.query-required"),
    link("relative", "Links are relative.", '<{relative}>; rel="next"'),
    link("path", "Links are paths.", '<{path}>; rel="next"'),
    link("unquoted-rel", "The relation of a link is not quoted.", "<{url}>; rel=next"),
    link("capitals", "Names and relations are in capitals.", '<{url}>; REL="NEXT"'),
    link("spaces", "There are spaces around everything.", ' <{url}> ; rel = "next" ; title="x" '),
    link("no-spaces", "There are no spaces.", '<{url}>;rel="next";title="x"'),
    link("rel-last", "The relation comes after other parameters.", '<{url}>; title="next page"; type="application/json"; hreflang=en; rel="next"'),
    link("title-with-commas", "A title has commas, semicolons and quotes.", '<{url}&x=1>; rel="up"; title="a, <b>; rel=\\"next\\"", <{url}>; title="c, d; e"; rel="next"'),
    link("several-relations", "A link has several relations.", '<{url}>; rel="up next"'),
    link("two-rels", "The second relation of a link does not count.", '<{url}>; rel="next"; rel="prev"'),
    link("extended", "A link has parameters in other alphabets.", "<{url}>; rel=next; title*=UTF-8''n%C3%A4chste; rel*=UTF-8''prev"),
    link("valueless", "Parameters have no value.", '<{url}>; crossorigin; rel="next"; async'),
    link("empty-elements", "There are empty elements in the list.", ', ,<{url}>; rel="next",, '),
    link("others", "There are links of other relations and about other things.", '<https://developers.procore.com/>; rel="help", <{url}&page=9>; rel="next"; anchor="https://example.com/", <{url}>; rel="next"'),
    link("several-lines", "There are several Link headers.", '<{url}&x=1>; rel="up"', '<{url}>; rel="next"', '<https://developers.procore.com/>; rel="help"'),
    link("parameters-sorted", "The query of links is in another order, with something new.", '<{relative}&api=1>; rel="next"'),
    link("twice", "The same link comes twice.", '<{url}>; rel="next", <{url}>; rel="next"'),
    case("paging-link-of-pages-alone", PROJECTS, "There is a Link where a page is asked for alone.", on("projects", header("Link", None), when=neither(paged)), advises="projects.pagination-told"),
    case("paging-link-of-pages-alone-750", PROJECTS, "There is a Link where a page is asked for alone, of 750 projects.", on("projects", header("Link", None), when=neither(paged)), populate=lambda known: with_projects(known, 750), advises="projects.pagination-told"),
    case("paging-other-host", PROJECTS, "Links name another host of Procore's.", _hosts),
    case("paging-total-on-page-two-alone-missing", PROJECTS, "The second page has no Total.", on("projects", header("Total", None), when=page(2)), advises="projects.pagination-told"),
    case("paging-empty-link", PROJECTS, "The last page has an empty Link.", on("projects", header("Link", ""), when=both(page(2), neither(of_a_third))), on("companies", header("Link", ""), when=page(2))),
    case("list-changes-once", PROJECTS, "A project is made while the list is read.", *changing("projects", 1, projects=1)),
    case("list-changes-once-later", PROJECTS, "A project is made while the pages are walked.", *changing("projects", 4, projects=1)),
    case("list-loses-once", PROJECTS, "A project is put away while the list is read.", *changing("projects", 2, projects=-1)),
    case("companies-change-once", COMPANIES, "A company is added while the list is read.", *changing("companies", 1, companies=1)),
    case("list-flaps", PROJECTS, "Each second of three lists lacks a project.", every_second(body(lambda old: old[1:])), advises="projects.steady"),
    case("list-again-500", PROJECTS, "The list breaks when it is asked for again.", every_second(status(500), body(b"")), advises="projects.steady"),
    case("list-again-html", PROJECTS, "The list is a page when it is asked for again.", every_second(header("Content-Type", "text/html"), body(b"<p>Hello")), advises="projects.steady"),
    case("list-again-in-another-order", PROJECTS, "The list is in another order when it is asked for again.", every_second(body(lambda old: old[::-1]))),
    case("companies-free-500", COMPANIES, "Who asks for trial companies breaks the list.", on("companies", status(500), body(b""), when=lambda r, _: "include_free_companies" in r.query)),
)
