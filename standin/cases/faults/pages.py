"""Pagination that repeats, loses, loops, or lies about how much there is."""

from __future__ import annotations

from typing import Any

from standin.cases.bending import Edit, When, body, header, on
from standin.cases.case import Case, case
from standin.cases.which import both, neither, page, paged, service_account
from standin.model.behaviour import Behaviour, Paging

STEPS = {"companies": "7 companies", "projects": "7 projects"}
NAMES = tuple(STEPS)


def paging(name: str, sentence: str, requirement: str, **rules: Any) -> Case:
    """Every list is paged wrongly."""
    both_lists = " ".join(f"{endpoint}.{requirement}" for endpoint in NAMES)
    return case(f"pages-{name}", "7 projects", sentence, behaviour=Behaviour(paging=Paging(**rules)), violates=both_lists)


def each(name: str, sentence: str, requirement: str, when: When, *edits: Edit) -> tuple[Case, ...]:
    """One list alone is paged wrongly."""
    return tuple(
        case(
            f"{endpoint}-{name}", step, f"{endpoint.capitalize()}: {sentence}",
            on(endpoint, *edits, when=both(when, neither(service_account))), violates=f"{endpoint}.{requirement}",
        )
        for endpoint, step in STEPS.items()
    )


ONE, TWO, WHOLE = page(1), page(2), neither(paged)
FAULTS = (
    paging("per-page-ignored", "per_page is ignored.", "per-page", honour_per_page=False),
    paging("page-ignored", "page is ignored: every page is the first.", "pages", honour_page=False),
    paging("repeat", "Each page repeats the last item of the one before.", "pages", repeated=1),
    paging("lose", "An item falls out between two pages.", "pages", lost=1),
    paging("next-loops", "The next link leads to the page one is on.", "link", next_loops=True),
    paging("next-forever", "There is a next link on the last page.", "link", next_forever=True),
    paging("next-missing", "There is no next link though more pages follow.", "link", next_missing=True),
    paging("total-too-large", "Total is too large by one.", "total", total_error=1),
    paging("total-too-small", "Total is too small by one.", "total", total_error=-1),
    *each("page-two-empty", "the second page is empty.", "pages", TWO, body([])),
    *each("page-one-reversed-and-lost", "the first page loses its last item.", "pages", ONE, body(lambda old: old[:-1])),
    *each("page-two-is-other", "the second page holds items that are not in the list.", "pages", TWO, body(lambda old: [{**one, "id": one["id"] + 5000} for one in old])),
    *each("page-one-too-long", "the first page is longer than per_page.", "per-page", ONE, body(lambda old: [*old, {**old[0], "id": old[0]["id"] + 5000}])),
    *each("per-page-header-lies", "Per-Page says 100 though fewer were asked for.", "per-page", paged, header("Per-Page", "100")),
    *each("per-page-header-text", "Per-Page is text.", "per-page", paged, header("Per-Page", "all")),
    *each("total-text", "Total is text.", "total", lambda *_: True, header("Total", "many")),
    *each("total-negative", "Total is negative.", "total", lambda *_: True, header("Total", "-1")),
    *each("total-zero", "Total is 0.", "total", lambda *_: True, header("Total", "0")),
    *each("total-of-the-page", "Total is that of the page.", "total", ONE, header("Total", "2"), header("Total", "1")),
    *each("next-elsewhere", "the next link leads to another host.", "link", ONE, header("Link", '<https://api.example.com/rest?page=2>; rel="next"')),
    *each("next-to-page-3", "the next link skips a page.", "link", ONE, header("Link", '<?page=3&per_page=2>; rel="next"')),
    *each("next-to-http", "the next link leads to plain http.", "link", ONE, header("Link", '<http://sandbox.procore.com/rest/v1.0/companies?page=2>; rel="next"')),
    *each("last-page-next", "the last page has a next link.", "link", TWO, header("Link", '<?page=3>; rel="next"')),
    *each("last-link-wrong", "the last link leads beyond the last page.", "link", ONE, header("Link", '<?page=2>; rel="next", <?page=7>; rel="last"')),
)
