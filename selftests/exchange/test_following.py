"""Where the links of a list lead: each way to lead astray is told, and what is right is not."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

import pytest

from quickstart.exchange import following, paging
from quickstart.exchange.answer import Answer, CouldNotTest, Failure
from quickstart.exchange.paging import Page
from selftests.support.made import answer

PATH = "/rest/v1.0/companies"
ASTRAY = "the next link of companies-page-1 leads to"
SITE = "https://sandbox.procore.com"
PAGES = {0: "companies", 1: "companies-page-1", 2: "companies-page-2", 3: "companies-next"}


def link(**relations: str | int) -> str:
    """A Link header; a number is the page that the link leads to."""
    places = {name: f"{PATH}?page={to}&per_page=2" if isinstance(to, int) else to for name, to in relations.items()}
    return ", ".join(f'<{to}>; rel="{name}"' for name, to in places.items())


def listed(ids: Sequence[int], number: int = 0, header: str = "", *, asked: int = 2, left_out: int = 0) -> Answer:
    """A list of companies with these ids; ``number`` is the page that was asked for, 0 for none."""
    items = [{"id": one, "name": "a", "is_active": True} for one in ids]
    query = f"?page={number}&per_page={asked}" if number else ""
    pairs = [("Link", header)] if header else []
    return answer(PAGES[number], 200, json.dumps(items).encode(), *pairs, query=query, left_out=left_out)


def page(number: int, header: str = "") -> Page:
    return paging.page(listed([number * 2 - 1, number * 2], number, header))


@pytest.mark.parametrize(
    ("one", "is_last", "size", "words"),
    [
        (page(1, link(next=2)), False, None, []),
        (page(1, link(next=2, last=2, first=1)), False, 3, []),
        (page(2, link(first=1, prev=1, last=2)), True, 3, []),
        (page(2, link(last=2)), True, 4, []),
        (page(2), True, 4, []),
        (page(2, "nonsense"), False, None, ["the Link of companies-page-2 cannot be read: 'nonsense'"]),
        (page(1), False, None, ["companies-page-1 is not the last page and has no next link"]),
        (page(1, link(next=3)), False, None, ["the next link of companies-page-1 leads to page 3"]),
        (
            page(2, link(next=3)),
            True,
            None,
            [f"companies-page-2 is the last page and has a next link to {PATH}?page=3&per_page=2"],
        ),
        (page(2, link(first=2)), True, None, ["the first link of companies-page-2 leads to page 2, not to 1"]),
        (page(2, link(prev=2)), True, None, ["the prev link of companies-page-2 leads to page 2, not to 1"]),
        (page(2, link(last=3)), True, 4, ["the last link of companies-page-2 leads to page 3, not to 2"]),
        (page(2, link(last=2)), True, 5, ["the last link of companies-page-2 leads to page 2, not to 3"]),
        (page(2, link(last=9)), True, None, []),
        (page(2, link(first="https://[")), True, None, ["the first link of companies-page-2 is no URL"]),
        (page(2, link(first=PATH)), True, None, []),
        (
            page(2, link(first="/other?page=1")),
            True,
            None,
            [f"the first link of companies-page-2 leads to {SITE}/other"],
        ),
        (
            page(1, link(prev=1)),
            True,
            None,
            [f"companies-page-1 is the first page and has a prev link to {PATH}?page=1&per_page=2"],
        ),
        (page(3, link(prev=PATH)), True, None, ["the prev link of companies-next leads to page 1, not to 2"]),
        (page(2, link(first=f"{PATH}?page=7&page=1")), True, None, []),
        (paging.page(listed([1, 2])), False, 5, []),
        (paging.page(listed([1, 2], 0, link(last=9))), True, 5, []),
        (
            paging.page(listed([1, 2], 0, link(first=1))),
            False,
            5,
            ["companies is not the last page and has no next link"],
        ),
    ],
)
def test_links_of_a_page_lead_where_they_say(one: Page, is_last: bool, size: int | None, words: list[str]) -> None:
    assert [*following.problems_of(one, is_last=is_last, size=size)] == words


def test_an_unreadable_link_is_told_by_its_beginning() -> None:
    (told,) = following.problems_of(page(2, "a" * 100), is_last=True, size=None)
    assert told.endswith(repr("a" * 60))


@pytest.mark.parametrize(
    ("to", "words"),
    [
        (f"{PATH}?page=2", ""),
        (f"{SITE}{PATH}?page=2", ""),
        (f"https://us02.procore.com{PATH}?page=2", ""),
        (f"https://api.procore.com{PATH}?page=2", f"{ASTRAY} https://api.procore.com{PATH}"),
        (f"https://login-sandbox.procore.com{PATH}?page=2", f"{ASTRAY} https://login-sandbox.procore.com{PATH}"),
        (f"{PATH}?page=1&page=2", ""),
        (f"{PATH}?page=2&page=1", "the next link of companies-page-1 leads to page 1"),
        (PATH, "the next link of companies-page-1 leads to page none"),
        ("https://[", "the next link of companies-page-1 is no URL"),
        ("/other?page=2", f"the next link of companies-page-1 leads to {SITE}/other"),
        (f"https://example.com{PATH}?page=2", f"the next link of companies-page-1 leads to https://example.com{PATH}"),
        (
            f"http://sandbox.procore.com{PATH}?page=2",
            f"the next link of companies-page-1 leads to {SITE.replace('s:', ':')}{PATH}",
        ),
        (f"https://sandbox.procore.com:444{PATH}?page=2", ""),
    ],
)
def test_the_next_link_leads_to_the_next_page_of_the_same_list(to: str, words: str) -> None:
    assert following.next_problem(page(1, link(next=to))) == words


def test_a_stand_in_leads_to_itself_alone() -> None:
    one = replace(page(1, link(next=f"{PATH}?page=2")), url=f"https://127.0.0.1:8443{PATH}?page=1")
    assert following.next_problem(one) == ""
    for elsewhere in ("https://127.0.0.1:8444", "http://127.0.0.1:8443", "https://localhost:8443"):
        astray = replace(one, links={"next": f"{elsewhere}{PATH}?page=2"})
        assert following.next_problem(astray).endswith(f"leads to {elsewhere}{PATH}")


def test_links_of_a_list_are_judged_with_those_of_its_pages() -> None:
    whole = listed([1, 2, 3], 0, link(first=1))
    right = [listed([1, 2], 1, link(next=2, last=2)), listed([3], 2, link(prev=1))]
    assert following.link_problems(whole, right) == []
    wrong = [listed([1, 2], 1, link(next=2, last=3)), listed([3], 2, link(next=3))]
    assert following.link_problems(whole, wrong) == [
        "the last link of companies-page-1 leads to page 3, not to 2",
        f"companies-page-2 is the last page and has a next link to {PATH}?page=3&per_page=2",
    ]
    assert following.link_problems(listed([1, 2, 3]), [listed([1, 2], 1, link(next=1))])
    assert following.link_problems(listed([1, 2, 3], 0, link(first=2)), []) == [
        "the first link of companies leads to page 2, not to 1"
    ]


def test_a_list_without_links_or_of_pages_that_are_too_long_is_not_judged() -> None:
    with pytest.raises(CouldNotTest, match="no page carries a Link header"):
        following.link_problems(listed([1, 2, 3]), [listed([1, 2], 1)])
    with pytest.raises(CouldNotTest, match="per_page is not honoured"):
        following.link_problems(listed([1, 2, 3]), [listed([1, 2, 3], 1, link(next=2))])


def test_a_next_link_keeps_what_was_asked_for() -> None:
    assert following.query_problems([page(1, link(next=2))]) == []
    left_out = page(1, link(next=f"{PATH}?page=2"))
    changed = page(2, link(next=f"{PATH}?page=3&per_page=2&per_page=9"))
    assert following.query_problems([left_out, changed, page(3)]) == [
        "the next link of companies-page-1 has nothing for per_page=2",
        "the next link of companies-page-2 has 9 for per_page=2",
    ]
    with pytest.raises(CouldNotTest, match="no page carries a link to the next one"):
        following.query_problems([page(1), page(2, link(next=9))])


@pytest.mark.parametrize("relation", ["first", "prev", "last"])
def test_other_links_keep_what_was_asked_for_too(relation: str) -> None:
    """Whatever is with the next link of their page; a link that leads elsewhere is judged by another requirement."""
    changed = page(2, link(**{relation: f"{PATH}?page=1"}))
    elsewhere = page(2, link(**{relation: "https://example.com/other?page=1"}))
    astray = page(2, link(next=f"{PATH}?page=9"))
    assert following.query_problems([page(1, link(next=2)), changed, elsewhere, astray]) == [
        f"the {relation} link of companies-page-2 has nothing for per_page=2"
    ]


def test_of_a_parameter_that_was_asked_for_twice_the_last_one_is_kept() -> None:
    one = replace(page(1, link(next=2)), url=f"{SITE}{PATH}?page=1&per_page=9&per_page=2")
    assert following.query_problems([one]) == []
    other = replace(one, url=f"{SITE}{PATH}?page=1&per_page=2&per_page=9")
    assert following.query_problems([other]) == ["the next link of companies-page-1 has 2 for per_page=9"]


FIRST = listed([1, 2], 1, link(next=2))
WHOLE = listed([1, 2, 3], 0)
OPEN = listed([1, 2, 3], 0, link(next=2))


@pytest.mark.parametrize(
    ("whole", "walked", "words"),
    [
        (WHOLE, [FIRST, listed([3], 2)], []),
        (OPEN, [FIRST, listed([3, 4], 2)], []),
        (OPEN, [FIRST, listed([3], 2)], ["2 pages hold 3 items of 4"]),
        (WHOLE, [FIRST, listed([4], 2)], ["id 4 is not in the whole list"]),
        (WHOLE, [FIRST, listed([2], 2)], ["id 2 comes twice"]),
        (WHOLE, [FIRST, listed([], 2)], ["2 pages hold 2 items of 3"]),
        (WHOLE, [FIRST, listed([3, 4], 2)], ["2 pages hold 4 items of 3", "id 4 is not in the whole list"]),
        (listed([1, 2, 3, 4, 5]), [FIRST, listed([3, 4], 2), listed([5], 3)], []),
        (WHOLE, [FIRST, answer("companies-page-2", 404)], ["the next link to companies-page-2 leads to 404"]),
        (
            WHOLE,
            [FIRST, answer("companies-page-2", 200, b"no")],
            ["the next link to companies-page-2 leads to no JSON"],
        ),
        (
            WHOLE,
            [FIRST, answer("companies-page-2", 200, b"{}")],
            ["the next link to companies-page-2 leads to a list that breaks its schema"],
        ),
        (
            WHOLE,
            [FIRST, answer("companies-page-2", failure=Failure("reset", "gone"))],
            ["the next link to companies-page-2 leads to no answer: gone"],
        ),
        (WHOLE, [FIRST], []),
    ],
)
def test_whoever_follows_the_links_meets_each_item_once(whole: Answer, walked: list[Answer], words: list[str]) -> None:
    assert following.walk_problems(whole, walked) == words


@pytest.mark.parametrize(
    ("walked", "words"),
    [
        ([listed([1, 2], 1)], "companies-page-1 is not the last page and has no next link"),
        ([listed([1, 2, 3], 1, link(next=2))], "per_page is not honoured"),
        ([answer("companies-page-1", 404)], "companies-page-1 did not answer as it must"),
        ([FIRST, answer("companies-page-2", 429)], "companies-page-2 was answered 429"),
        ([FIRST, answer("companies-page-2", failure=Failure("dns", "gone"))], "companies-page-2 did not answer"),
    ],
)
def test_a_walk_that_cannot_be_begun_or_was_cut_off_says_nothing(walked: list[Answer], words: str) -> None:
    with pytest.raises(CouldNotTest, match=words):
        following.walk_problems(WHOLE, walked)
