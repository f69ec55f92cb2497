"""Links of a list that lead astray in other ways than the next one: first, prev and last, and what they leave out."""

from __future__ import annotations

import re
from collections.abc import Callable

from standin.cases.bending import Edit, header, on
from standin.cases.case import Case, case
from standin.cases.which import both, of_a_third, page
from standin.http.messages import Answer

STEP = "7 projects"
LISTS = ("companies", "projects")


def told(rewrite: Callable[[str], str]) -> Edit:
    """The Link header, where there is one, rewritten."""

    def edit(answer: Answer) -> Answer:
        link = answer.header("Link")
        return answer.with_header("Link", rewrite(link)) if link else answer

    return edit


def relation(name: str, rewrite: Callable[[str], str]) -> Edit:
    """The target of one relation, rewritten."""
    return told(lambda link: re.sub(rf'<([^>]*)>; rel="{name}"', lambda one: f'<{rewrite(one[1])}>; rel="{name}"', link))


def without(name: str) -> Edit:
    """One relation left out."""
    return told(lambda link: ", ".join(one for one in re.split(r", (?=<)", link) if f'rel="{name}"' not in one))


def _page_less(url: str) -> str:
    return re.sub(r"([?&]page=)(\d+)", lambda one: f"{one[1]}{int(one[2]) - 1}", url)


def both_lists(name: str, sentence: str, edit: Edit, violates: str = "", advises: str = "") -> Case:
    """Both lists are wrong in this way."""
    return case(f"link-{name}", STEP, sentence, *(on(each, edit) for each in LISTS), violates=violates, advises=advises)


_LINK, _QUERY, _TOLD = "companies.link projects.link", "projects.link-query", "projects.pagination-told"
FAULTS = (
    both_lists("last-to-another-host", "The last link leads to another host.", relation("last", lambda url: url.replace("sandbox.procore.com", "api.example.com")), _LINK),
    both_lists("last-to-http", "The last link leads to plain http.", relation("last", lambda url: url.replace("https:", "http:")), _LINK),
    both_lists("first-to-another-list", "The first link leads to another list.", relation("first", lambda url: url.replace("/rest/v1.", "/rest/v9.")), _LINK),
    both_lists("prev-to-another-host", "The prev link leads to another host.", relation("prev", lambda url: url.replace("sandbox.procore.com", "api.example.com")), _LINK),
    both_lists("last-a-page-short", "The last link leads to the page before the last one.", relation("last", _page_less), _LINK),
    both_lists("to-production", "Links lead to the API of production.", told(lambda link: link.replace("sandbox.procore.com", "api.procore.com")), _LINK),
    both_lists("last-to-the-login-host", "The last link leads to the login host.", relation("last", lambda url: url.replace("//sandbox.", "//login-sandbox.")), _LINK),
    both_lists("prev-of-the-first", "The first page has a prev link to page 0.", told(lambda link: link if "prev" in link else f'{link}, <?page=0&per_page=2&company_id=4265001>; rel="prev"'), _LINK, _QUERY),
    both_lists("user-in-address", "The next link has a user in its address.", relation("next", lambda url: url.replace("https://", "https://user:word@")), _LINK),
    case("link-last-forgets-company", STEP, "The last link leaves company_id out.", on("projects", relation("last", lambda url: url.replace("company_id=4265001&", ""))), advises=_QUERY),
    case("link-last-forgets-per-page", STEP, "The last link leaves per_page out.", on("projects", relation("last", lambda url: re.sub(r"&per_page=\d+|per_page=\d+&", "", url))), advises=_QUERY),
    case("link-first-of-another-company", STEP, "The first link asks for another company.", on("projects", relation("first", lambda url: url.replace("4265001", "4265099"))), advises=_QUERY),
    case("link-no-total-on-page-three", STEP, "The third page has no Total.", on("projects", header("Total", None), when=both(of_a_third, page(3))), advises=_TOLD),
    case("link-per-page-of-page-two", STEP, "Per-Page of the second page of three is 77.", on("projects", header("Per-Page", "77"), when=both(of_a_third, page(2))), violates="projects.per-page"),
)
