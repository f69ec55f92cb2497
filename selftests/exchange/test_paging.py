"""What pages and their headers promise, page by page: made by hand, each with one thing that is odd."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from quickstart.exchange import paging
from quickstart.exchange.answer import Answer, CouldNotTest
from quickstart.exchange.paging import Page
from selftests.support.made import answer

NEXT = '</rest/v1.0/companies?page=2>; rel="next"'
PAGES = {0: "companies", 1: "companies-page-1", 2: "companies-page-2", 3: "companies-next"}


def listed(
    ids: Sequence[int], number: int = 0, asked: int = 2, link: str = "", left_out: int = 0, **headers: str | int
) -> Answer:
    """A list of companies with these ids; ``number`` is the page that was asked for, 0 for none."""
    items = [{"id": one, "name": "a", "is_active": True} for one in ids]
    pairs = [(name.replace("_", "-"), str(value)) for name, value in headers.items()]
    pairs += [("Link", link)] if link else []
    query = f"?page={number}&per_page={asked}" if number else ""
    return answer(PAGES[number], 200, json.dumps(items).encode(), *pairs, query=query, left_out=left_out)


WRONG = answer("companies-page-2", 200, b'[{"id": "x"}]')


def test_a_page_is_read_out_of_its_answer() -> None:
    one = paging.page(listed([4, 5], 3, 2, f" , {NEXT} ,\t", Total=9, Per_Page=2))
    assert (one.name, one.asked, one.number, one.named, one.total, one.per_page) == ("companies-next", 2, 3, True, 9, 2)
    assert (one.link, one.links) == (NEXT, {"next": "/rest/v1.0/companies?page=2"})
    assert (one.ids, one.count, one.missing) == ([4, 5], 2, [])


def test_what_was_not_asked_for_and_did_not_come_is_nothing() -> None:
    one = paging.page(listed([4]))
    assert (one.asked, one.number, one.named, one.total, one.per_page, one.link) == (0, 1, False, None, None, "")
    assert one.missing == ["Link", "Total", "Per-Page"]
    assert paging.page(listed([4], Total="many")).total == -1
    assert paging.page(listed([4], Total=0)).missing == ["Link", "Per-Page"]
    assert paging.page(listed([4], left_out=3)).count == 4


def test_of_a_parameter_that_comes_twice_the_last_one_counts() -> None:
    """As Rails reads it, and as the links of a list are judged."""
    one = paging.page(answer("companies", 200, b"[]", query="?page=1&page=3&per_page=9&per_page=2"))
    assert (one.number, one.asked) == (3, 2)


def test_pages_that_are_wrong_are_passed_over() -> None:
    assert [one.ids for one in paging.readable([listed([1]), WRONG, answer("companies", 404, b"[]")])] == [[1]]
    assert paging.ids_of(listed([1, 2])) == {1, 2}
    assert paging.ids_of(WRONG) == set()
    assert paging.is_right(listed([]))
    assert paging.is_right(WRONG) is False
    assert paging.disagree(WRONG, [], 7, None) is False


HUNDRED = range(1, 101)


@pytest.mark.parametrize(
    ("whole", "is_whole", "size"),
    [
        (listed([1, 2]), True, 2),
        (listed([]), True, 0),
        (listed([1, 2], left_out=1), False, 3),
        (listed([1, 2], link=NEXT), False, None),
        (listed([1, 2], link=NEXT, Total=2), True, 2),
        (listed([1, 2], link=NEXT, Total=1), True, 2),
        (listed([1, 2], link=NEXT, Total=0), True, 2),
        (listed([1, 2], link=NEXT, Total="many"), False, None),
        (listed([1, 2], link=NEXT, Total=3), False, 3),
        (listed([1, 2], link=NEXT, Per_Page=3), True, 2),
        (listed([1, 2], link=NEXT, Per_Page=2), False, None),
        (listed([1, 2], link=NEXT, Per_Page=1), False, None),
        (listed([1, 2], Total=3), True, 2),  # not full: that there is more contradicts it
        (listed([1, 2], Per_Page=2), True, 2),
        (listed([1, 2], Per_Page=2, Total=2), True, 2),
        (listed([1, 2], Per_Page=2, Total=3), False, 3),
        (listed([1, 2], Per_Page=1, Total=3), False, 3),
        (listed(HUNDRED, Total=101), False, 101),
        (listed(HUNDRED[:-1], Total=101), True, 99),
        (listed(HUNDRED, Total=100), True, 100),
        (listed(HUNDRED), True, 100),
    ],
)
def test_a_list_is_all_there_is_as_link_and_total_say(whole: Answer, is_whole: bool, size: int | None) -> None:
    assert paging.is_complete(whole) is is_whole
    assert paging.size_of(paging.page(whole)) == size


@pytest.mark.parametrize(
    ("number", "ids", "whole", "last"),
    [
        (1, [1, 2], listed([1, 2, 3]), False),
        (2, [3], listed([1, 2, 3]), True),
        (1, [1, 2], listed([1, 2]), True),
        (3, [], listed([1, 2, 3, 4]), True),
        (3, [], listed([1, 2], link=NEXT), False),  # nobody knows
        (0, [1, 2], listed([1, 2]), True),
        (0, [1, 2], listed([1, 2], link=NEXT, Total=3), False),
    ],
)
def test_a_page_is_the_last_one_where_nothing_comes_after_it(
    number: int, ids: list[int], whole: Answer, last: bool
) -> None:
    assert paging.is_last(paging.page(listed(ids, number)), paging.page(whole)) is last


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (listed([1, 2], 1), []),
        (listed([1, 2, 3], 1), ["companies-page-1 has 3 items, asked for 2"]),
        (listed([1, 2], 1, Per_Page=2), []),
        (listed([1], 1, Per_Page=1), ["Per-Page 1 on companies-page-1, asked for 2"]),
        (listed([1], 1, Per_Page=3), ["Per-Page 3 on companies-page-1, asked for 2"]),
        (listed([1, 2], Per_Page=2), []),
        (listed([1, 2], Per_Page=100), []),
        (listed([1, 2], Per_Page=1), ["Per-Page 1 on companies, 2 items"]),
        (listed([1, 2], Per_Page="many"), ["Per-Page -1 on companies, 2 items"]),
    ],
)
def test_a_page_is_as_long_as_asked_for(one: Answer, words: list[str]) -> None:
    assert paging.per_page_problems([paging.page(one)]) == words


def test_pages_that_are_too_long_cannot_be_compared() -> None:
    right, long = paging.page(listed([1, 2], 1)), paging.page(listed([1, 2, 3], 2))
    paging.require_honoured([right, paging.page(listed([1, 2, 3]))])
    with pytest.raises(CouldNotTest, match="per_page is not honoured"):
        paging.require_honoured([right, long])
    both = paging.per_page_problems([paging.page(listed([1], 1, Per_Page=9)), long])
    assert both == ["companies-page-2 has 3 items, asked for 2"], "a page that is too long hides what it announces"


WHOLE, OPEN = listed([1, 2, 3]), listed([1, 2, 3], link=NEXT)


@pytest.mark.parametrize(
    ("whole", "one", "two", "words"),
    [
        (WHOLE, [1, 2], [3], []),
        (listed([1, 2, 3, 4, 5]), [1, 2], [3, 4], ["id 5 is on the pages or in the whole list, not in both"]),
        (OPEN, [1, 2], [3, 4], []),
        (OPEN, [1, 2], [3], ["page 2 has 1 items of 2"]),
        (listed([1, 2, 3], link=NEXT, Total=4), [1, 2], [3, 4], []),
        (listed([1, 2, 3], link=NEXT, Total=9), [1, 2], [3, 4], []),
        (listed([1, 2, 3], link=NEXT, Total=9), [1, 2], [3], ["page 2 has 1 items of 2"]),
        (OPEN, [1], [3, 4], ["page 1 has 1 items of 2"]),
        (OPEN, [1, 2], [2, 1], ["id 1 on both pages", "id 2 on both pages"]),
        (WHOLE, [1, 2], [], ["page 2 has 0 items of 1", "id 3 is on the pages or in the whole list, not in both"]),
        (WHOLE, [1, 2], [4], [f"id {one} is on the pages or in the whole list, not in both" for one in (3, 4)]),
    ],
)
def test_two_halves_of_a_list_repeat_and_lose_nothing(
    whole: Answer, one: list[int], two: list[int], words: list[str]
) -> None:
    assert paging.page_problems(whole, listed(one, 1), listed(two, 2)) == words


def test_halves_that_are_too_long_are_not_compared() -> None:
    for one, two in (([1, 2, 3], [4]), ([1, 2], [3, 4, 5])):
        with pytest.raises(CouldNotTest):
            paging.page_problems(WHOLE, listed(one, 1), listed(two, 2))


def test_link_is_wanted_only_where_there_is_more() -> None:
    told: dict[str, Any] = {"Total": 3, "Per_Page": 2}
    whole = listed([1, 2, 3], Total=3, Per_Page=100)
    assert paging.untold(whole, [listed([3], 2, **told)]) == []
    assert paging.untold(whole, [listed([1, 2], 1, **told), WRONG]) == ["companies-page-1 carries no Link"]
    assert paging.untold(whole, [listed([1, 2, 3], 1, **told)]) == [], "it is too long, so that nothing is left"
    assert paging.untold(listed([1]), []) == ["companies carries no Total", "companies carries no Per-Page"]
    assert paging.untold(whole, [listed([3], 2, Total=3)]) == ["companies-page-2 carries no Per-Page"]


@pytest.mark.parametrize(
    ("whole", "totals", "words"),
    [
        (listed([1, 2, 3], Total=3), [3], []),
        (listed([1, 2, 3], Total=3), [4], ["Total 4 on companies-page-1, 3 items in all"]),
        (listed([1, 2, 3], Total=2), [3], ["Total 2 on companies, 3 items in all"]),
        (listed([1, 2, 3], left_out=4), [7], []),
        (listed([1, 2, 3], left_out=4), [3], ["Total 3 on companies-page-1, 7 items in all"]),
        (listed([1, 2, 3], link=NEXT), [4], []),
        (listed([1, 2, 3], link=NEXT), [3], ["Total 3 on companies-page-1, more than 3 items"]),
        (listed([1, 2, 3], link=NEXT, Total=9), [9], []),
        (
            listed([1, 2, 3], link=NEXT, Total=9),
            [8],
            ["Total 9 on companies, more than 3 items", "Total 8 on companies-page-1, more than 3 items"],
        ),
    ],
)
def test_total_is_the_number_of_items(whole: Answer, totals: list[int], words: list[str]) -> None:
    assert paging.total_problems(whole, [listed([1, 2], 1, Total=one) for one in totals]) == words


def test_without_a_total_there_is_none_to_judge() -> None:
    with pytest.raises(CouldNotTest, match="no answer carries a Total"):
        paging.total_problems(WHOLE, [listed([1, 2], 1)])


@pytest.mark.parametrize(
    ("whole", "others", "fits"),
    [
        (WHOLE, [], True),
        (WHOLE, [listed([1, 2], 1), listed([3], 2)], True),
        (WHOLE, [listed([1, 2], 1), listed([4], 2)], False),
        (WHOLE, [listed([2, 1], 1)], False),
        (WHOLE, [listed([3, 4], 2)], False),
        (OPEN, [listed([1, 2], 1), listed([3, 4], 2), listed([5, 6], 3)], True),
        (OPEN, [listed([1, 2], 1), listed([9, 4], 2)], False),
        (listed([1, 2, 3], Total=3), [listed([1, 2], 1, Total=4)], False),
        (listed([1, 2, 3], Total=3), [listed([1, 2], 1, Total=3)], True),
        (WHOLE, [WRONG], True),
        (answer("companies", 200, b"[1]"), [listed([1, 2], 1), listed([4], 2)], True),  # judged by its schema
        (answer("companies", 404, b"[]"), [], True),
    ],
)
def test_a_list_that_changed_while_it_was_read_does_not_fit_together(
    whole: Answer, others: list[Answer], fits: bool
) -> None:
    assert paging.disagree(whole, others, 7, None) is not fits


def test_a_list_that_was_asked_for_again_without_pages_is_compared_as_a_whole() -> None:
    def again(ids: Sequence[int], page: str = "") -> Answer:
        items: list[Any] = [{"id": one, "name": "a", "is_active": True} for one in ids]
        return answer("companies-next", 200, json.dumps(items).encode(), query=page)

    assert not paging.disagree(WHOLE, [again([1, 2, 3])], 7, None)
    assert paging.disagree(WHOLE, [again([1, 2])], 7, None)
    assert not paging.disagree(WHOLE, [again([4], "?page=2")], 7, None)


def test_a_page_that_has_no_pages_is_told_by_hand() -> None:
    one = Page("a", "https://example.com/", [], 0, 1, named=False, total=None, per_page=None, link="", links={})
    assert paging.untold_by(one, is_last=False) == ["a carries no Link", "a carries no Total", "a carries no Per-Page"]
