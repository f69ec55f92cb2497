"""The pytest plugin: turns tests into verdicts, keeps the rules of the catalogue, and ends the run honestly."""

import os
from collections.abc import Generator
from datetime import UTC, datetime
from typing import Any

import pytest

from quickstart import __version__
from quickstart.exchange.answer import Answer, CouldNotTest
from quickstart.exchange.definitions import Definition
from quickstart.judgement import expect, verdict
from quickstart.judgement.catalogue import Requirement
from quickstart.judgement.diagnosis import Circumstances, Diagnosis, diagnose
from quickstart.judgement.verdict import Finding
from quickstart.plugin import reports, session
from quickstart.report import terminal
from quickstart.report.annotations import annotations
from quickstart.report.content import Ended
from quickstart.report.reporter import Reporter
from quickstart.run.run import Run
from quickstart.secrecy.redaction import Redactor

REQUIREMENT = pytest.StashKey[Requirement]()
EXCHANGES = pytest.StashKey[list[str]]()
OBSERVED = pytest.StashKey[list[str]]()
_NOT_RED = frozenset({pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED})
LIVE_TIMEOUT = 600  # seconds of one test; longer than client.RUN_BUDGET, since one test may send all exchanges
_REPORT_ATTRIBUTE = "quickstart"  # plain data on a report, which xdist carries to the controller


class Suite:
    """One session. On an xdist controller it has no tests of its own and lives on the reports of the workers."""

    def __init__(
        self,
        config: pytest.Config,
        *,
        run: Run,
        catalogue: dict[str, Requirement],
        definitions: dict[str, Definition],
        redactor: Redactor,
        origin: str,
    ) -> None:
        self.config = config
        self.run = run
        self.catalogue = catalogue
        self.definitions = definitions
        self.redactor = redactor
        self.origin = origin
        self.started = _now()
        self._by_fixture = {definition.fixture: name for name, definition in definitions.items()}
        self._findings: dict[tuple[str, str], Finding] = {}
        self._exchanges: dict[str, dict[str, Any]] = {}
        self._notes: list[str] = []
        self._reporter = Reporter(config, run, redactor, origin)

    @property
    def is_worker(self) -> bool:
        """Whether this process is one of xdist's workers, which report and do not conclude."""
        return hasattr(self.config, "workerinput")

    @property
    def evidence(self) -> str:
        """Where the answers of this session came from, in words."""
        kinds = sorted({str(exchange["evidence"]) for exchange in self._exchanges.values()})
        return "; ".join(kinds) or "none: no exchange was made"

    def pytest_report_header(self) -> list[str]:
        """Say what is asked, and that it is the stand-in where it is."""
        target = self.config.getoption("target")
        how = f"recordings of {self.origin}, offline" if self.run.replaying else f"live, {self.origin}"
        return [
            f"procore quick start {__version__}: target {target} ({how}), company {self.run.credentials.company_id}"
        ]

    # --- collection

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Tie every test to its requirement and exchanges, and refuse what breaks traceability."""
        claims = [item for item in items if self._is_claim(item)]
        for item in claims:
            self._tie(item)
            if not self.run.replaying:
                item.add_marker(pytest.mark.timeout(LIVE_TIMEOUT))
        self._refuse_untested(claims)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Plan the exchanges of the tests that were selected."""
        names: set[str] = set()
        for item in session.items:
            behind: list[str] = item.stash.get(EXCHANGES, [])
            names.update(behind)
        needed = set(names)
        for name in names:
            needed.update(self.definitions[name].after)
        self.run.planned = frozenset(needed)

    def _is_claim(self, item: pytest.Item) -> bool:
        return item.path.parent == self.config.rootpath / "tests"

    def _tie(self, item: pytest.Item) -> None:
        marks = [mark.args[0] for mark in item.iter_markers("requirement")]
        if len(marks) != 1 or marks[0] not in self.catalogue:
            raise pytest.UsageError(
                f"{item.nodeid}: a test needs exactly one known requirement, and has {marks or 'none'}; "
                "add it to tests/catalogue.toml or mend the mark."
            )
        requirement = self.catalogue[marks[0]]
        fixtures = [self._by_fixture[name] for name in item.fixturenames if name in self._by_fixture]  # type: ignore[attr-defined]
        judged = [name for mark in item.iter_markers("judges") for name in mark.args]
        item.stash[REQUIREMENT] = requirement
        item.stash[EXCHANGES] = list(dict.fromkeys([*fixtures, *judged]))
        item.stash[OBSERVED] = []
        item.user_properties += reports.properties(requirement).items()
        if any(self.definitions[name].disruptive for name in fixtures):
            item.add_marker(pytest.mark.disruptive)

    def _refuse_untested(self, claims: list[pytest.Item]) -> None:
        """A requirement without a test is refused, when all test modules were collected."""
        collected = {item.path for item in claims}
        if not {*(self.config.rootpath / "tests").glob("test_*.py")} <= collected:
            return
        untested = sorted(self.catalogue.keys() - {item.stash[REQUIREMENT].id for item in claims})
        if untested and not any("::" in argument for argument in self.config.args):
            raise pytest.UsageError(f"tests/catalogue.toml: no test judges {', '.join(untested)}.")

    # --- reports

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Judge, word and redact each report before anybody else sees it."""
        report = yield
        if REQUIREMENT not in item.stash:
            return report if self.run.replaying else reports.redacted(report, self.redactor)
        requirement = item.stash[REQUIREMENT]
        names: list[str] = item.stash[EXCHANGES]
        answers = [answer for name, answer in self.run.answers.items() if name in names]
        found, detail = reports.judge(report, call, requirement, self.config.getoption("fail_on"))
        if report.failed:
            reports.put_before_traceback(report, reports.message(requirement, detail, answers, self.redactor))
        if found == verdict.COULD_NOT_TEST and report.skipped:
            report.longrepr = (str(item.path), item.reportinfo()[1] or 0, f"Skipped: could not test: {detail}")
        if found == verdict.ADVISORY:
            reports.make_advisory(report, detail)
        report = reports.redacted(report, self.redactor)
        if report.when == "call" or found != verdict.SATISFIED:
            observed: list[str] = item.stash[OBSERVED]
            words = reports.printable(self.redactor.text(detail or "; ".join(observed)))
            finding = Finding(requirement.id, item.nodeid, found, words, tuple(names))
            self._attach(report, finding, answers)
        return report

    def _attach(self, report: pytest.TestReport, finding: Finding, answers: list[Answer]) -> None:
        exchanges = {answer.name: self._describe(answer) for answer in answers}
        plain = {
            "finding": verdict.as_plain(finding),
            "exchanges": exchanges,
            "shown": self._reporter.show(answers),
        }
        setattr(report, _REPORT_ATTRIBUTE, plain)

    def _describe(self, answer: Answer) -> dict[str, Any]:
        return {
            "name": answer.name,
            "method": answer.sent.method,
            "url": self.redactor.url(answer.sent.url),
            "status": answer.status,
            "failure": str(answer.failure) if answer.failure else None,
            "seconds": round(answer.seconds, 3),
            "evidence": answer.evidence,
        }

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Collect the findings, in the process that concludes."""
        attached = getattr(report, _REPORT_ATTRIBUTE, None)
        if attached is not None:
            finding = verdict.from_plain(attached["finding"])
            self._findings[finding.requirement, finding.test] = finding
            self._exchanges.update(attached["exchanges"])
            self._reporter.take(attached["shown"])

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Remember what could not be collected."""
        if report.failed:
            self._reporter.could_not_collect(report)

    def pytest_report_teststatus(
        self, report: pytest.TestReport
    ) -> tuple[str, str, tuple[str, dict[str, bool]]] | None:
        """Show an advisory as what it is."""
        if str(getattr(report, "wasxfail", "")).startswith("advisory:"):
            return "advisory", "a", ("ADVISORY", {"yellow": True})
        return None

    # --- the end

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Generator[None, object, object]:
        """Set the exit code, keep the recording, let pytest write its line, and conclude under it."""
        if self.is_worker:
            return (yield)
        found = self.verdicts()
        if session.exitstatus == pytest.ExitCode.OK and self._findings and verdict.conformant(found) is None:
            session.exitstatus = pytest.ExitCode.NO_TESTS_COLLECTED
        if session.exitstatus in _NOT_RED and self.diagnosis is not None:
            # A live run that could not do its work is never green.
            session.exitstatus = pytest.ExitCode.USAGE_ERROR
        self._finish_recording(session)
        result = yield
        exit_code = int(session.exitstatus)
        if self._findings:
            self._conclude(found)
        self._reporter.write(self.ended(exit_code), self._document(found, exit_code) if self._findings else None)
        return result

    def ended(self, exit_code: int) -> Ended:
        """Return what the run leaves, for the reports."""
        return self._reporter.ended(
            self.verdicts(),
            self._sent(),
            evidence=self.evidence,
            started=self.started,
            exit_code=exit_code,
            notes=[*self._notes, *self.run.source.notes],
            diagnosis=self.diagnosis,
        )

    def verdicts(self) -> list[verdict.Verdict]:
        """Return the verdict of every requirement, as far as the run has come."""
        return verdict.verdicts(self.catalogue, self._findings.values())

    @property
    def diagnosis(self) -> Diagnosis | None:
        """The first cause of what went wrong in a live run, or ``None``."""
        if self.run.replaying:
            return None
        run = self.run
        known = Circumstances(
            target=run.target,
            source=run.source.name,
            company_id=run.credentials.company_id,
            redirect_uri=run.credentials.redirect_uri,
            no_token=run.no_token,
            reasons=run.reasons,
        )
        return diagnose(list(run.answers.values()), known)

    def _finish_recording(self, session_: pytest.Session) -> None:
        if session_.exitstatus in {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED} and self._findings:
            note, self._reporter.drift = session.keep_recording(self.run, self.origin)
            self._notes += [note] if note else []
        else:
            session.discard_recording(self.run)

    def _conclude(self, found: list[verdict.Verdict]) -> None:
        drift = self._reporter.drift
        notes = [*self._notes, *(drift.lines if drift else ()), *self.run.source.notes]
        writer = self.config.get_terminal_writer()
        diagnosis = self.diagnosis
        terminal.write_summary(writer, found, self.evidence, [self.redactor.text(note) for note in notes], diagnosis)
        for line in annotations(found, diagnosis, os.environ):
            writer.line(self.redactor.text(line))

    def _document(self, found: list[verdict.Verdict], exit_code: int) -> dict[str, Any]:
        diagnosis = self.diagnosis
        return verdict.document(
            found,
            self._sent(),
            target=self.config.getoption("target"),
            evidence=self.evidence,
            started=self.started,
            ended=_now(),
            exit_code=exit_code,
            diagnosis=diagnosis.as_plain() if diagnosis else None,
        )

    def _sent(self) -> list[dict[str, Any]]:
        """Return the exchanges in the order of the table, which is that of sending."""
        return [self._exchanges[name] for name in self.definitions if name in self._exchanges]

    # --- what fixtures need

    def gather(self, names: tuple[str, ...]) -> list[Answer]:
        """Return the answers that could be had of ``names``.

        Raises:
            CouldNotTest: not one of them could.
        """
        answers = [result for name in names if isinstance(result := self._try(name), Answer)]
        return expect.some(answers, f"no answer to any of {', '.join(names)}")

    def _try(self, name: str) -> Answer | None:
        try:
            return self.run.answer(name)
        except CouldNotTest:
            return None


def _now() -> str:
    return datetime.now(UTC).replace(microsecond=0).isoformat()
