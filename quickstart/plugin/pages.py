"""After the tests, the same tests judge further pages of each list: all of them (``--exhaustive``), or a sample."""

from collections import Counter
from collections.abc import Generator, Iterable

import pytest

from quickstart.exchange import paging
from quickstart.judgement import pages as together
from quickstart.judgement import verdict
from quickstart.judgement.companies import more_often
from quickstart.judgement.verdict import SATISFIED, Verdict
from quickstart.plugin.collection import REQUIREMENT
from quickstart.plugin.ends import Ends
from quickstart.plugin.findings import Findings
from quickstart.plugin.judging import Judging, StopError, is_idle, judges, say, takes
from quickstart.plugin.progress import Progress
from quickstart.plugin.reader import Broke, Reader
from quickstart.run.pages import MOST
from quickstart.run.run import Run


class Pages:
    """Reads what comes after the first page of each list of the configured company; ``readers`` are one for each."""

    def __init__(
        self,
        config: pytest.Config,
        run: Run,
        judging: Judging,
        ends: Ends,
        found: Findings,
    ) -> None:
        self._config = config
        self._run = run
        self._judging = judging
        self._ends = ends
        self._found = found
        self.exhaustive: bool = config.getoption("exhaustive")
        self._lists = {name: one.fixture for name, one in run.definitions.items() if one.series == name}
        self._items: dict[str, list[pytest.Function]] = {}  # that judge a page by itself, by list
        self._of: dict[str, pytest.Function] = {}  # by requirement
        self.readers: list[Reader] = []

    @property
    def _left(self) -> dict[str, str]:
        """The requirements that not all pages were judged by, each with how far it came."""
        return {
            item.stash[REQUIREMENT].id: one.reading.sentence
            for one in self.readers
            if one.reading.exhaustive and one.reading.unfinished
            for item in self._items[one.reading.name]
        }

    def counted(self, found: Iterable[Verdict]) -> list[Verdict]:
        """Return the verdicts: on how many pages more the same is broken, and what not all pages were judged by."""
        broken: Counter[tuple[str, str]] = sum((one.broken for one in self.readers), Counter())
        known = more_often(found, broken, r"\w+ pages? ", ("on 1 page", "on {:,} pages"))
        left = self._left
        return verdict.unreached(known, left.keys(), left)

    def lines(self) -> list[str]:
        """Return how much was judged, where that is not all, or where all was asked for."""
        known = [one.reading for one in self.readers]
        return [one.sentence for one in known if one.exhaustive or not one.is_whole]

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Find the tests that can judge a page by itself."""
        claims = [one for one in session.items if isinstance(one, pytest.Function) and REQUIREMENT in one.stash]
        self._items = {name: [one for one in claims if self._can_judge(one, name)] for name in self._lists}
        self._of = {one.stash[REQUIREMENT].id: one for one in claims}

    def _can_judge(self, item: pytest.Function, name: str) -> bool:
        wanted, fixture = takes(item), self._lists[name]
        if item.get_closest_marker("whole_list") or item.stash[REQUIREMENT].level == "observe":
            return False
        alone = bool(judges(item, [name])) if "judged" in wanted else fixture in wanted
        return alone and wanted <= {"judged" if "judged" in wanted else fixture, "run"}

    def reader(self, run: Run, name: str, *, words: str = "", broke: Broke | None = None) -> Reader | None:
        """Return what reads on in a list of ``run``, if its first page is right and any test judges pages."""
        first = run.answers.get(name)
        if first is None or not self._items.get(name) or not paging.is_right(first):
            return None
        return Reader(
            self._judging,
            run,
            first,
            name=name,
            items=self._items[name],
            of=self._of,
            exhaustive=self.exhaustive,
            words=words,
            broke=broke,
        )

    @pytest.hookimpl(wrapper=True)
    def pytest_runtestloop(self, session: pytest.Session) -> Generator[None, object, object]:
        """Judge further pages, once the tests have judged the first."""
        result = yield
        if is_idle(self._config):
            return result
        self.readers = [one for name in self._lists if (one := self.reader(self._run, name))]
        if self._run.cassettes is not None:
            return result  # recordings hold no more
        if self.exhaustive:
            self._announce()
        for one in self.readers:
            if self.exhaustive:
                self._all(one, session)
            elif f"{one.reading.name}-page-2" in self._run.planned:
                self._sample(one, session)
        return result

    def _announce(self) -> None:
        """Say beforehand what it will cost, and allow it."""
        costs, hour = [], None
        for one in self.readers:
            name, walk = one.reading.name, one.walk
            if walk.first.left_out:
                costs.append(f"{name} once more, whose {walk.first.count:,} items come in one answer")
            elif walk.last != 1 and walk.told is None:
                costs.append(f"{name} page by page to an end that no header tells, at most {MOST:,}")
            elif walk.last != 1:
                costs.append(f"{one.further:,} more pages of {name}")
            if walk.last != 1:
                one.allow(one.further)
                hour = one.hour
        if not costs:
            say(self._config, "exhaustive: no list has more than its first page")
            return
        further = sum(one.further for one in self.readers)
        told = f"exhaustive: {' and '.join(costs)}; {further:,} requests more, {self._run.client.allowance}"
        if hour is not None:
            enough = "" if hour >= further else ": not enough, it will be broken off"
            told += f"; the hour leaves {hour:,}, a tenth kept for others{enough}"
        say(self._config, told)

    def _all(self, one: Reader, session: pytest.Session) -> None:
        reading, progress = one.reading, Progress(self._config, one.reading.total, one.reading.name)
        reason = "broken off"  # a person has had enough, or -x
        try:
            one.read(session, progress.tell)
            reason = ""
        except StopError as error:
            reason = str(error)
        finally:
            progress.end()
            reading.unfinished = reason
            if reason:
                self._ends.left_unfinished(reading.sentence)
        if reading.is_whole and reading.name == "companies" and one.walk.last != 1:
            one.judge_whole("one-my-company", together.require_one_of_mine)
            if one.judge_whole("configured", together.require_configured) == SATISFIED:
                self._found.settle("companies.configured")

    def _sample(self, one: Reader, session: pytest.Session) -> None:
        """Read a few pages, of what is left of the requests that a run may send: nothing is promised, all is told."""
        try:
            one.read(session)
        except StopError:
            return
