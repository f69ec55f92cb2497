"""``--companies``: after the tests, the same tests judge every other company, one company after the other.

A company is asked, judged by all tests that can judge it, and forgotten but for what it broke: thousands of companies
take as much memory as one. The state of a requirement stays that of the whole run: violated if it is in any company.
"""

import inspect
import re
from collections import Counter
from collections.abc import Generator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from quickstart.exchange.answer import TOO_MANY_REQUESTS, UNAUTHORIZED, UNREACHABLE, Answer, CouldNotTest
from quickstart.exchange.client import BUDGET_SPENT
from quickstart.exchange.definitions import Definition
from quickstart.judgement import diagnosis, facts, verdict
from quickstart.judgement.companies import JUDGED, NOT_CONNECTED, NOT_TESTED, Asked, Breach, Company
from quickstart.judgement.waivers import Waivers
from quickstart.plugin import reports
from quickstart.plugin.collection import REQUIREMENT
from quickstart.plugin.ends import Ends
from quickstart.plugin.findings import OTHER
from quickstart.plugin.progress import Progress
from quickstart.run import companies
from quickstart.run.companies import Listed
from quickstart.run.run import Run

ALL = "all"
_TOLD = 10  # companies that one test reports on; all others are counted, and stand in the verdict
_LONGEST = 500  # characters of what came instead
_SILENT = 3  # companies in a row that had no answer
_ID = re.compile(r"[0-9]{1,18}")
_LARGEST = 2_000_000  # bytes of a file of ids
_BROKEN = frozenset({verdict.VIOLATED, verdict.ADVISORY, verdict.WAIVED, verdict.CRASHED})
_IDLE = ("collectonly", "setuponly", "setupplan")


class _StopError(Exception):
    """No further company can be asked; the message says why."""


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
    """Asks and judges the companies that ``ids`` names, or all that the token sees. ``asked`` is what came of it."""

    def __init__(
        self,
        config: pytest.Config,
        run: Run,
        definitions: Mapping[str, Definition],
        waivers: Waivers,
        ends: Ends,
        ids: Sequence[int] | None,
    ) -> None:
        self._config = config
        self._run = run
        self._names = [name for name, one in definitions.items() if one.per_company]
        self._fixtures = {definitions[name].fixture: name for name in self._names}
        self._waivers = waivers
        self._ends = ends
        self._ids = ids
        self._items: list[pytest.Function] = []
        self._told: Counter[str] = Counter()
        self._silent = 0
        self.asked = Asked(run.credentials.company_id)
        self.budget = ""  # in words, once it is known

    @property
    def left(self) -> set[str]:
        """The requirements that not all companies were judged by."""
        return {item.stash[REQUIREMENT].id for item in self._items} if self._ends.unfinished else set()

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Find the tests that can judge a company by its own answers."""
        self._items = [item for item in session.items if isinstance(item, pytest.Function) and self._can_judge(item)]

    def _can_judge(self, item: pytest.Function) -> bool:
        takes = {*inspect.signature(item.function).parameters}
        if REQUIREMENT not in item.stash or item.get_closest_marker("own_company"):
            return False
        own = self._judges(item) if "judged" in takes else takes & {*self._fixtures}
        return bool(own) and takes <= {*self._fixtures, "judged", "run"} and item.stash[REQUIREMENT].level != "observe"

    def _judges(self, item: pytest.Item) -> list[str]:
        return [name for mark in item.iter_markers("judges") for name in mark.args if name in self._names]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtestloop(self, session: pytest.Session) -> Generator[None, object, object]:
        """Judge the other companies, once the tests have judged the configured one."""
        result = yield
        if any(self._config.getoption(name, False) for name in _IDLE) or not self._items:
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
        self._say(self.budget)
        progress, done = Progress(self._config, len(chosen), "companies"), False
        try:
            for company in chosen:
                self._stop_where_asked_to(session)
                self.asked.add(self._judged(company, session))
                broken = self.asked.broken
                progress.tell(len(self.asked.companies), f", {broken:,} broken" if broken else "")
            done = True
        except _StopError as reason:
            self._unfinished(str(reason))
            done = True
        finally:
            progress.end()
            if not done:  # a person has had enough, or -x
                self._unfinished("")

    def _unfinished(self, reason: str) -> None:
        """Remember why no more companies are asked; what was judged stays."""
        how_far = f"{len(self.asked.companies):,} of {self.asked.total:,} companies were asked"
        self.asked.unfinished = self._ends.unfinished = f"{reason}; {how_far}" if reason else how_far

    def _stop_where_asked_to(self, session: pytest.Session) -> None:
        if session.shouldfail:
            raise session.Failed(session.shouldfail)
        if session.shouldstop:
            raise session.Interrupted(session.shouldstop)

    def _say(self, text: str) -> None:
        terminal = self._config.pluginmanager.get_plugin("terminalreporter")
        if terminal is not None:
            terminal.ensure_newline()
            terminal.write_line(text)
            terminal.flush()

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
                raise _StopError(reason)
            return Company(listed.id, company.name, NOT_TESTED, reason=clean(reason))
        self._refuse_to_go_on(answer, company)
        status, seconds = answer.status, round(answer.seconds, 3)
        case = diagnosis.cause_of(answer, facts.of_run(other)) if self._ids is None else ""
        if case == NOT_CONNECTED:
            reason = f"not connected ({status}): the app is not installed there"
            return Company(listed.id, company.name, NOT_CONNECTED, status, seconds, reason=reason)
        breaches, satisfied, reason = self._breaches(company, other, session)
        if breaches or not satisfied:
            for one in other.answers.values():
                other.learn(one)  # before anything is told of it
        breaches = [Breach(one.requirement, one.verdict, clean(one.detail)[:_LONGEST]) for one in breaches]
        state = JUDGED if breaches or satisfied else NOT_TESTED
        reason = "" if state == JUDGED else clean(reason)
        return Company(listed.id, company.name, state, status, seconds, tuple(breaches), reason)

    def _refuse_to_go_on(self, answer: Answer, company: Company) -> None:
        if answer.status == TOO_MANY_REQUESTS:
            raise _StopError(f"the rate limit of this account is used up ({company.words} was answered 429)")
        if answer.status == UNAUTHORIZED:
            raise _StopError(f"the token was refused with 401 at {company.words}: it may have ended")
        kind = answer.failure.kind if answer.failure else ""
        self._silent = self._silent + 1 if kind in {*UNREACHABLE, "timeout"} else 0
        if self._silent >= _SILENT:
            raise _StopError(
                f"{_SILENT} companies in a row had no answer ({self._run.redactor.line(str(answer.failure))})"
            )

    def _breaches(self, company: Company, other: Run, session: pytest.Session) -> tuple[list[Breach], int, str]:
        """Return what the company broke, how many requirements it keeps, and why one of the others is not judged."""
        breaches, satisfied, reason = [], 0, ""
        for item in self._items:
            call = pytest.CallInfo.from_call(
                lambda item=item: item.obj(**self._arguments(item, other)),  # type: ignore[misc]
                when="call",
                reraise=(KeyboardInterrupt, pytest.exit.Exception),
            )
            requirement = item.stash[REQUIREMENT]
            waiver = self._waivers.of(requirement.id)
            fail_on = self._config.getoption("fail_on")
            found, detail = reports.judge(call, requirement, fail_on, self._config.rootpath, waiver)
            if found in _BROKEN:
                breaches.append(Breach(requirement.id, found, detail))
                self._report(item, call, company, other, session)
            elif found == verdict.SATISFIED:
                satisfied += 1
            else:
                reason = detail
        return breaches, satisfied, reason

    def _arguments(self, item: pytest.Function, other: Run) -> dict[str, Any]:
        takes = {*inspect.signature(item.function).parameters}
        given: dict[str, Any] = {
            fixture: other.answer(self._fixtures[fixture]) for fixture in takes & {*self._fixtures}
        }
        if "judged" in takes:
            given["judged"] = [other.answer(name) for name in self._judges(item)]
        return {**given, "run": other} if "run" in takes else given

    def _report(
        self, item: pytest.Function, call: pytest.CallInfo[None], company: Company, other: Run, session: pytest.Session
    ) -> None:
        """Let pytest and its reports know, as of a test with the company for its parameter."""
        self._told[item.nodeid] += 1
        if self._told[item.nodeid] > _TOLD:
            return
        session.testscollected += 1
        for answer in other.answers.values():
            self._run.learn(answer)
        ended = pytest.CallInfo.from_call(lambda: None, when="teardown")
        item.stash[OTHER] = company.words, other
        try:
            for phase in (call, ended):
                report: Any = item.ihook.pytest_runtest_makereport(item=item, call=phase)
                report.nodeid = f"{item.nodeid}[company {company.id}]"
                item.ihook.pytest_runtest_logreport(report=report)
        finally:
            del item.stash[OTHER]
