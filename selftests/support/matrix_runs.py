"""What the real suite says of a case: live, disruptive, over TLS, against the stand-in."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from selftests.support.forks import Forks
from selftests.support.passing import Passing
from selftests.support.project import NO_HYPOTHESIS, ROOT
from selftests.support.same_shape import SAME_SHAPE
from standin.cases.case import Case
from standin.model.world import World
from standin.server.certificates import Certificate
from standin.server.running import serve

TIMEOUT = "10"
"""Seconds that an answer may take, long for a busy machine. A setting of the suite like any other."""
HANG = "1"
"""Seconds, for cases in which something is never answered: what a hang costs."""
OUTPUT, PASSING = "output.txt", "seconds"
_NOT_OURS = ("PYTEST_", "COV_", "HYPOTHESIS_")
_CRASH = re.compile(r"^[A-Za-z_.]+(?:Error|Exception|Interrupt|Exit): ")


@dataclass(frozen=True)
class Outcome:
    """What a run said: requirement ids by verdict, and how it ended."""

    violated: frozenset[str]
    advisory: frozenset[str]
    satisfied: frozenset[str]
    untested: dict[str, str]
    """Requirement id to reason."""
    exit_code: int
    output: str
    seconds: float
    cause: str = ""
    """The first cause that the run named, empty where it named none."""
    drift: dict[str, Any] = field(default_factory=dict)
    """What --drift found, where it was asked."""

    @property
    def crashes(self) -> dict[str, str]:
        """Tests that died of something else than an assertion or CouldNotTest."""
        return {name: reason for name, reason in self.untested.items() if _CRASH.match(reason)}

    def is_told(self, case: Case) -> bool:
        """Whether the verdicts are the table's, and what is said first, too."""
        first = {case.says} if case.says else case.violated or {""}
        return (self.violated, self.advisory) == (case.violated, case.advisory) and self.cause in first

    @property
    def expected_exit_code(self) -> int:
        """0, or 1 where something is violated."""
        return 1 if self.violated else 0


class SuiteRunner:
    """Runs the suite, one case at a time."""

    def __init__(self, folder: Path, forks: Forks) -> None:
        self._folder = folder
        self._forks = forks
        self._passing = Passing(folder / PASSING)

    def run(self, case: Case, **options: Any) -> Outcome:
        """Run the suite, with these options, against a new stand-in that differs as the case says."""
        verdict, drift = self._folder / "verdict.json", self._folder / "drift.json"
        for path in (verdict, drift):
            path.unlink(missing_ok=True)
        files = {"verdict_json": str(verdict), **({"drift_json": str(drift)} if case.id in SAME_SHAPE else {})}
        patience = HANG if case.says == "time-out" else TIMEOUT
        code, text = self.run_world(case.world(), case.certificate, patience=patience, **files, **options)
        if not verdict.exists():
            return Outcome(frozenset(), frozenset(), frozenset(), {"the run": f"Crash: {text[-2000:]}"}, code, text, 0)
        outcome = _outcome(json.loads(verdict.read_text(encoding="utf-8")), code, text)
        return replace(outcome, drift=json.loads(drift.read_text(encoding="utf-8"))) if drift.exists() else outcome

    def run_world(
        self,
        world: World,
        certificate: Certificate = Certificate.RIGHT,
        *,
        patience: str = TIMEOUT,
        **options: Any,
    ) -> tuple[int, str]:
        """Run the suite against a new stand-in that serves this world; return exit code and what it printed."""
        output = self._folder / OUTPUT
        os.truncate(output, 0)
        self._passing.begin()
        if not world.clock.stands:
            world.clock.follow(lambda: self._passing.seconds)
        with serve(world, certificate=certificate) as procore:
            environment = {name: value for name, value in procore.environment.items() if not name.startswith(_NOT_OURS)}
            code = self._forks.run(
                environment={**environment, "PROCORE_TIMEOUT": patience},
                options={"target": "sandbox", "disruptive": True, **options},
            )
        return code, output.read_text(encoding="utf-8", errors="replace")


def _outcome(document: dict[str, Any], code: int, text: str) -> Outcome:
    found = document["requirements"]

    def those(verdict: str) -> frozenset[str]:
        return frozenset(one["id"] for one in found if one["verdict"] == verdict)

    return Outcome(
        violated=those("violated"),
        advisory=those("advisory"),
        satisfied=those("satisfied"),
        untested={one["id"]: one["detail"] for one in found if one["verdict"] in {"could-not-test", "not-run"}},
        exit_code=code,
        output=text,
        seconds=sum(one["seconds"] for one in document["exchanges"]),
        cause=(document["diagnosis"] or {}).get("cause", ""),
    )


@contextmanager
def suite_runner() -> Iterator[SuiteRunner]:
    """A runner with its own zygote, ended with the block."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(_NOT_OURS)}
    with tempfile.TemporaryDirectory(prefix="matrix-") as folder:
        forks = Forks(
            ROOT / "selftests" / "support" / "zygote.py",
            Path(folder) / OUTPUT,
            {**clean, **NO_HYPOTHESIS, "PYTHONPATH": str(ROOT)},
            str(Path(folder) / PASSING),
        )
        try:
            yield SuiteRunner(Path(folder), forks)
        finally:
            forks.close()
