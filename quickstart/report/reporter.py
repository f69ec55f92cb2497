"""Gathers during a run what the reports show of it, across processes, and writes them at its end."""

import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import pytest

from quickstart.exchange.answer import Answer
from quickstart.judgement.companies import Asked
from quickstart.judgement.diagnosis import Diagnosis
from quickstart.judgement.ending import Ending
from quickstart.judgement.verdict import Verdict
from quickstart.report import again, files
from quickstart.report.content import Ended
from quickstart.report.drift import Drift
from quickstart.report.origin import describe
from quickstart.report.shown import company_name, shown
from quickstart.run.run import Run
from quickstart.secrecy.redaction import Redactor


class Reporter:
    """What was seen so far. On an xdist controller ``take`` gets what ``show`` made in the workers."""

    def __init__(self, config: pytest.Config, run: Run, redactor: Redactor, origin: str) -> None:
        self._config = config
        self._run = run
        self._redactor = redactor
        self._origin = origin
        # What is shown of answers costs a tenth of a run, and is made where somebody will look at it.
        asked_for = [config.getoption(name, None) for name in ("htmlpath", "summary_md", "badge")]
        self._is_read = any(asked_for) or bool(os.environ.get(files.SUMMARY_VARIABLE))
        self._shown: dict[str, dict[str, Any]] = {}
        self._problems: list[str] = []
        self.drift: Drift | None = None

    def show(self, answers: Iterable[Answer]) -> dict[str, dict[str, Any]]:
        """Return what is shown of the answers that were not shown yet: bodies are long, and go over once a process."""
        if not self._is_read:
            return {}
        new = {answer.name: self._show(answer) for answer in answers if answer.name not in self._shown}
        self.take(new)
        return new

    def _show(self, answer: Answer) -> dict[str, Any]:
        # Recordings are scrubbed already. Of a redactor of its own, each answer gets the same stand-ins in any order.
        redactor = Redactor() if self._run.replaying else self._redactor
        ours = self._run.credentials.company_id
        company = company_name(answer, ours, redactor) if answer.name == "companies" else ""
        return {**shown(answer, redactor), "company": company}

    def take(self, new: Mapping[str, dict[str, Any]]) -> None:
        """Keep what ``show`` returned."""
        self._shown.update(new)

    def could_not_collect(self, report: pytest.CollectReport) -> None:
        """Keep the last line of what kept tests from being collected."""
        last = report.longreprtext.strip().rpartition("\n")[2]
        self._problems.append(self._redactor.line(f"{report.nodeid or 'the tests'}: {last}"))

    def ended(
        self,
        found: Sequence[Verdict],
        exchanges: Sequence[Mapping[str, Any]],
        *,
        evidence: str,
        started: str,
        ended: datetime,
        exit_code: int,
        notes: Iterable[str],
        diagnosis: Diagnosis | None,
        end: Ending,
        companies: Asked | None = None,
    ) -> Ended:
        """Return what the run leaves, for all forms of the report."""
        begun = datetime.fromisoformat(started)
        return Ended(
            found=found,
            exchanges=[{**one, "shown": self._shown.get(one["name"], {})} for one in exchanges],
            origin=describe(self._origin, evidence, live=not self._run.replaying, today=begun.date()),
            target=self._config.getoption("target"),
            company_id=self._run.credentials.company_id,
            company=self._shown.get("companies", {}).get("company", ""),
            started=begun,
            ended=ended,
            exit_code=exit_code,
            notes=[self._redactor.line(note) for note in notes],
            problems=self._problems,
            drift=self.drift,
            diagnosis=diagnosis,
            ending=end,
            cost=self._run.cost,
            companies=companies,
            command=again.command(self._config, self._redactor.line),
            source=self._run.source.name,
        )
