"""What the pagination headers of a list promise: Link, Total and Per-Page (Procore's pagination page)."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from quickstart.exchange import fields
from quickstart.exchange.answer import Answer, CouldNotTest
from quickstart.exchange.targets import is_procores

DEFAULT_PER_PAGE = 100  # Procore's reference


@dataclass(frozen=True)
class Page:
    """One page of a list: what was asked for, what came, and what its headers say.

    ``total``, ``per_page`` and ``next_page`` are ``None`` where the header is missing; a header that is no whole number
    is -1, which no honest header says.
    """

    items: list[Any]
    asked: int
    number: int
    total: int | None
    per_page: int | None
    links: dict[str, str]

    @property
    def ids(self) -> list[int]:
        """The ids of its items."""
        return [item["id"] for item in self.items]

    @property
    def has_headers(self) -> bool:
        """Whether any pagination header came: not all endpoints send them."""
        return bool(self.links) or self.total is not None or self.per_page is not None


def page(answer: Answer) -> Page:
    """Read a page out of an answer whose body is known to be right."""
    query = parse_qs(urlsplit(answer.sent.url).query)
    return Page(
        items=answer.json,
        asked=int(query["per_page"][0]) if "per_page" in query else 0,
        number=int(query["page"][0]) if "page" in query else 1,
        total=_whole(answer.headers.get("Total")),
        per_page=_whole(answer.headers.get("Per-Page")),
        links=fields.links(answer.headers.get("Link")),
    )


def is_complete(answer: Answer) -> bool:
    """Whether a list without ``page`` and ``per_page`` is all there is.

    One of Total and Link may lie; if either says that this is all, the other is judged by it. But a full page of a
    list without links is only as complete as Total says: not every list has links.
    """
    first = page(answer)
    count = len(first.items)
    if "next" in first.links:
        return first.total is not None and 0 <= first.total <= count
    full = count >= (first.per_page or DEFAULT_PER_PAGE)
    return not full or first.total is None or first.total <= count


def _whole(text: str | None) -> int | None:
    if text is None:
        return None
    number = fields.whole(text)
    return -1 if number is None else number


def per_page_problems(pages: list[Page]) -> list[str]:
    """Say which pages are longer than asked for, or announce another length."""
    long = [
        f"page {page.number} has {len(page.items)} items, asked for {page.asked}"
        for page in pages
        if len(page.items) > page.asked
    ]
    return long or [
        f"Per-Page {page.per_page} on page {page.number}, asked for {page.asked}"
        for page in pages
        if page.per_page not in {None, page.asked}
    ]


def _halves(first: Answer, second: Answer) -> tuple[Page, Page]:
    pages = page(first), page(second)
    if any(len(half.items) > half.asked for half in pages):
        raise CouldNotTest("per_page is not honoured, so there are no pages to compare")
    return pages


def page_problems(whole: Answer, first: Answer, second: Answer) -> list[str]:
    """Say what two halves of a list repeat or lose; ``whole`` is the list as it comes without paging.

    Raises:
        CouldNotTest: the pages are longer than asked for, which another requirement judges.
    """
    one, two = _halves(first, second)
    expected = len(whole.json) - one.asked if is_complete(whole) else two.asked
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


def link_problems(whole: Answer, first: Answer, second: Answer) -> list[str]:
    """Say where the Link headers of two halves lead astray.

    Raises:
        CouldNotTest: there is no Link header, or the pages are longer than asked for.
    """
    one, two = _halves(first, second)
    if not one.links and not two.links:
        raise CouldNotTest("no page carries a Link header")
    problems = _next_problems(one, first, 2)
    if is_complete(whole):
        problems += [f"page 2 is the last and has a next link to {two.links['next']}"] if "next" in two.links else []
        problems += _last_problems(one)
    else:
        problems += _next_problems(two, second, 3)
    return problems


def _next_problems(current: Page, answer: Answer, number: int) -> list[str]:
    if "next" not in current.links:
        return [f"page {current.number} is not the last and has no next link"]
    target, asked = fields.target(answer.sent.url, current.links["next"]), urlsplit(answer.sent.url)
    if target is None:
        return [f"the next link of page {current.number} is no URL"]
    same_site = (target.scheme, target.netloc) == (asked.scheme, asked.netloc) or is_procores(target.geturl())
    if not same_site or target.path != asked.path:
        return [f"the next link of page {current.number} leads to {target.scheme}://{target.netloc}{target.path}"]
    to = parse_qs(target.query).get("page", ["none"])[-1]
    return [] if to == str(number) else [f"the next link of page {current.number} leads to page {to}"]


def _last_problems(one: Page) -> list[str]:
    if "last" not in one.links:
        return []
    target = fields.target("", one.links["last"])
    last = parse_qs(target.query if target else "").get("page", ["none"])[-1]
    return [] if last == "2" else [f"the last link of page 1 leads to page {last} of 2"]


def total_problems(whole: Answer, pages: list[Answer]) -> list[str]:
    """Say on which answers Total is not the number of items.

    Raises:
        CouldNotTest: no answer carries a Total.
    """
    told = [(answer.name, page(answer).total) for answer in (whole, *pages) if page(answer).total is not None]
    if not told:
        raise CouldNotTest("no answer carries a Total")
    count = len(whole.json)
    if is_complete(whole):
        return [f"Total {total} on {name}, {count} items in all" for name, total in told if total != count]
    totals = {total for _, total in told}
    consistent = len(totals) == 1 and min(totals) > count  # type: ignore[type-var, operator]
    return [] if consistent else [f"Total {total} on {name}, more than {count} items" for name, total in told]
