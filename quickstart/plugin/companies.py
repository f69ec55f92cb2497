"""``--companies``: after the tests, the same tests judge every other company, one company after the other.

A company is asked, judged by all tests that can judge it, and forgotten but for what it broke: thousands of companies
take as much memory as one. The state of a requirement stays that of the whole run: violated if it is in any company.
"""

import re
from collections.abc import Generator, Sequence
from functools import partial
from pathlib import Path

import pytest

from quickstart.exchange.answer import CouldNotTest
from quickstart.exchange.client import BUDGET_SPENT
from quickstart.judgement import diagnosis, facts, verdict
from quickstart.judgement.companies import JUDGED, NOT_CONNECTED, NOT_TESTED, Asked, Breach, Company
from quickstart.plugin.collection import REQUIREMENT
from quickstart.plugin.ends import Ends
from quickstart.plugin.judging import (
    BROKEN,
    Judging,
    Patience,
    StopError,
    arguments,
    is_idle,
    judges,
    say,
    stop_where_asked_to,
    takes,
)
from quickstart.plugin.pages import Pages
from quickstart.plugin.progress import Progress
from quickstart.plugin.reader import Reader
from quickstart.run import companies
from quickstart.run.companies import Listed
from quickstart.run.run import Run

ALL = "all"
_LONGEST = 500  # characters of what came instead
_ID = re.compile(r"[0-9]{1,18}")
_LARGEST = 2_000_000  # bytes of a file of ids


def wanted(given: str) -> Sequence[int] | None:
    """Return the ids that ``--companies`` names: ids with commas between, or a file with one a line; ``None`` is all.

    Raises:
        pytest.UsageError: it is neither.
    """
    if given == ALL:
        return None
    path = Path(given)
    if re.fullmatch(r"[0-9, ]+", given):
        words = given.replace(",", " ").split()
    else:
        try:
            if not path.is_file() or path.stat().st_size > _LARGEST:
                raise OSError
            lines = path.read_text(encoding="utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError, ValueError):
            raise pytest.UsageError(
                f"--companies={given!a:.80} is neither all, nor ids such as 4265001,4265002, nor a file of ids."
            ) from None
        words = [word for line in lines if (word := line.partition("#")[0].strip().strip(","))]
    wrong = next((word for word in words if not _ID.fullmatch(word) or not int(word)), None)
    if wrong is not None or not words:
        raise pytest.UsageError(f"--companies: {wrong or 'nothing'!a:.40} is no id of a company: a whole number.")
    return list(dict.fromkeys(map(int, words)))


class Companies:
    """Asks and judges the companies that were named, or all that the token sees. ``asked`` is what came of it."""

    def __init__(
        self,
        config: pytest.Config,
        run: Run,
        judging: Judging,
        ends: Ends,
        pages: Pages,
    ) -> None:
        self._config = config
        self._run = run
        self._names = [name for name, one in run.definitions.items() if one.per_company]
        self._fixtures = {run.definitions[name].fixture: name for name in self._names}
        self._judging = judging
        self._ends = ends
        self._pages = pages
        self._stopped: StopError | None = None
        self._ids = wanted(config.getoption("companies"))
        self._items: list[pytest.Function] = []
        self._patience = Patience(run, "companies")
        self._broken_off = False
        self.asked = Asked(run.credentials.company_id)
        self.budget = ""  # in words, once it is known

    @property
    def left(self) -> set[str]:
        """The requirements that not all companies were judged by."""
        return {item.stash[REQUIREMENT].id for item in self._items} if self._broken_off else set()

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Find the tests that can judge a company by its own answers."""
        self._items = [item for item in session.items if isinstance(item, pytest.Function) and self._can_judge(item)]

    def _can_judge(self, item: pytest.Function) -> bool:
        wanted = takes(item)
        if REQUIREMENT not in item.stash or item.get_closest_marker("own_company"):
            return False
        own = judges(item, self._names) if "judged" in wanted else wanted & {*self._fixtures}
        return bool(own) and wanted <= {*self._fixtures, "judged", "run"} and item.stash[REQUIREMENT].level != "observe"

    @pytest.hookimpl(wrapper=True)
    def pytest_runtestloop(self, session: pytest.Session) -> Generator[None, object, object]:
        """Judge the other companies, once the tests have judged the configured one."""
        result = yield
        if is_idle(self._config) or not self._items:
            return result
        if self._run.no_token:
            self.asked.unfinished = "the run has no token"
            return result
        self._all(session)
        return result

    def _all(self, session: pytest.Session) -> None:
        try:
            chosen = companies.chosen(self._run, self._ids)
        except CouldNotTest as reason:
            self._unfinished(f"the companies cannot be listed: {reason}")
            return
        self.asked.total = len(chosen)
        companies.allow(self._run, len(chosen), len(self._names))
        self.budget = f"{len(chosen):,} companies more: {self._run.client.allowance}"
        say(self._config, self.budget)
        progress, done = Progress(self._config, len(chosen), "companies"), False
        try:
            for company in chosen:
                stop_where_asked_to(session)
                self.asked.add(self._judged(company, session))
                if self._stopped:
                    raise self._stopped
                broken = self.asked.broken
                progress.tell(len(self.asked.companies), f", {broken:,} broken" if broken else "")
            done = True
        except StopError as reason:
            self._unfinished(str(reason))
            done = True
        finally:
            progress.end()
            if not done:  # a person has had enough, or -x
                self._unfinished("")

    def _unfinished(self, reason: str) -> None:
        """Remember why no more companies are asked; what was judged stays."""
        how_far = f"{len(self.asked.companies):,} of {self.asked.total:,} companies were asked"
        self.asked.unfinished = f"{reason}; {how_far}" if reason else how_far
        self._broken_off = True
        self._ends.left_unfinished(self.asked.unfinished)

    def _judged(self, listed: Listed, session: pytest.Session) -> Company:
        other = self._run.beside(listed.id)
        for name in self._names:
            other.obtain(name)

        def clean(text: str) -> str:
            return other.redactor.line(self._run.redactor.line(text))

        company = Company(listed.id, clean(listed.name)[:100], JUDGED)
        answer = other.answers.get(self._names[0])
        if answer is None:
            reason = other.reasons.get(self._names[0], "it was not sent")
            if reason.startswith(BUDGET_SPENT):
                raise StopError(reason)
            return Company(listed.id, company.name, NOT_TESTED, reason=clean(reason))
        self._patience.after(answer, company.words)
        status, seconds = answer.status, round(answer.seconds, 3)
        case = diagnosis.cause_of(answer, facts.of_run(other)) if self._ids is None else ""
        if case == NOT_CONNECTED:
            reason = f"not connected ({status}): the app is not installed there"
            return Company(listed.id, company.name, NOT_CONNECTED, status, seconds, reason=reason)
        breaches, satisfied, reason = self._breaches(company, other)
        if breaches or not satisfied:
            for one in other.answers.values():
                other.learn(one)  # before anything is told of it
        breaches = [Breach(one.requirement, one.verdict, clean(one.detail)[:_LONGEST]) for one in breaches]
        reader = self._further(other, company, session, breaches)
        other.forget()
        state = JUDGED if breaches or satisfied else NOT_TESTED
        reason = "" if state == JUDGED else clean(reason)
        judged = (reader.reading.items, not reader.reading.is_whole) if reader else (0, False)
        return Company(listed.id, company.name, state, status, seconds, tuple(breaches), reason, *judged)

    def _further(self, other: Run, company: Company, session: pytest.Session, breaches: list[Breach]) -> Reader | None:
        """Read on in the company's list, where all of it is asked for; the first breach of each requirement is kept."""

        def broke(requirement: str, found: str, detail: str, page: Run) -> None:
            if all(requirement != one.requirement for one in breaches):
                for answer in page.answers.values():
                    page.learn(answer)
                clean = page.redactor.line(self._run.redactor.line(detail))
                breaches.append(Breach(requirement, found, clean[:_LONGEST]))

        reader = self._pages.reader(other, self._names[0], words=f"{company.words}, ", broke=broke)
        if reader and self._pages.exhaustive and reader.walk.last != 1:
            reader.allow(reader.further)
            try:
                reader.read(session)
            except StopError as reason:
                reader.reading.unfinished = str(reason)
                self._stopped = None if reader.walk.stopped else reason
        return reader

    def _breaches(self, company: Company, other: Run) -> tuple[list[Breach], int, str]:
        """Return what the company broke, how many requirements it keeps, and why one of the others is not judged."""
        breaches, satisfied, reason = [], 0, ""
        for item in self._items:
            judging = partial(self._call, item, other)
            found, detail = self._judging.judge(item, judging, other, company.words, f"company {company.id}")
            if found in BROKEN:
                breaches.append(Breach(item.stash[REQUIREMENT].id, found, detail))
            elif found == verdict.SATISFIED:
                satisfied += 1
            else:
                reason = detail
        return breaches, satisfied, reason

    def _call(self, item: pytest.Function, other: Run) -> None:
        item.obj(**arguments(item, other, self._fixtures))
