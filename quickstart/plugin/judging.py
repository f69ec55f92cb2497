"""Lets the tests of a session judge answers that came besides: of other companies, of further pages of a list."""

import inspect
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pytest

from quickstart.exchange.answer import TOO_MANY_REQUESTS, UNAUTHORIZED, UNREACHABLE, Answer
from quickstart.judgement import verdict
from quickstart.judgement.waivers import Waivers
from quickstart.plugin import reports
from quickstart.plugin.collection import REQUIREMENT
from quickstart.plugin.findings import OTHER
from quickstart.run.run import Run
from quickstart.upstream import runner

BROKEN = frozenset({verdict.VIOLATED, verdict.ADVISORY, verdict.WAIVED, verdict.CRASHED})
_IDLE = ("collectonly", "setuponly", "setupplan")
_SILENT = 3  # requests in a row that had no answer
_TOLD = 10  # answers that one test reports on; all others are counted


class StopError(Exception):
    """Nothing more can be asked; the message says why."""


def is_idle(config: pytest.Config) -> bool:
    """Whether no test is to be run at all."""
    return any(config.getoption(name, False) for name in _IDLE)


def takes(item: pytest.Function) -> set[str]:
    """Return what a test is given, by name."""
    return {*inspect.signature(item.function).parameters}


def judges(item: pytest.Item, names: Iterable[str]) -> list[str]:
    """Return those of the exchanges ``names`` that a test judges together."""
    known = {*names}
    return [name for mark in item.iter_markers("judges") for name in mark.args if name in known]


def arguments(item: pytest.Function, other: Run, fixtures: Mapping[str, str]) -> dict[str, Any]:
    """Return what the test is given of ``other``; ``fixtures`` are the exchanges that it has, by fixture."""
    wanted = takes(item)
    given: dict[str, Any] = {fixture: other.answer(fixtures[fixture]) for fixture in wanted & {*fixtures}}
    if "judged" in wanted:
        given["judged"] = [other.answer(name) for name in judges(item, fixtures.values())]
    return {**given, "run": other} if "run" in wanted else given


def stop_where_asked_to(session: pytest.Session) -> None:
    """End as pytest's own loop of tests ends: by -x, --maxfail, or whoever else has had enough."""
    if session.shouldfail:
        raise session.Failed(session.shouldfail)
    if session.shouldstop:
        raise session.Interrupted(session.shouldstop)


def say(config: pytest.Config, text: str) -> None:
    """Write a line to the terminal, beneath the dots of the tests."""
    terminal, writer = config.pluginmanager.get_plugin("terminalreporter"), runner.writer_of(config)
    if terminal is not None:
        if writer.width_of_current_line:
            writer.line()
        terminal.write_line(text)
        terminal.flush()


class Patience:
    """Refuses to go on where nothing better is to be expected of the next request."""

    def __init__(self, run: Run, what: str) -> None:
        self._run = run
        self._what = what
        self._silent = 0

    def after(self, answer: Answer, words: str) -> None:
        """Raise StopError where the answer to ``words`` says that others are in vain."""
        if answer.status == TOO_MANY_REQUESTS:
            raise StopError(f"the rate limit of this account is used up ({words} was answered 429)")
        if answer.status == UNAUTHORIZED:
            raise StopError(f"the token was refused with 401 at {words}: it may have ended")
        kind = answer.failure.kind if answer.failure else ""
        self._silent = self._silent + 1 if kind in {*UNREACHABLE, "timeout"} else 0
        if self._silent >= _SILENT:
            failure = self._run.redactor.line(str(answer.failure))
            raise StopError(f"{_SILENT} {self._what} in a row had no answer ({failure})")


class Judging:
    """Judges with one test after the other, and lets pytest and its reports know of what is broken."""

    def __init__(self, config: pytest.Config, run: Run, waivers: Waivers) -> None:
        self._config = config
        self._run = run
        self._waivers = waivers
        self._told: Counter[str] = Counter()

    def judge(
        self, item: pytest.Function, judging: Callable[[], None], other: Run, words: str, label: str
    ) -> tuple[str, str]:
        """Return verdict and detail of one test of ``other``; messages call it ``words``, its test's id ``label``."""
        call = pytest.CallInfo.from_call(judging, when="call", reraise=(KeyboardInterrupt, pytest.exit.Exception))
        requirement = item.stash[REQUIREMENT]
        waiver = self._waivers.of(requirement.id)
        fail_on = self._config.getoption("fail_on")
        found, detail = reports.judge(call, requirement, fail_on, self._config.rootpath, waiver)
        if found in BROKEN:
            self._report(item, call, other, words, label)
        return found, detail

    def _report(self, item: pytest.Function, call: pytest.CallInfo[None], other: Run, words: str, label: str) -> None:
        self._told[item.nodeid] += 1
        if self._told[item.nodeid] > _TOLD:
            return
        item.session.testscollected += 1
        answers: Mapping[str, Answer] = other.answers
        for answer in answers.values():
            self._run.learn(answer)
        ended = pytest.CallInfo.from_call(lambda: None, when="teardown")
        item.stash[OTHER] = words, other
        try:
            for phase in (call, ended):
                report: Any = item.ihook.pytest_runtest_makereport(item=item, call=phase)
                report.nodeid = f"{item.nodeid}[{label}]"
                item.ihook.pytest_runtest_logreport(report=report)
        finally:
            del item.stash[OTHER]
