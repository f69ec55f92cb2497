"""Reads the pages of one list one after the other, lets the tests judge each, and forgets it but for its ids."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial

import pytest

from quickstart.exchange import paging, reading, waits
from quickstart.exchange.answer import Answer, CouldNotTest
from quickstart.exchange.client import SPARE_SHARE
from quickstart.exchange.paging import Page
from quickstart.judgement import pages as together
from quickstart.judgement.pages import Reading
from quickstart.plugin.collection import REQUIREMENT
from quickstart.plugin.judging import BROKEN, Judging, Patience, StopError, arguments, stop_where_asked_to
from quickstart.run import pages
from quickstart.run.pages import Walk
from quickstart.run.run import Run

_INDEX = re.compile(r"(?<!\S)/(\d+)(?=[/:])")  # of an item, where a message begins with it
Broke = Callable[[str, str, str, Run], None]  # gets requirement, verdict, detail, and the run of that page alone


class Reader:
    """One list of ``run``'s company. ``items`` are the tests that judge a page by itself, ``of`` all by requirement.

    ``words`` stand before what messages say; ``broken`` counts what was broken, by requirement and verdict.
    """

    def __init__(
        self,
        judging: Judging,
        run: Run,
        first: Answer,
        *,
        name: str,
        items: Sequence[pytest.Function],
        of: Mapping[str, pytest.Function],
        exhaustive: bool,
        words: str = "",
        broke: Broke | None = None,
    ) -> None:
        self._judging = judging
        self._run = run
        self._items = items
        self._of = of
        self._fixtures = {run.definitions[name].fixture: name}
        self._words = words
        self._broke = broke
        self._patience = Patience(run, "pages")
        self._headers: Mapping[str, str] = first.headers
        self.broken: Counter[tuple[str, str]] = Counter()
        page = paging.page(first)
        self.walk = Walk(page, exhaustive)
        self.reading = Reading(name, run.credentials.company_id, exhaustive=exhaustive)
        self.reading.total = page.total if page.total is not None and page.total >= page.count else None
        if self.walk.last == 1:
            self.reading.total = page.count
        self.reading.last = self.walk.last or self.walk.told
        self.reading.take(1, page)

    @property
    def further(self) -> int:
        """How many requests more it takes, as far as headers tell."""
        return 1 if self.walk.first.left_out else (self.walk.told or 1) - 1

    @property
    def hour(self) -> int | None:
        """How many requests the hour leaves, where answers tell."""
        return waits.left_of_the_hour(self._headers)

    def allow(self, requests: int) -> None:
        """Let the run send so many requests more, and some of them again; it is not to wait for another hour."""
        self._run.client.grow(requests * (1 + 1 / SPARE_SHARE), requests * pages.SECONDS, patient=False)

    def read(self, session: pytest.Session, tell: Callable[[int], None] = lambda _: None) -> None:
        """Read and judge what comes after the first page; ``tell`` is told how many items were judged.

        Raises:
            StopError: there is no going on; the message says why.
        """
        if self.walk.first.left_out and self.walk.exhaustive:
            self._rest(session, tell)
            return
        self._walk(session, tell)
        self.reading.last = self.walk.last or self.walk.told
        self._compare()
        if self.walk.stopped:
            self._judge_by("pages", [self.walk.stopped], self._run)
            raise StopError(self.walk.stopped)

    def _walk(self, session: pytest.Session, tell: Callable[[int], None]) -> None:
        before: tuple[Page, Run] | None = None
        for number in self.walk.numbers():
            stop_where_asked_to(session)
            self._refuse(number)
            answer = self._asked(number)
            page = paging.page(answer) if paging.is_right(answer) else None
            if before:
                self._judge_list(*before, page if page and page.number == before[0].number + 1 else None)
                before[1].forget()
            self.walk.took(number, page)
            if page and number > (self.walk.told or 0) and self.walk.last == number - 1:
                before = None  # it only shows that there is nothing more
                continue
            other = self._judge(answer, f"{self.reading.name} page {number:,}")
            self.reading.take(number, page)
            before = (page, other) if page else None
            tell(self.reading.items)
        if before:
            self._judge_list(*before, None)

    def _refuse(self, number: int) -> None:
        if not self.walk.exhaustive:
            if self._run.client.left < 1:
                raise StopError("the run has no request left")
            return
        if self.hour == 0:
            minutes = (waits.until_reset(self._headers) or 0) / 60
            raise StopError(
                "the hour's requests are used up, but for the tenth that is left to others; "
                f"there are more in {minutes:.0f} min"
            )
        if number > self.further + 1:  # nobody told of it
            self.allow(1)

    def _asked(self, number: int, rest: Callable[[Answer], None] | None = None) -> Answer:
        try:
            answer = pages.ask(self._run, self.reading.name, number, self.walk.length, rest)
        except CouldNotTest as reason:
            raise StopError(str(reason)) from None
        self._patience.after(answer, self._words + answer.name)
        self._headers = answer.headers
        return answer

    def _rest(self, session: pytest.Session, tell: Callable[[int], None]) -> None:
        """Ask for a list that ignores paging once more, and judge what was not kept of its first answer as it comes."""
        at, name = self.walk.length, self.reading.name

        def judge(answer: Answer) -> None:
            nonlocal at
            stop_where_asked_to(session)
            page = paging.page(answer) if paging.is_right(answer) else None
            self._judge(answer, f"{name} page 1", at).forget()
            self.reading.take(1, page)
            at += reading.BATCH
            tell(self.reading.items)

        answer = self._asked(0, judge)
        if not answer.left_out:
            raise StopError(f"{name} was answered otherwise when it was asked for again ({answer.outcome})")

    def _judge(self, answer: Answer, words: str, offset: int = 0) -> Run:
        """Judge a page by the tests that judge it by itself; ``offset`` items of it came before these."""
        other = self._run.beside(self._run.credentials.company_id, {self.reading.name: answer})
        for item in self._items:
            self._tell(item, partial(_call, item, other, self._fixtures, offset), other, words)
        return other

    def _tell(self, item: pytest.Function, judging: Callable[[], None], other: Run, words: str) -> str:
        words = f"{self._words}{words}"
        found, detail = self._judging.judge(item, judging, other, words, words)
        if found in BROKEN:
            requirement = item.stash[REQUIREMENT].id
            self.broken[requirement, found] += 1
            if self._broke is not None:
                self._broke(requirement, found, f"{words}: {detail}", other)
        return found

    def _judge_by(self, claim: str, found: Sequence[str], other: Run, words: str = "") -> None:
        """Let the test of a claim say what the pages of the list say together."""
        item = self._of.get(f"{self.reading.name}.{claim}")
        if found and item is not None and item.stash[REQUIREMENT].level != "observe":
            self._tell(
                item, partial(together.require_none, found), other, words or f"{self.reading.name} pages together"
            )

    def _judge_list(self, page: Page, other: Run, after: Page | None) -> None:
        """Judge what a page says of its list; ``after`` is the next page, where it was read."""
        if after is not None:
            is_last = not after.count
        elif self.walk.last is not None:
            is_last = page.number == self.walk.last
        elif page.total is not None:
            is_last = page.number * page.asked >= page.total
        else:
            is_last = "next" not in page.links
        for claim, found in together.problems(page, is_last=is_last, linked=bool(self.walk.first.link)).items():
            self._judge_by(claim, found, other, f"{self.reading.name} page {page.number:,}")

    def _compare(self) -> None:
        """Judge what all pages say together. What came twice counts where it does so again: lists change."""
        again: dict[int, set[int]] = {}
        twice: list[str] = []
        for one, *where in self.reading.twice():
            for number in where:
                if number not in again and self._run.client.left > 0 and len(again) < 2 * pages.SAMPLED:
                    again[number] = paging.ids_of(self._asked(number))
            if all(one in again.get(number, ()) for number in where):
                twice.append(f"id {one} on pages {where[0]:,} and {where[1]:,}")
        self._judge_by("pages", twice, self._run)

    def judge_whole(self, claim: str, judging: Callable[[Reading], None]) -> str:
        """Return the verdict of a claim that needs all pages; an empty text where nobody asks for it."""
        item = self._of.get(f"{self.reading.name}.{claim}")
        if item is None:
            return ""
        return self._tell(item, partial(judging, self.reading), self._run, f"{self.reading.name} pages together")


def _call(item: pytest.Function, other: Run, fixtures: Mapping[str, str], offset: int) -> None:
    """Call a test; what it says of an item's index is that in the whole answer."""
    try:
        item.obj(**arguments(item, other, fixtures))
    except AssertionError as error:
        if offset and error.args:
            error.args = (_INDEX.sub(lambda found: f"/{int(found[1]) + offset}", str(error.args[0])),)
        raise
