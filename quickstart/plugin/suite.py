"""One session from its first line to its end: header, exit code, recording, summary, reports."""

import os
from collections.abc import Generator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from quickstart import __version__
from quickstart.exchange.definitions import Definition
from quickstart.judgement import facts, verdict
from quickstart.judgement.catalogue import Requirement
from quickstart.judgement.diagnosis import Diagnosis, first_cause
from quickstart.judgement.waivers import Waivers
from quickstart.plugin import recording
from quickstart.plugin.collection import Collection
from quickstart.plugin.findings import Findings
from quickstart.report import terminal
from quickstart.report.annotations import annotations
from quickstart.report.content import Ended
from quickstart.report.path import by_hand
from quickstart.report.reporter import Reporter
from quickstart.run.run import Run
from quickstart.secrecy.redaction import Redactor

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
    ) -> None:
        self.config = config
        self.run = run
        self.redactor = redactor
        self.origin = origin
        self.started = str(getattr(config, "workerinput", {}).get(_STARTED) or _now())
        self._catalogue = catalogue
        self._definitions = definitions
        self._waivers = waivers.at(config.getoption("target"), datetime.fromisoformat(self.started))
        self._notes: list[str] = []
        self._reporter = Reporter(config, run, redactor, origin)
        self._found = Findings(config, run, redactor, self._reporter, self._waivers)
        self.plugins: Mapping[str, object] = {
            "procore-quick-start-collection": Collection(config, run, catalogue, definitions),
            "procore-quick-start-findings": self._found,
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
        return [
            f"procore quick start {__version__}: target {target} ({how}), company {self.run.credentials.company_id}"
        ]

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Generator[None, object, object]:
        """Set the exit code, keep the recording, let pytest write its line, and conclude under it."""
        if self.is_worker:
            return (yield)
        found = self.verdicts()
        if session.exitstatus == pytest.ExitCode.OK and self._found.findings and verdict.conformant(found) is None:
            session.exitstatus = pytest.ExitCode.NO_TESTS_COLLECTED
        if session.exitstatus in _NOT_RED and self.diagnosis is not None:
            # A live run that could not do its work is never green.
            session.exitstatus = pytest.ExitCode.USAGE_ERROR
        self._finish_recording(session)
        result = yield
        exit_code = int(session.exitstatus)
        if self._found.findings:
            self._conclude(found)
        self._reporter.write(self.ended(exit_code), self._document(found, exit_code) if self._found.findings else None)
        return result

    def ended(self, exit_code: int) -> Ended:
        """Return what the run leaves, for the reports."""
        return self._reporter.ended(
            self.verdicts(),
            self._sent(),
            evidence=self._found.evidence,
            started=self.started,
            exit_code=exit_code,
            notes=self._all_notes(),
            diagnosis=self.diagnosis,
        )

    def verdicts(self) -> list[verdict.Verdict]:
        """Return the verdict of every requirement, as far as the run has come."""
        found = verdict.verdicts(self._catalogue, self._found.findings.values(), self._waivers)
        return [replace(one, waiver=one.waiver.cleaned(self.redactor.line)) if one.waiver else one for one in found]

    def _all_notes(self) -> list[str]:
        """Return what the reader should know besides, redacted."""
        stale = verdict.stale_waivers(self.verdicts(), self._waivers)
        return [self.redactor.line(note) for note in (*self._notes, *self.run.source.notes, *stale)]

    @property
    def diagnosis(self) -> Diagnosis | None:
        """The first cause of what went wrong, or ``None``."""
        return first_cause(self.verdicts(), None if self.run.replaying else facts.of_run(self.run))

    def _finish_recording(self, session: pytest.Session) -> None:
        if session.exitstatus in {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED} and self._found.findings:
            note, self._reporter.drift = recording.keep(self.run, self.origin)
        else:
            note = recording.discard(self.run)
        self._notes += [note] if note else []

    def _conclude(self, found: list[verdict.Verdict]) -> None:
        drift = self._reporter.drift
        changes = [self.redactor.line(line) for line in drift.lines] if drift else []
        writer = self.config.get_terminal_writer()
        diagnosis = self.diagnosis
        for line in annotations(found, diagnosis, os.environ):  # before the summary, whose last lines say what to do
            writer.line(self.redactor.vouch(self.redactor.net(line)))
        terminal.write_summary(writer, found, self._found.evidence, [*changes, *self._all_notes()], diagnosis)

    def _document(self, found: list[verdict.Verdict], exit_code: int) -> dict[str, Any]:
        diagnosis = self.diagnosis
        return verdict.document(
            found,
            self._sent(),
            target=self.config.getoption("target"),
            evidence=self._found.evidence,
            started=self.started,
            ended=_now(),
            exit_code=exit_code,
            diagnosis=diagnosis.as_plain() if diagnosis else None,
            steps=[stop.as_plain() for stop in by_hand(found, self._sent())],
            notes=self._all_notes(),
        )

    def _sent(self) -> list[dict[str, Any]]:
        """Return the exchanges in the order of the table, which is that of sending."""
        return [self._found.exchanges[name] for name in self._definitions if name in self._found.exchanges]


def _now() -> str:
    return datetime.now(UTC).replace(microsecond=0).isoformat()
