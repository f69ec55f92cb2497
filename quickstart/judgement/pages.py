"""What was read of a list in pages, and what its pages say together; items are judged page by page, by the tests."""

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from quickstart.exchange import following, paging
from quickstart.exchange.paging import Page
from quickstart.judgement import expect

_NAMED = 10  # pages that a sentence names
_ALIKE = 20  # ids that come twice


@dataclass
class Reading:
    """One list of the company ``company``: how much of it came, and how much of that was judged.

    ``total`` is how many items there are, ``last`` how many pages, where anybody knows; ``unfinished`` says why not all
    was read that was to be. Of each item its id alone is kept.
    """

    name: str
    company: int
    total: int | None = None
    last: int | None = None
    exhaustive: bool = False
    unfinished: str = ""
    items: int = 0
    pages: int = 0
    wrong: int = 0
    numbers: list[int] = field(default_factory=list)  # of the first pages that were read
    totals: set[int] = field(default_factory=set)
    mine: list[int] = field(default_factory=list)
    _latest: int = 0  # the page that was taken last
    _ids: "array[int]" = field(default_factory=lambda: array("q"))
    _starts: "array[int]" = field(default_factory=lambda: array("q"))  # where each page begins among the ids
    _pages: "array[int]" = field(default_factory=lambda: array("q"))

    def take(self, number: int, page: Page | None) -> None:
        """Count a page, or a part of one; ``None`` is one whose items cannot be read."""
        if page is not None and not page.count and number > 1:
            return  # there is no such page
        if number != self._latest:
            self._latest = number
            self.pages += 1
            self.numbers += [number] if len(self.numbers) < _NAMED else []
        if page is None:
            self.wrong += 1
            return
        self.items += len(page.items)
        self._starts.append(len(self._ids))
        self._pages.append(number)
        self._ids.extend(map(int, page.ids))
        self.totals |= {page.total} - {None} if len(self.totals) < _NAMED else set()  # type: ignore[arg-type]
        self.mine += [item["id"] for item in page.items if item.get("my_company")][:_NAMED]

    def shows(self, number: int) -> bool:
        """Whether an item of this id came."""
        return number in self._ids

    @property
    def is_whole(self) -> bool:
        """Whether all there is was read, as far as anybody knows."""
        return not (self.unfinished or self.wrong) and (self.total is None or self.items >= self.total)

    def twice(self) -> list[tuple[int, int, int]]:
        """Return ids that come on two pages, each with the pages, the first few."""
        ordered = sorted(self._ids)
        alike = {one for one, other in pairwise(ordered) if one == other}
        if not alike:
            return []
        where: dict[int, list[int]] = {}
        for at, start in enumerate(self._starts):
            end = self._starts[at + 1] if at + 1 < len(self._starts) else len(self._ids)
            for one in alike & {*self._ids[start:end]}:
                where.setdefault(one, []).append(self._pages[at])
        return [(one, pages[0], pages[1]) for one, pages in where.items() if len(pages) > 1 and pages[0] != pages[1]][
            :_ALIKE
        ]

    @property
    def sentence(self) -> str:
        """How much was judged, in words, without a full stop."""
        if self.is_whole and self.exhaustive:
            pages = f" on {self.pages:,} pages" if self.pages > 1 else ""
            return f"{self.name}: all {self.items:,} items{pages} were judged"
        of_all = f"{self.items:,} of {self.total:,} items" if self.total is not None else f"{self.items:,} items"
        named = ", ".join(f"{number:,}" for number in sorted(self.numbers))
        where = (
            f"page {named}"
            if self.pages == 1
            else f"pages {named}"
            if self.pages <= _NAMED
            else f"{self.pages:,} pages"
        )
        where += f" of {self.last:,}" if self.last is not None else ""
        told = f"{self.name}: {of_all} were judged, on {where}"
        if self.exhaustive:
            return f"{told} ({self.unfinished})" if self.unfinished else told
        return f"{told}: a sample; --exhaustive reads all"

    def as_plain(self) -> dict[str, Any]:
        """Return it as data for the verdict."""
        return {
            "name": self.name,
            "company": self.company,
            "exhaustive": self.exhaustive,
            "items": {"judged": self.items, "of": self.total},
            "pages": {"read": self.pages, "of": self.last, "numbers": sorted(self.numbers)},
            "complete": self.is_whole,
            "unfinished": self.unfinished,
        }


def problems(page: Page, *, is_last: bool, linked: bool) -> Mapping[str, Sequence[str]]:
    """Return what a page says wrongly of its list, by the claim that it breaks.

    All of it is measured by the page's own Total: the list may change while it is read. Not every list is ``linked``.
    """
    found: dict[str, Sequence[str]] = {"pagination-told": paging.untold_by(page, is_last=is_last)}
    if page.count <= page.asked:
        links = following.problems_of(page, is_last=is_last, size=page.total)
        found["link"] = [*links] if page.link or linked else []
    if page.total is not None and page.asked and page.count <= page.asked:
        found["pages"] = [*_short(page, page.total)]
        found["total"] = [*_total(page, page.total)]
    return found


def _short(page: Page, total: int) -> Iterator[str]:
    if page.number * page.asked <= total and 0 < page.count < page.asked:
        yield f"page {page.number:,} has {page.count} items of {page.asked}"


def _total(page: Page, total: int) -> Iterator[str]:
    before = (page.number - 1) * page.asked
    if not page.count and total > before:
        yield f"Total {total:,} on page {page.number:,}, which is empty"
    elif page.count and total < page.number * page.asked and page.count != total - before:
        yield f"Total {total:,} on page {page.number:,}, which has items {before + 1:,} to {before + page.count:,}"


def require_none(found: Sequence[str]) -> None:
    """Nothing of this was found."""
    __tracebackhide__ = True
    assert not found, expect.listed(found)


def require_one_of_mine(reading: Reading) -> None:
    """At most one company of all pages is the user's own."""
    __tracebackhide__ = True
    assert len(reading.mine) <= 1, f"my_company is true for {expect.listed(reading.mine)}"


def require_configured(reading: Reading) -> None:
    """The configured company is on one of the pages."""
    __tracebackhide__ = True
    assert reading.shows(reading.company), f"it is none of {reading.items:,} companies"
