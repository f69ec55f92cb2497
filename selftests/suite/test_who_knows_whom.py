"""Who may know whom (design): a model built from the schemas it is judged by proves nothing."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from selftests.suite.command import ROOT

OURS = {"quickstart", "tests", "standin", "selftests", "conftest"}
MAY_KNOW = {"quickstart": {"quickstart"}, "standin": {"standin"}, "tests": {"tests", "quickstart"}}


def imported(path: Path) -> set[str]:
    """Return the top-level packages that a module imports."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.partition(".")[0])
    return names


@pytest.mark.parametrize("package", MAY_KNOW)
def test_packages_know_only_whom_they_may(package: str) -> None:
    wrong = {
        str(path.relative_to(ROOT)): sorted(strangers)
        for path in (ROOT / package).rglob("*.py")
        if (strangers := (imported(path) & OURS) - MAY_KNOW[package])
    }
    assert not wrong


def test_the_stand_in_does_not_read_the_schemas() -> None:
    assert not [
        path.name for path in (ROOT / "standin").rglob("*.py") if "schema.json" in path.read_text(encoding="utf-8")
    ]
