"""From each test's report to a finding, in the process that ran the test, and to all findings in the one that ends."""

from collections.abc import Generator
from dataclasses import asdict, replace
from typing import Any

import pytest

from quickstart.exchange.answer import Answer, NotAskedFor
from quickstart.judgement import diagnosis, facts, verdict
from quickstart.judgement.ending import Crash
from quickstart.judgement.verdict import Finding
from quickstart.judgement.waivers import Waivers
from quickstart.plugin import reports
from quickstart.plugin.collection import EXCHANGES, OBSERVED, REQUIREMENT
from quickstart.plugin.ends import Ends
from quickstart.report import again
from quickstart.report.reporter import Reporter
from quickstart.report.words import ADVISORY_MARK, WAIVED_MARK
from quickstart.run.cassettes import ReplayError
from quickstart.run.run import Run
from quickstart.secrecy.printable import one_line
from quickstart.secrecy.redaction import Redactor

# What pytest calls skipped, in our words.
_WORDS = {verdict.COULD_NOT_TEST: "could not test", verdict.NOT_ASKED_FOR: "not asked for"}
OTHER = pytest.StashKey[tuple[str, Run]]()  # a test judges another company now: its words, and its answers
_REPORT_ATTRIBUTE = "quickstart"  # plain data on a report, which xdist carries to the controller


class Findings:
    """What the tests found so far. On an xdist controller, which runs no tests, it comes with the workers' reports.

    ``exchanges`` describes, by name, those whose answers were judged.
    """

    def __init__(
        self,
        config: pytest.Config,
        run: Run,
        redactor: Redactor,
        reporter: Reporter,
        waivers: Waivers,
        ends: Ends,
    ) -> None:
        self._config = config
        self._waivers = waivers
        self._run = run
        self._redactor = redactor
        self._reporter = reporter
        self._ends = ends
        self._described: dict[str, tuple[Answer, dict[str, Any]]] = {}
        self.findings: dict[tuple[str, str], Finding] = {}
        self.exchanges: dict[str, dict[str, Any]] = {}

    @property
    def in_order(self) -> list[Finding]:
        """The findings in the order of the tests, whichever process ended first: the first of the worst is told."""
        return sorted(self.findings.values(), key=lambda one: self._ends.place(one.test))

    @property
    def evidence(self) -> str:
        """Where the answers of this session came from, in words."""
        if not self._run.replaying and self.exchanges and all(one["status"] is None for one in self.exchanges.values()):
            return "none: nobody answered"
        kinds = sorted({str(exchange["evidence"]) for exchange in self.exchanges.values()})
        return "; ".join(kinds) or "none: no exchange was made"

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Judge, word and redact each report before anybody else sees it."""
        if REQUIREMENT not in item.stash:
            report = yield
            return report if self._run.replaying else reports.redacted(report, self._redactor)
        try:
            report = yield
            return self._judged(item, call, report)
        except Exception as error:  # noqa: BLE001 - one report that cannot be made takes no other test with it
            return self._unjudged(item, call, error)

    def _judged(self, item: pytest.Item, call: pytest.CallInfo[None], report: pytest.TestReport) -> pytest.TestReport:
        """Return the report as it is shown, with its finding on it."""
        requirement = item.stash[REQUIREMENT]
        if call.excinfo is None and call.when != "call":
            return reports.redacted(report, self._redactor)  # nothing is found before a test and after it
        names: list[str] = item.stash[EXCHANGES]
        words, run = item.stash.get(OTHER, ("", self._run))
        answers = [answer for name, answer in run.answers.items() if name in names]
        waiver = self._waivers.of(requirement.id)
        fail_on = self._config.getoption("fail_on")
        found, detail = reports.judge(call, requirement, fail_on, self._config.rootpath, waiver)
        if found == verdict.COULD_NOT_TEST and self._is_withheld(item):
            found, detail = verdict.NOT_ASKED_FOR, str(NotAskedFor())
        # From here on all is clean: what came from outside now, and what is put around it is ours.
        clean = self._redactor.line
        detail = clean(f"{words}: {detail}" if words else detail)
        waiver = waiver.cleaned(clean) if waiver else None
        died = None
        if found == verdict.CRASHED and call.excinfo is not None:
            died = self._ends.crashed(f"{item.nodeid} ({call.when})", call.excinfo.value)
        remedy = ""
        if found in {verdict.VIOLATED, verdict.ADVISORY}:
            guilty = verdict.blamed(detail, [answer.name for answer in answers])
            blamed = [answer for answer in answers if answer.name in guilty]
            remedy = clean(diagnosis.remedy(requirement, blamed, facts.of_run(run)))
            remedy = (
                remedy.replace("PROCORE_COMPANY_ID", "its id in --companies")
                if words.startswith("company ")
                else remedy
            )
        report = reports.redacted(report, self._redactor)
        if report.failed:
            broken = waiver if found == verdict.WAIVED else None
            line = again.again(again.command(self._config, clean), [requirement.id])
            text = reports.message(
                requirement, detail, answers, self._redactor, remedy=remedy, again=line, waiver=broken
            )
            reports.put_before_traceback(report, text)
        if found in _WORDS and report.skipped:
            report.longrepr = (str(item.path), item.reportinfo()[1] or 0, f"Skipped: {_WORDS[found]}: {detail}")
        if found == verdict.ADVISORY:
            reports.make_advisory(report, detail)
        if found == verdict.WAIVED and waiver:
            reports.make_waived(report, detail, waiver)
        if report.when == "call" or found != verdict.SATISFIED:
            observed: list[str] = item.stash[OBSERVED]
            told = detail or clean("; ".join(observed))
            finding = Finding(requirement.id, item.nodeid, found, told, tuple(names), remedy)
            unusable = told if call.excinfo and isinstance(call.excinfo.value, ReplayError) else ""
            # The answers of other companies are many, and shown in no report.
            self._attach(report, finding, answers if not words else [], died, unusable, first=bool(words))
        return report

    def _unjudged(self, item: pytest.Item, call: pytest.CallInfo[None], error: Exception) -> pytest.TestReport:
        """Return a report of what kept the report of a test from being made."""
        died = self._ends.crashed(f"the report of {item.nodeid} ({call.when})", error)
        when: Any = call.when
        report = pytest.TestReport(
            item.nodeid,
            item.location,
            {},
            "failed",
            died.text,
            when,
            duration=call.duration,
            start=call.start,
            stop=call.stop,
            user_properties=list(reports.properties(item.stash[REQUIREMENT]).items()),
        )
        finding = Finding(item.stash[REQUIREMENT].id, item.nodeid, verdict.CRASHED, died.error, ())
        self._attach(report, finding, [], died)
        return report

    def _is_withheld(self, item: pytest.Item) -> bool:
        """Whether an exchange that the test cannot do without is disruptive, and was not asked for."""
        if item.get_closest_marker("disruptive") is None:
            return False
        names: list[str] = item.stash[EXCHANGES]
        return any(map(self._run.withholds, names))

    def _attach(
        self,
        report: pytest.TestReport,
        finding: Finding,
        answers: list[Answer],
        died: Crash | None = None,
        unusable: str = "",
        *,
        first: bool = False,
    ) -> None:
        carried = {
            "first": first,  # of equally bad findings the first one stays: it names the company
            "finding": reports.plain(verdict.as_plain(finding)),
            "exchanges": {answer.name: self._describe(answer) for answer in answers},
            "shown": reports.plain(self._reporter.show(answers)),
            "crash": reports.plain(asdict(died)) if died else None,
            "unusable": reports.plain(unusable),
        }
        setattr(report, _REPORT_ATTRIBUTE, carried)

    def _describe(self, answer: Answer) -> dict[str, Any]:
        known = self._described.get(answer.name)
        if known is None or known[0] is not answer:  # a list may have been read again
            known = self._described[answer.name] = answer, self._described_anew(answer)
        return known[1]

    def _described_anew(self, answer: Answer) -> dict[str, Any]:
        # Recordings are scrubbed already. Of a redactor of its own, each answer gets the same stand-ins in any order.
        redactor = Redactor() if self._run.replaying else self._redactor
        described: dict[str, Any] = reports.plain(
            {
                "name": answer.name,
                "method": answer.sent.method,
                "url": one_line(redactor.url(answer.sent.url)),
                "status": answer.status,
                "failure": self._redactor.line(str(answer.failure)) if answer.failure else None,
                "seconds": round(answer.seconds, 3),
                "evidence": answer.evidence,
            }
        )
        return described

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Collect the findings, in the process that concludes."""
        attached = getattr(report, _REPORT_ATTRIBUTE, None)
        if attached is not None:
            finding = verdict.from_plain(attached["finding"])
            key = finding.requirement, finding.test
            known = self.findings.get(key)
            first = attached["first"] and known is not None
            self.findings[key] = verdict.worse(finding, known) if first and known else verdict.worse(known, finding)
            self._ends.judged.add(finding.test)
            if attached["crash"]:
                self._ends.take(Crash(**attached["crash"]))
            if attached["unusable"]:
                self._ends.refused(attached["unusable"])
            self.exchanges.update(attached["exchanges"])
            self._reporter.take(attached["shown"])

    def settle(self, requirement: str) -> None:
        """Take as satisfied what the first page alone could not show."""
        for key, one in self.findings.items():
            if one.requirement == requirement and one.verdict == verdict.COULD_NOT_TEST:
                self.findings[key] = replace(one, verdict=verdict.SATISFIED, detail="")

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Remember what could not be collected."""
        if report.failed:
            self._reporter.could_not_collect(report)

    def pytest_report_teststatus(
        self, report: pytest.TestReport
    ) -> tuple[str, str, tuple[str, dict[str, bool]]] | None:
        """Show an advisory and a waived breach as what they are."""
        reason = str(getattr(report, "wasxfail", ""))
        if reason.startswith(ADVISORY_MARK):
            return "advisory", "a", ("ADVISORY", {"yellow": True})
        if reason.startswith(WAIVED_MARK):
            return "waived", "w", ("WAIVED", {"yellow": True})
        return None
