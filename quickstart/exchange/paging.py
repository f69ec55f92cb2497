"""What the pages of a list and their headers promise: Link, Total and Per-Page (Procore's pagination page)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from quickstart.exchange import fields, links
from quickstart.exchange.answer import Answer, CouldNotTest

DEFAULT_PER_PAGE = 100  # Procore's reference
HEADERS = ("Link", "Total", "Per-Page")


@dataclass(frozen=True)
class Page:
    """One page of a list: what was asked for, what came, and what its headers say.

    ``asked`` is 0 where no length was asked for, ``named`` is whether the page was asked for by its number. ``total``
    and ``per_page`` are ``None`` where the header is missing; a header that is no whole number is -1, which no honest
    header says. ``link`` is the header as it came, or empty. ``left_out`` items came after those that were kept.
    """

    name: str
    url: str
    items: list[Any]
    asked: int
    number: int
    named: bool
    total: int | None
    per_page: int | None
    link: str
    links: Mapping[str, str]
    left_out: int = 0

    @property
    def count(self) -> int:
        """How many items came."""
        return len(self.items) + self.left_out

    @property
    def ids(self) -> list[int]:
        """The ids of its items."""
        return [item["id"] for item in self.items]

    @property
    def missing(self) -> list[str]:
        """The pagination headers that did not come."""
        there = (bool(self.link), self.total is not None, self.per_page is not None)
        return [name for name, is_there in zip(HEADERS, there, strict=True) if not is_there]


def page(answer: Answer) -> Page:
    """Read a page out of an answer.

    Raises:
        CouldNotTest: its body is not right.
    """
    query = parse_qs(urlsplit(answer.sent.url).query)
    link = answer.headers.get("Link", "").strip(" \t,")
    return Page(
        name=answer.name,
        url=answer.sent.url,
        items=answer.json,
        asked=fields.whole(query.get("per_page", [""])[-1]) or 0,
        number=fields.whole(query.get("page", [""])[-1]) or 1,
        named="page" in query,
        total=_whole(_told(answer, "Total")),
        per_page=_whole(_told(answer, "Per-Page")),
        link=link,
        links=links.by_relation(link, answer.sent.url),
        left_out=answer.left_out,
    )


def readable(answers: Iterable[Answer]) -> list[Page]:
    """Return the pages whose bodies are right; the others are judged where status, JSON and schema are."""
    return [page(answer) for answer in answers if is_right(answer)]


def ids_of(answer: Answer) -> set[int]:
    """Return the ids of a list; of one that is not right, none."""
    return {one for each in readable([answer]) for one in each.ids}


def is_right(answer: Answer) -> bool:
    """Whether status, JSON and schema are right."""
    try:
        return answer.json is not None
    except CouldNotTest:
        return False


def is_complete(answer: Answer) -> bool:
    """Whether a list without ``page`` and ``per_page`` is all there is.

    One of Total and Link may lie; if either says that this is all, the other is judged by it. But a full page of a
    list without links is only as complete as Total says: not every list has links.
    """
    return is_whole(page(answer))


def is_whole(first: Page) -> bool:
    """Whether this page, which was asked for without its number and length, is all there is."""
    count = first.count
    if first.left_out:
        return False  # what is not kept cannot be compared
    if "next" in first.links:
        by_total = first.total is not None and 0 <= first.total <= count
        return by_total or (first.per_page is not None and count < first.per_page)
    full = count >= (first.per_page or DEFAULT_PER_PAGE)
    return not full or first.total is None or first.total <= count


def _told(answer: Answer, name: str) -> str | None:
    """Return a header that has one value: once where a proxy on the way has repeated its line to the letter."""
    lines = {*answer.lines(name)}
    return lines.pop() if len(lines) == 1 else answer.headers.get(name)


def _whole(text: str | None) -> int | None:
    if text is None:
        return None
    number = fields.whole(text)
    return -1 if number is None else number


def size_of(whole: Page) -> int | None:
    """How many items there are in all, where that is known: Total is believed if it says that there are more."""
    count = whole.count
    if whole.left_out or is_whole(whole):
        return count
    return whole.total if whole.total is not None and whole.total > count else None


def is_last(one: Page, whole: Page) -> bool:
    """Whether nothing comes after this page."""
    size = size_of(whole)
    return size is not None and one.number * (one.asked or whole.count) >= size


def _is_too_long(one: Page) -> bool:
    return bool(one.asked) and one.count > one.asked


def per_page_problems(pages: Sequence[Page]) -> list[str]:
    """Say which pages are longer than asked for, or announce another length."""
    long = [f"{one.name} has {one.count} items, asked for {one.asked}" for one in pages if _is_too_long(one)]
    return long or [
        f"Per-Page {one.per_page} on {one.name}, {f'asked for {one.asked}' if one.asked else f'{one.count} items'}"
        for one in pages
        if one.per_page is not None and (one.per_page != one.asked if one.asked else one.per_page < one.count)
    ]


def require_honoured(pages: Iterable[Page]) -> None:
    """Raise CouldNotTest where a page is longer than asked for: another requirement judges that."""
    if any(_is_too_long(one) for one in pages):
        raise CouldNotTest("per_page is not honoured, so there are no pages to compare")


def page_problems(whole: Answer, first: Answer, second: Answer) -> list[str]:
    """Say what two halves of a list repeat or lose; ``whole`` is the list as it comes without paging.

    Raises:
        CouldNotTest: the pages are longer than asked for, which another requirement judges.
    """
    one, two = page(first), page(second)
    require_honoured((one, two))
    size = size_of(page(whole))
    expected = two.asked if size is None else min(size - one.asked, two.asked)
    problems = [f"id {repeated} on both pages" for repeated in sorted(set(one.ids) & set(two.ids))]
    counts = ((one, one.asked), (two, expected))
    problems += [
        f"page {half.number} has {len(half.items)} items of {count}"
        for half, count in counts
        if len(half.items) != count
    ]
    if is_complete(whole):
        lost = {item["id"] for item in whole.json} ^ {*one.ids, *two.ids}
        problems += [f"id {other} is on the pages or in the whole list, not in both" for other in sorted(lost)]
    return problems


def untold(whole: Answer, others: Iterable[Answer]) -> list[str]:
    """Say which answers lack a pagination header; Link only where there is more than this page."""
    all_of_it = page(whole)
    pages = (all_of_it, *readable(others))
    return [words for one in pages for words in untold_by(one, is_last=is_last(one, all_of_it))]


def untold_by(one: Page, *, is_last: bool) -> list[str]:
    """Say which pagination headers a page lacks."""
    missing = [name for name in one.missing if name != "Link" or not (is_last or _is_too_long(one))]
    return [f"{one.name} carries no {name}" for name in missing]


def total_problems(whole: Answer, others: Iterable[Answer]) -> list[str]:
    """Say on which answers Total is not the number of items.

    Raises:
        CouldNotTest: no answer carries a Total.
    """
    told = [(one.name, one.total) for one in (page(whole), *readable(others)) if one.total is not None]
    if not told:
        raise CouldNotTest("no answer carries a Total")
    count = page(whole).count
    if is_complete(whole) or whole.left_out:
        return [f"Total {total} on {name}, {count} items in all" for name, total in told if total != count]
    totals = {total for _, total in told}
    consistent = len(totals) == 1 and min(totals) > count
    return [] if consistent else [f"Total {total} on {name}, more than {count} items" for name, total in told]


def disagree(whole: Answer, others: Iterable[Answer], ours: int, foreign: int | None) -> bool:
    """Whether a list and its pages do not fit together, which may be because the list changed while it was read.

    No change brings what is not ours: where a project of another company is shown, or the ``foreign`` company, that is
    what is to be judged.
    """
    pages = readable((whole, *others))
    items = [item for one in pages for item in one.items]
    owners = {item["company"].get("id") for item in items if isinstance(item.get("company"), dict)}
    strange = owners - {ours} or foreign in {item["id"] for item in items}
    if not pages or pages[0].name != whole.name or strange:
        return False
    all_of_it, complete = pages[0], is_complete(whole)
    totals = {one.total for one in pages if one.total is not None}
    return len(totals) > 1 or any(_differs(one, all_of_it, complete) for one in pages)


def _differs(one: Page, whole: Page, complete: bool) -> bool:
    if not one.asked:
        return one.number == 1 and one.ids != whole.ids
    shown = whole.ids[(one.number - 1) * one.asked : one.number * one.asked]
    return (one.ids if complete else one.ids[: len(shown)]) != shown
