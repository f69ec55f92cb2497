"""Runs the suite as a user does: a process of its own, here or in a copy of the project that a test may break."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from selftests.support.processes import python
from selftests.support.project import bare_environment


@dataclass(frozen=True)
class Outcome:
    """What a run left: exit code, what it printed on both streams, and its verdict where it wrote one."""

    code: int
    text: str
    verdict: dict[str, Any]

    def ids(self, verdict: str) -> set[str]:
        """Return the requirements with this verdict."""
        return {one["id"] for one in self.verdict["requirements"] if one["verdict"] == verdict}


def pytest_in(project: Path, *arguments: str, environment: Mapping[str, str] | None = None) -> Outcome:
    """Run ``pytest`` with ``arguments`` in ``project`` and read its verdict."""
    verdict = project / "verdict.json"
    verdict.unlink(missing_ok=True)
    code, text = python(
        "pytest",
        f"--verdict-json={verdict}",
        "-p",
        "no:cacheprovider",
        *arguments,
        environment={**bare_environment(project), **(environment or {})},
        folder=project,
    )
    content = json.loads(verdict.read_text(encoding="utf-8")) if verdict.exists() else {}
    return Outcome(code, text, content)
