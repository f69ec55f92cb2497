"""Which pages of a list are read: a few that say most, or all to an end that is always found."""

from __future__ import annotations

from typing import Any

import pytest

from quickstart.exchange.paging import Page
from quickstart.run import pages
from quickstart.run.pages import Walk

URL = "https://example.com/list"


def page(number: int, count: int, total: int | None = None, **links: int) -> Page:
    """A page of ten with items of its own."""
    targets = {name: f"{URL}?page={to}&per_page=10" for name, to in links.items()}
    items: list[Any] = [{"id": number * 10 + at} for at in range(count)]
    asked = 0 if number == 1 else 10
    return Page("list", URL, items, asked, number, number > 1, total, None, "x" * bool(links), targets)


def read(walk: Walk, *known: Page) -> list[int]:
    """The numbers of the pages that are read; those that are not ``known`` are empty."""
    found = {one.number: one for one in known}
    numbers = []
    for number in walk.numbers():
        numbers.append(number)
        walk.took(number, found.get(number) or page(number, 0, walk.first.total))
    return numbers


@pytest.mark.parametrize(
    ("first", "others", "expected"),
    [
        (page(1, 5, 5), (), []),
        (page(1, 10, 10), (), []),
        (page(1, 10, 95, next=2, last=10), (page(2, 10), page(10, 5)), [2, 10]),
        # Link and Total contradict each other: both last pages are looked at, and what comes after the nearer one.
        (page(1, 10, 90, next=2, last=7), (page(2, 10), page(7, 10), page(8, 10), page(9, 10)), [2, 7, 8, 9]),
        # A short page in the middle: where are its items?
        (page(1, 10, 95, next=2, last=10), (page(2, 7), page(3, 10), page(10, 5)), [2, 3, 10]),
        # The last page is empty: which one is the last?
        (page(1, 10, 95, next=2, last=10), (page(2, 10), page(9, 5)), [2, 10, 9]),
        # It has a next one.
        (page(1, 10, 95, next=2, last=10), (page(2, 10), page(10, 5, next=11)), [2, 10, 11]),
        # A later page tells of another last one.
        (page(1, 10, 95, next=2, last=10), (page(2, 10, last=6, next=3), page(6, 10), page(10, 5)), [2, 10, 6]),
    ],
)
def test_a_sample_looks_where_something_is_odd(first: Page, others: tuple[Page, ...], expected: list[int]) -> None:
    assert read(Walk(first, exhaustive=False), *others) == expected


def test_a_sample_is_bounded() -> None:
    short = [page(number, 3, 5000) for number in range(2, 500)]
    assert len(read(Walk(page(1, 10, 5000, next=2, last=500), exhaustive=False), *short)) == pages.SAMPLED


def test_all_pages_are_read_in_turn() -> None:
    walk = Walk(page(1, 10, 35, next=2, last=4), exhaustive=True)
    assert read(walk, page(2, 10, next=3), page(3, 10, next=4), page(4, 5)) == [2, 3, 4]
    assert (walk.last, walk.stopped) == (4, "")


def test_without_headers_an_empty_page_is_the_end() -> None:
    walk = Walk(replace_total(page(1, 100)), exhaustive=True)
    full = [replace_total(page(number, 100)) for number in (2, 3)]
    assert read(walk, *full) == [2, 3, 4]
    assert walk.last == 3


def replace_total(one: Page) -> Page:
    """A page of a hundred, with ids that no other page has."""
    return Page(one.name, one.url, [{"id": one.number * 1000 + at} for at in range(100)], *list(vars(one).values())[3:])


def test_a_list_without_end_and_without_headers_ends() -> None:
    walk = Walk(replace_total(page(1, 100)), exhaustive=True)
    number = 1
    for number in walk.numbers():
        walk.took(number, replace_total(page(number, 0)))
    assert number == pages.MOST
    assert "nothing tells of a last one" in walk.stopped
