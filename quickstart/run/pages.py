"""The pages of a list after its first: which of them are read, all or a sample, and how one is asked for."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from quickstart.exchange import fields, paging
from quickstart.exchange.answer import Answer
from quickstart.exchange.paging import Page
from quickstart.run.run import Run

SAMPLED = 5  # pages of a list besides the first, where not all are read
BEYOND = 5  # pages after the one that headers call the last
MOST = 10_000  # pages of a list whose headers tell of no last one
SECONDS = 5.0  # that each page adds to what a run may last, waits for the rate limit included


def ask(run: Run, name: str, number: int, length: int, rest: Callable[[Answer], None] | None = None) -> Answer:
    """Return a page of the list ``name``, or with ``number`` 0 the list once more, as it comes without a page.

    Raises:
        CouldNotTest: it cannot be sent; the message says why.
    """
    whole = run.definitions[name]
    query = {"page": str(number), "per_page": str(length)} if number else {}
    bearer = "latest" if run.disruptive and run.has_user_token else whole.bearer  # a refresh has replaced the first one
    words = f"{name} page {number}" if number else f"{name} again"
    page = replace(whole, name=words, query={**whole.query, **query}, bearer=bearer)
    return run.send(page, rest=rest, learns=False)


@dataclass
class Walk:
    """The way through a list from its ``first`` page, which came without a number: pages are as long as that one.

    ``took`` is told of each page. ``last`` is the number of the last page, once it is known; ``stopped`` says why the
    way ended before it.
    """

    first: Page
    exhaustive: bool
    last: int | None = None
    stopped: str = ""
    _before: Page | None = None
    _asked: set[int] = field(default_factory=set)
    _queue: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Know what the headers of the first page tell."""
        told = {number for number in (self._by_total, _last_link(self.first)) if number}
        self.told = max(told) if told else None  # the last page, as headers have it
        doubtful = {min(told) + 1} if len(told) > 1 else set()  # they contradict each other
        self._queue = sorted({2, *told, *doubtful} - {1})
        if not self.goes_on:
            self.last = 1

    @property
    def length(self) -> int:
        """How many items a page has."""
        return len(self.first.items)

    @property
    def _by_total(self) -> int | None:
        total = self.first.total or 0
        return -(-total // self.length) if total > 0 and self.length else None

    @property
    def goes_on(self) -> bool:
        """Whether there may be a second page."""
        if not self.length or self.first.left_out:
            return False
        untold = self.first.total is None and self.length >= paging.DEFAULT_PER_PAGE
        return untold or not paging.is_whole(self.first)

    def numbers(self) -> Iterator[int]:
        """Yield the number of the page to read next, until there is none."""
        while self.last is None and not self.stopped:
            number = len(self._asked) + 2 if self.exhaustive else self._next_sample()
            if number is None:
                return
            self._asked.add(number)
            yield number

    def _next_sample(self) -> int | None:
        left = [number for number in self._queue if number > 1 and number not in self._asked]
        return left[0] if left and len(self._asked) < SAMPLED else None

    def took(self, number: int, page: Page | None) -> None:
        """Take note of a page; ``None`` is one that is not right."""
        if self.exhaustive:
            self._took_in_turn(number, page)
        elif page is not None:
            self._suspect(number, page)

    def _took_in_turn(self, number: int, page: Page | None) -> None:
        before, self._before = self._before, page
        known = self.told or 0
        if page is None:
            self.last = number if self.told and number >= known else None
        elif not page.count:
            self.last = number - 1
        elif known and number < known:
            self.stopped = _repeats(page, before, self.first)
        elif repeats := _repeats(page, before, self.first):
            self.stopped, self.last = (repeats, None) if self.first.missing != [*paging.HEADERS] else ("", number - 1)
        elif "next" not in page.links and (known or page.count < self.length):
            self.last = number
        elif known and number >= known + BEYOND:
            self.stopped = f"page {number:,} has items, and page {known:,} was to be the last: the list does not end"
        elif number >= MOST:
            self.stopped = f"{MOST:,} pages were read, and nothing tells of a last one"

    def _suspect(self, number: int, page: Page) -> None:
        """Look at the neighbours of what does not fit."""
        known, last = self.told or 0, _last_link(page)
        if not known and (not page.count or _repeats(page, None, self.first)):
            self.last = number - 1
            return
        if page.count < self.length and number < known:
            self._queue.insert(0, number + 1)
        if not page.count and number == known:
            self.told = number - 1
            self._queue.insert(0, number - 1)
        if page.count and number >= known and "next" in page.links:
            self._queue.insert(0, number + 1)
        if last and known and last != known and number < known:
            self._queue.append(last)


def _last_link(page: Page) -> int | None:
    target = fields.target(page.url, page.links.get("last", "")) if "last" in page.links else None
    query = dict(part.partition("=")[::2] for part in target.query.split("&")) if target else {}
    return fields.whole(query.get("page"))


def _repeats(page: Page, before: Page | None, first: Page) -> str:
    """Say which page this one is over again, or nothing."""
    for other in filter(None, (before, first)):
        if page.ids == other.ids:
            return f"page {page.number:,} repeats page {other.number:,}: the list does not end"
    return ""
