"""What was read of a list in pages: how much is counted, what is said of it, and what a page tells wrongly."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from quickstart.exchange.paging import Page
from quickstart.judgement import pages
from quickstart.judgement.pages import Reading

URL = "https://example.com/list?per_page=10"


def page(number: int, ids: list[int] | int = 10, total: int | None = None, **members: Any) -> Page:
    """A page of ten, with these items or so many."""
    found = ids if isinstance(ids, list) else [number * 100 + at for at in range(ids)]
    items = [{"id": one} for one in found]
    right: dict[str, Any] = {"asked": 10, "named": number > 1, "per_page": 10, "link": "", "links": {}}
    return Page(name="list", url=URL, items=items, number=number, total=total, **{**right, **members})


def reading(*taken: Page, **members: Any) -> Reading:
    made = Reading("projects", 7, **members)
    for one in taken:
        made.take(one.number, one)
    return made


def test_pages_and_items_are_counted() -> None:
    made = reading(page(1), page(2, 3, 13))
    assert (made.pages, made.items, made.numbers, made.totals, made.wrong) == (2, 13, [1, 2], {13}, 0)
    assert [made.shows(one) for one in (100, 109, 200, 202, 203, 99)] == [True, True, True, True, False, False]


def test_a_reading_begins_with_nothing() -> None:
    made = Reading("projects", 7)
    assert (made.items, made.pages, made.wrong, made.total, made.last, made.unfinished) == (0, 0, 0, None, None, "")
    assert made.exhaustive is False
    assert made.numbers == made.mine == []


def test_parts_of_one_page_are_one_page() -> None:
    made = reading(page(1, [1, 2]), page(1, [3]), page(2, [4]))
    assert (made.pages, made.items, made.numbers) == (2, 4, [1, 2])
    assert reading(page(1, 1), page(2, 1), page(1, 1)).pages == 3
    far = reading(*(page(number, 1) for number in range(1, 20)), page(19, 2), page(19, 3))
    assert (far.pages, far.items) == (19, 24)


def test_an_empty_page_is_one_only_where_it_is_the_first() -> None:
    assert reading(page(1, 0)).pages == 1
    assert reading(page(1), page(2, 0)).pages == 1
    assert reading(page(1), page(2, 0, left_out=4)).pages == 2


def test_a_page_that_cannot_be_read_is_counted_as_wrong() -> None:
    made = reading(page(1))
    made.take(2, None)
    made.take(3, None)
    assert (made.pages, made.items, made.wrong, made.is_whole) == (3, 10, 2, False)


def test_what_is_kept_of_many_pages_is_bounded() -> None:
    many = reading(*(page(number, 1, 1000 + number) for number in range(1, 31)))
    assert (many.pages, many.items) == (30, 30)
    assert many.numbers == [*range(1, 11)]
    assert many.totals == {*range(1001, 1011)}
    assert many.as_plain()["pages"]["numbers"] == [*range(1, 11)]


def test_companies_of_mine_are_kept_as_far_as_they_are_named() -> None:
    mine = replace(page(1), items=[{"id": at, "my_company": at % 2 == 0} for at in range(30)])
    assert reading(mine).mine == [*range(0, 20, 2)]
    pages.require_one_of_mine(reading(replace(mine, items=mine.items[:2])))
    with pytest.raises(AssertionError, match="my_company is true for 0; 2"):
        pages.require_one_of_mine(reading(replace(mine, items=mine.items[:4])))


def test_the_configured_company_is_on_a_page() -> None:
    pages.require_configured(reading(page(1, [6, 7])))
    with pytest.raises(AssertionError, match="it is none of 2 companies"):
        pages.require_configured(reading(page(1, [6, 8])))


def test_what_was_found_is_told_and_nothing_is_nothing() -> None:
    pages.require_none([])
    with pytest.raises(AssertionError, match="a; b"):
        pages.require_none(["a", "b"])


@pytest.mark.parametrize(
    ("made", "whole"),
    [
        (reading(page(1)), True),
        (reading(page(1), total=10), True),
        (reading(page(1), total=9), True),
        (reading(page(1), total=11), False),
        (reading(page(1), unfinished="ctrl-c"), False),
    ],
)
def test_a_list_is_whole_as_far_as_anybody_knows(made: Reading, whole: bool) -> None:
    assert made.is_whole is whole
    assert made.as_plain()["complete"] is whole


@pytest.mark.parametrize(
    ("taken", "twice"),
    [
        ([page(1), page(2)], []),
        ([page(1, [1, 2]), page(2, [2, 3])], [(2, 1, 2)]),
        ([page(1, [1, 2]), page(4, [3, 1]), page(6, [5, 3, 1])], [(1, 1, 4), (3, 4, 6)]),
        ([page(1, [1, 1])], []),  # on one page: the page itself is judged
        ([page(1, [1, 1]), page(2, [2])], []),
        ([page(1, [1, 2]), page(1, [2, 3])], []),  # parts of one page
        ([page(1, [5, 6]), page(2, [6])], [(6, 1, 2)]),
        ([page(1, [1]), page(2, [5]), page(3, [1])], [(1, 1, 3)]),
        ([page(1, [6, 5]), page(2, [6])], [(6, 1, 2)]),
    ],
)
def test_an_id_that_comes_on_two_pages_is_found_with_them(taken: list[Page], twice: list[tuple[int, int, int]]) -> None:
    assert sorted(reading(*taken).twice()) == twice


def test_ids_that_come_twice_are_told_up_to_twenty() -> None:
    same = [*range(50)]
    assert len(reading(page(1, same), page(2, same)).twice()) == 20


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (reading(page(1), exhaustive=True), "projects: all 10 items were judged"),
        (reading(page(1), page(2), exhaustive=True), "projects: all 20 items on 2 pages were judged"),
        (reading(page(1)), "projects: 10 items were judged, on page 1: a sample; --exhaustive reads all"),
        (
            reading(page(3), page(1), total=1000, last=100),
            "projects: 20 of 1,000 items were judged, on pages 1, 3 of 100: a sample; --exhaustive reads all",
        ),
        (
            reading(page(1), total=1000, last=1000, exhaustive=True),
            "projects: 10 of 1,000 items were judged, on page 1 of 1,000",
        ),
        (
            reading(page(1), exhaustive=True, unfinished="ctrl-c"),
            "projects: 10 items were judged, on page 1 (ctrl-c)",
        ),
        (
            reading(*(page(number, 1) for number in range(1, 11))),
            "projects: 10 items were judged, on pages 1, 2, 3, 4, 5, 6, 7, 8, 9, 10: a sample; --exhaustive reads all",
        ),
        (
            reading(*(page(number, 1) for number in range(1, 12))),
            "projects: 11 items were judged, on 11 pages: a sample; --exhaustive reads all",
        ),
    ],
)
def test_how_much_was_judged_is_one_sentence(made: Reading, words: str) -> None:
    assert made.sentence == words


def test_a_reading_is_plain_data_in_the_verdict() -> None:
    made = reading(page(2, 1), page(1, 2), total=9, last=1)
    assert made.as_plain() == {
        "name": "projects",
        "company": 7,
        "exhaustive": False,
        "items": {"judged": 3, "of": 9},
        "pages": {"read": 2, "of": 1, "numbers": [1, 2]},
        "complete": False,
        "unfinished": "",
    }


def wrong(one: Page, *, is_last: bool = False, linked: bool = False) -> dict[str, list[str]]:
    """What a page says wrongly of its list, by claim, but for headers that did not come."""
    found = pages.problems(one, is_last=is_last, linked=linked)
    return {claim: [*texts] for claim, texts in found.items() if claim != "pagination-told"}


def test_what_a_page_says_of_itself_is_measured_by_its_own_total() -> None:
    right: dict[str, list[str]] = {"pages": [], "total": [], "link": []}
    assert wrong(page(1, 10, 13)) == right
    assert wrong(page(2, 3, 13), is_last=True) == right
    assert wrong(page(2, 10, 20), is_last=True) == right
    assert wrong(page(2, 0, 10), is_last=True) == right
    assert wrong(page(1, 0, 0), is_last=True) == right


@pytest.mark.parametrize(
    ("one", "claim", "words"),
    [
        (page(2, 9, 20), "pages", "page 2 has 9 items of 10"),
        (page(1, 1, 10), "pages", "page 1 has 1 items of 10"),
        (page(2, 0, 11), "total", "Total 11 on page 2, which is empty"),
        (page(1, 0, 1), "total", "Total 1 on page 1, which is empty"),
        (page(2, 4, 13), "total", "Total 13 on page 2, which has items 11 to 14"),
        (page(2, 2, 13), "total", "Total 13 on page 2, which has items 11 to 12"),
        (page(1, 10, 9), "total", "Total 9 on page 1, which has items 1 to 10"),
        (page(2000, 2, 19_993), "total", "Total 19,993 on page 2,000, which has items 19,991 to 19,992"),
    ],
)
def test_a_page_that_contradicts_its_own_total_is_told(one: Page, claim: str, words: str) -> None:
    found = wrong(one, is_last=True)
    assert found[claim] == [words]
    assert [other for other, texts in found.items() if texts] == [claim]


def test_an_empty_page_within_the_total_is_no_short_one() -> None:
    assert wrong(page(1, 0, 30))["pages"] == []


def test_what_is_not_known_is_not_judged() -> None:
    assert wrong(page(1)) == {"link": []}
    assert wrong(page(1, 10, 13, asked=0)) == {}, "longer than asked for"
    assert wrong(page(1, 0, 13, asked=0)) == {"link": []}
    assert wrong(page(1, 11, 11)) == {}
    assert pages.problems(page(1, 11, 11), is_last=True, linked=True).keys() == {"pagination-told"}


def test_a_list_that_is_not_linked_needs_no_links() -> None:
    one = page(2, 10, 30)
    assert wrong(one) == {"pages": [], "total": [], "link": []}
    assert wrong(one, linked=True)["link"] == ["list is not the last page and has no next link"]
    unreadable = page(2, 10, 30, link="nonsense")
    assert wrong(unreadable)["link"] == ["the Link of list cannot be read: 'nonsense'"]


def test_a_page_that_tells_nothing_is_told() -> None:
    silent = page(2, 10, None, per_page=None)
    assert [*pages.problems(silent, is_last=True, linked=False)["pagination-told"]] == [
        "list carries no Total",
        "list carries no Per-Page",
    ]
    assert "list carries no Link" in pages.problems(silent, is_last=False, linked=False)["pagination-told"]
