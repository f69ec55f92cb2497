"""How this session comes to its end: what nobody expected, what was broken off, what could not be used."""

import traceback
from collections.abc import Generator, Iterator
from contextlib import contextmanager

import pytest

from quickstart.judgement import ending
from quickstart.judgement.ending import Crash, Ending
from quickstart.secrecy.printable import printable
from quickstart.secrecy.redaction import Redactor

_LONGEST = 12_000  # characters of a traceback
_MOST = 10  # crashes that are told in full: what follows is mostly the same
_RED = {pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.INTERRUPTED}


def crash(where: str, error: BaseException, redactor: Redactor) -> Crash:
    """Return what is told of an exception that nobody expected; where not even that can be made, the bare frames."""
    try:
        text = redactor.text("".join(traceback.format_exception(error)).rstrip())
        line = redactor.text(f"{type(error).__name__}: {error}".partition("\n")[0])
        where = redactor.text(where)
    except Exception:  # noqa: BLE001 - it may be the redactor that failed, and nothing is shown past it
        frames = traceback.extract_tb(error.__traceback__)
        text = "\n".join(f"  {frame.filename}:{frame.lineno}, in {frame.name}" for frame in frames)
        line, where = f"{type(error).__name__} (its words could not be redacted)", "the run"
    if len(text) > _LONGEST:
        text = f"{text[: _LONGEST // 2]}\n… (cut: {len(text):,} characters)\n{text[-_LONGEST // 2 :]}"
    return Crash(printable(where), printable(line[:500]), printable(text))


class Ends:
    """Watches for the ends that are none. On an xdist controller, what happened in workers comes with their reports."""

    def __init__(self, config: pytest.Config, redactor: Redactor) -> None:
        self._config = config
        self._redactor = redactor
        self._claims = config.rootpath / "tests"
        self.crashes: dict[tuple[str, str], Crash] = {}
        self._refused = ""
        self._broken_off = ""
        self.unfinished = ""  # why not all companies were asked, or not all pages read
        self._planned: dict[str, int] = {}  # each with its place among all, which no scheduling changes
        self.judged: set[str] = set()

    def crashed(self, where: str, error: BaseException) -> Crash:
        """Remember an exception that nobody expected, and return what is told of it."""
        return self.take(crash(where, error, self._redactor))

    def take(self, one: Crash) -> Crash:
        """Remember a crash, once."""
        self.crashes[one.where, one.error] = one
        return one

    def refused(self, reason: str) -> None:
        """Remember why the run cannot be used: the first reason stays."""
        self._refused = self._refused or printable(self._redactor.text(reason)).strip()

    def left_unfinished(self, reason: str) -> None:
        """Remember why not all was asked that was to be."""
        self.unfinished = "; ".join(filter(None, (self.unfinished, reason)))

    @contextmanager
    def guard(self, where: str) -> Iterator[None]:
        """Let nothing that breaks in ``where`` keep the rest of the end from being done."""
        try:
            yield
        except pytest.UsageError as error:
            self.refused(str(error))
        except Exception as error:  # noqa: BLE001 - what nobody expected is what this is for
            self.crashed(where, error)

    def ending(self, session: pytest.Session) -> Ending:
        """Return how the session ended, as far as it has come."""
        left = len(self.left)
        crashes = tuple(self.crashes.values())
        if session.exitstatus == pytest.ExitCode.INTERNAL_ERROR and not crashes:
            crashes = (Crash("pytest", "an internal error", "its traceback stands above"),)
        if crashes:
            return Ending(ending.CRASHED, ending.first_sentence(crashes), left, crashes[:_MOST])
        if self._refused:
            return Ending(ending.NOT_USABLE, self._refused, left)
        stopped = self._broken_off or session.exitstatus in _RED or session.exitstatus == pytest.ExitCode.OK
        if (left and stopped) or self._broken_off or self.unfinished:
            stop = self._broken_off or str(session.shouldfail or session.shouldstop or "")
            why = "; ".join(filter(None, (stop, self.unfinished))) or "its tests did not all run"
            return Ending(ending.BROKEN_OFF, printable(self._redactor.text(why)), left)
        return ending.WHOLE

    def before_the_session(self) -> Ending:
        """Return why a session did not begin, as far as it is known."""
        crashes = tuple(self.crashes.values())
        if crashes:
            return Ending(ending.CRASHED, ending.first_sentence(crashes), crashes=crashes[:_MOST])
        if self._refused:
            return Ending(ending.NOT_USABLE, self._refused)
        return Ending(ending.BROKEN_OFF, self._broken_off) if self._broken_off else ending.WHOLE

    @property
    def left(self) -> set[str]:
        """The tests that were selected and not judged; none where none was to be run."""
        idle = any(self._config.getoption(name, False) for name in ("collectonly", "setuponly", "setupplan"))
        return set() if idle else self._planned.keys() - self.judged

    def place(self, nodeid: str) -> int:
        """Return where among the selected tests one stands; behind all where it was not selected."""
        return self._planned.get(nodeid, len(self._planned))

    # --- hooks

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_collection(self) -> Generator[None, object, object]:
        """Remember why the session is refused: pytest prints it after the reports are written."""
        try:
            return (yield)
        except pytest.UsageError as error:
            self.refused("\n".join(map(str, error.args)))
            raise

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Remember the tests that were selected."""
        self._plan(item.nodeid for item in session.items)

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: list[str]) -> None:
        """Remember the tests that were selected; xdist's controller collects none itself."""
        self._plan(iter(ids))

    def _plan(self, ids: Iterator[str]) -> None:
        for one in filter(self._is_claim, ids):
            self._planned.setdefault(one, len(self._planned))

    def _is_claim(self, nodeid: str) -> bool:
        return (self._config.rootpath / nodeid.partition("::")[0]).parent == self._claims

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A module of claims that cannot be collected is a fault of the suite."""
        if report.failed and self._is_claim(report.nodeid):
            text = printable(self._redactor.text(report.longreprtext))
            last = text.strip().rpartition("\n")[2].removeprefix("E").strip()
            self.take(Crash(report.nodeid, last, text[-_LONGEST:]))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Xdist tells of a worker that died in a report of no known phase."""
        if report.when not in {"setup", "call", "teardown"}:
            self.take(Crash(report.nodeid, "the process that ran this test died", printable(report.longreprtext)))

    @pytest.hookimpl(tryfirst=True)
    def pytest_internalerror(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Remember what pytest itself died of."""
        self.crashed("pytest", excinfo.value)

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Remember who broke the run off."""
        words = str(getattr(excinfo.value, "msg", "") or excinfo.value)
        self._broken_off = words or ending.INTERRUPTED
