"""One session from its first line to its end: header, exit code, recording, summary, reports."""

import os
from collections.abc import Generator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from quickstart import __version__
from quickstart.exchange.definitions import Definition
from quickstart.judgement import ending, facts, verdict
from quickstart.judgement.catalogue import Requirement
from quickstart.judgement.companies import Asked, counted
from quickstart.judgement.diagnosis import Diagnosis, first_cause
from quickstart.judgement.waivers import Waivers
from quickstart.plugin import beside, recording
from quickstart.plugin.collection import REQUIREMENT, Collection, selects_all
from quickstart.plugin.companies import Companies
from quickstart.plugin.ends import Ends
from quickstart.plugin.findings import Findings
from quickstart.plugin.judging import Judging
from quickstart.plugin.pages import Pages
from quickstart.plugin.writing import Writing
from quickstart.report import again, crash, outputs, refused, terminal
from quickstart.report.annotations import annotations
from quickstart.report.content import Ended, content
from quickstart.report.path import by_hand
from quickstart.report.reporter import Reporter
from quickstart.run.run import Run
from quickstart.secrecy.redaction import Redactor
from quickstart.upstream.runner import writer_of

_STARTED = "procore_started"  # what xdist's workers are told, so that all know the same day
_NOT_RED = frozenset({pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED})


class Suite:
    """One session: ``plugins`` are the parts of it that pytest must know, by name."""

    def __init__(
        self,
        config: pytest.Config,
        *,
        run: Run,
        catalogue: Mapping[str, Requirement],
        definitions: Mapping[str, Definition],
        waivers: Waivers,
        redactor: Redactor,
        origin: str,
        notes: Sequence[str] = (),
    ) -> None:
        self.config = config
        self.run = run
        self.redactor = redactor
        self.origin = origin
        self.started = str(getattr(config, "workerinput", {}).get(_STARTED) or _stamp())
        self._catalogue = catalogue
        self._definitions = definitions
        self._waivers = waivers.at(config.getoption("target"), datetime.fromisoformat(self.started))
        self._notes = list(notes)
        self._reporter = Reporter(config, run, redactor, origin)
        self._ends = Ends(config, redactor)
        self._found = Findings(config, run, redactor, self._reporter, self._waivers, self._ends)
        self._beside = beside.Beside(config, run, redactor, self._document)
        judging = Judging(config, run, self._waivers)
        self._pages = Pages(config, run, judging, self._ends, self._found)
        asked = config.getoption("companies") is not None
        self._companies = Companies(config, run, judging, self._ends, self._pages) if asked else None
        self._session: pytest.Session | None = None  # once it ends
        self._ended: datetime | None = None
        self._writing = Writing(self._ends)
        self.unwritable: list[str] = []  # reports that were given up before the run began, a sentence each
        self.plugins: Mapping[str, object] = {
            "procore-quick-start-collection": Collection(config, run, catalogue, definitions),
            "procore-quick-start-ends": self._ends,
            "procore-quick-start-findings": self._found,
            "procore-quick-start-pages": self._pages,
            **({"procore-quick-start-companies": self._companies} if self._companies else {}),
            "procore-quick-start": self,
        }

    @property
    def is_worker(self) -> bool:
        """Whether this process is one of xdist's workers, which report and do not conclude."""
        return hasattr(self.config, "workerinput")

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Tell a worker of xdist when the run began: a waiver ends with a day."""
        node.workerinput[_STARTED] = self.started

    def pytest_report_header(self) -> list[str]:
        """Say what is asked, and that it is the stand-in where it is."""
        target = self.config.getoption("target")
        how = f"recordings of {self.origin}, offline" if self.run.replaying else f"live, {self.origin}"
        company = self.run.credentials.company_id
        return [f"procore quick start {__version__}: target {target} ({how}), company {company}"]

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Generator[None, object, object]:
        """Set the exit code, keep the recording, write the reports, let pytest write its line, and conclude under it.

        Whatever breaks in one of them keeps none of the others from being done.
        """
        if self.is_worker:
            return (yield)
        result: object = None
        self._session, self._ended = session, datetime.now(UTC)
        made = outputs.Outputs(
            self.config, made=lambda: content(self.ended(self._code)), document=self._document, end=lambda: self.end
        )
        with self._ends.guard("the end of the run"):
            self._settle(session)
            self._finish_recording(session)
        with self._ends.guard("the comparison with the recordings"):
            self._look_for_drift(session)
        reports = [*made.reports(session)]
        self._writing.take(reports)
        with self._ends.guard("pytest at the end of the run"):
            result = yield
        with self._ends.guard("the summary"):
            self._conclude()
        self._writing.take([] if self._writing.is_fresh else reports)
        self._writing.take([*made.summary(), *made.verdict()], again=[*reports, *made.verdict()])
        self._writing.take(self._beside.outputs(), again=[*reports, *made.verdict()])
        if "--history" in self._writing.missing:
            self._writing.take([*made.verdict()])  # which knows what became of all others
        self._say_last()
        session.exitstatus = self._final_code
        return result

    def _settle(self, session: pytest.Session) -> None:
        """Decide the exit code, as far as judging goes."""
        if session.exitstatus == pytest.ExitCode.OK and self._found.findings and self._judged is None:
            session.exitstatus = pytest.ExitCode.NO_TESTS_COLLECTED
        if session.exitstatus in _NOT_RED and self.diagnosis is not None:
            # A live run that could not do its work is never green.
            session.exitstatus = pytest.ExitCode.USAGE_ERROR

    def _look_for_drift(self, session: pytest.Session) -> None:
        """Compare the shape of answers with the recordings, if that was asked for, and let the run fail if it is to."""
        self._reporter.drift = self._beside.drift(self._reporter.drift, self.origin)
        if self._drifted and session.exitstatus in _NOT_RED:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    @property
    def _drifted(self) -> bool:
        return self._reporter.drift is not None and self._reporter.drift.fails

    def pytest_unconfigure(self) -> None:
        """Where the session never began, say why in place of it."""
        end = self._ends.before_the_session()
        if self._session is None and not self.is_worker and end.kind != ending.FINISHED:
            print(*refused.write(self.config, end), *crash.lines(end), sep="\n", flush=True)

    @property
    def end(self) -> ending.Ending:
        """How the run ended, as far as it has come."""
        return self._ends.ending(self._session) if self._session is not None else ending.WHOLE

    @property
    def _judged(self) -> bool | None:
        return verdict.conformant(self.verdicts(), drifted=self._drifted)

    @property
    def _code(self) -> int:
        """The exit code, as far as judging goes."""
        given = int(self._session.exitstatus) if self._session is not None else 0
        return ending.exit_code(given, self._judged, self.end)

    @property
    def _final_code(self) -> int:
        """The exit code: where a report is missing, it is red."""
        try:
            code = self._code
        except Exception as error:  # noqa: BLE001 - the last thing that is done cannot be left undone
            self._ends.crashed("the exit code", error)
            return int(pytest.ExitCode.INTERNAL_ERROR)
        return int(pytest.ExitCode.USAGE_ERROR) if self._missing and code in _NOT_RED else code

    @property
    def _missing(self) -> list[str]:
        return [*self.unwritable, *self._writing.missing.values()]

    def _say_last(self) -> None:
        """Write what must not be overlooked: which report is missing, and that the suite itself failed."""
        with self._ends.guard("the last lines"):
            writer = writer_of(self.config)
            for sentence in self._missing:
                writer.line(f"ERROR: {sentence}", red=True)
            terminal.write_end(writer, self.end, concluded=bool(self._found.findings))

    def ended(self, exit_code: int) -> Ended:
        """Return what the run leaves, for the reports."""
        made = self._reporter.ended(
            self.verdicts(),
            self._sent(),
            evidence=self._found.evidence,
            started=self.started,
            ended=self._ended or datetime.now(UTC),
            exit_code=exit_code,
            notes=self._all_notes(),
            diagnosis=self.diagnosis,
            end=self.end,
            companies=self._asked,
        )
        return replace(made, **self._beside.found())

    def verdicts(self) -> list[verdict.Verdict]:
        """Return the verdict of every requirement, as far as the run has come."""
        found = verdict.verdicts(self._catalogue, self._found.in_order, self._waivers)
        found = verdict.unreached(self._pages.counted(counted(found, self._asked)), self._left())
        return [replace(one, waiver=one.waiver.cleaned(self.redactor.line)) if one.waiver else one for one in found]

    @property
    def _asked(self) -> Asked | None:
        return self._companies.asked if self._companies else None

    def _left(self) -> set[str]:
        """Return the requirements whose tests were selected, and not all judged."""
        if self._companies and self._companies.left and not self._ends.left:
            return self._companies.left
        if self._session is None or not self._found.findings or not self._ends.left:
            return set()
        items = [item for item in self._session.items if item.nodeid in self._ends.left and REQUIREMENT in item.stash]
        if items or not selects_all(self.config):
            return {item.stash[REQUIREMENT].id for item in items}
        return {*self._catalogue}  # xdist's controller knows the names of the tests alone

    def _all_notes(self) -> list[str]:
        """Return what the reader should know besides, redacted."""
        told = (*self._pages.lines(), *self._notes, *self.run.source.notes)
        stale = verdict.stale_waivers(self.verdicts(), self._waivers)
        return [self.redactor.line(note) for note in (*told, *stale)]

    @property
    def diagnosis(self) -> Diagnosis | None:
        """The first cause of what went wrong, redacted, or ``None``."""
        found = first_cause(self.verdicts(), None if self.run.replaying else facts.of_run(self.run))
        return found and found.cleaned(self.redactor.line)

    def _finish_recording(self, session: pytest.Session) -> None:
        done = session.exitstatus in {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED} and self._found.findings
        if done and self.end.kind == ending.FINISHED:
            note, self._reporter.drift = recording.keep(self.run, self.origin)
        else:
            note = recording.discard(self.run)
        self._notes += [note] if note else []

    def _conclude(self) -> None:
        found, diagnosis, end, drift = self.verdicts(), self.diagnosis, self.end, self._reporter.drift
        writer = writer_of(self.config)
        # Before the summary, whose last lines say what to do.
        shown = annotations(found, diagnosis, os.environ, end, map(self.redactor.line, self.run.source.notes))
        for line in (*shown, *beside.annotations(drift, os.environ)):
            writer.line(self.redactor.vouch(self.redactor.net(line)))
        if self._found.findings:
            companies = [self.redactor.line(line) for line in self._asked.lines()] if self._asked else []
            changes = [self.redactor.line(line) for line in drift.lines] if drift else []
            notes = [*changes, *companies, *self._beside.lines(), *self._all_notes()]
            told = (writer, found, self._found.evidence, notes, diagnosis, end)
            command = again.command(self.config, self.redactor.line)
            terminal.write_summary(*told, drift=drift, cost=self.run.cost, command=command)

    def _document(self) -> dict[str, Any]:
        diagnosis, found = self.diagnosis, self.verdicts()
        document = verdict.document(
            found,
            self._sent(),
            target=self.config.getoption("target"),
            evidence=self._found.evidence,
            started=self.started,
            ended=_stamp(self._ended),
            exit_code=self._code,
            diagnosis=diagnosis.as_plain() if diagnosis else None,
            steps=[stop.as_plain() for stop in by_hand(found, self._sent(), diagnosis, self.run.source.name)],
            notes=[*self._all_notes(), *self._missing],
            end=self.end,
            drifted=self._drifted,
            cost=self.run.cost,
            companies=self._asked.as_plain() if self._asked else None,
            lists=[one.reading.as_plain() for one in self._pages.readers],
        )
        # A run that did not leave what it was to leave can say no, but not yes.
        doubted = {"conformant": None} if self._missing and document["conformant"] else {}
        return {**document, "exit_code": self._final_code, **doubted}

    def _sent(self) -> list[dict[str, Any]]:
        """Return the exchanges in the order of the table, which is that of sending."""
        return [self._found.exchanges[name] for name in self._definitions if name in self._found.exchanges]


def _stamp(when: datetime | None = None) -> str:
    return (when or datetime.now(UTC)).replace(microsecond=0).isoformat()
