"""The commands of the offline workflow for other systems work."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys

import pytest
import yaml

from selftests.support.project import ROOT


def elsewhere() -> dict[str, str]:
    """The commands for other systems by the name of their step."""
    document = yaml.safe_load((ROOT / ".github" / "workflows" / "offline.yml").read_text(encoding="utf-8"))
    job = document["jobs"]["elsewhere"]
    assert job["strategy"]["matrix"]["system"] == ["windows-latest", "macos-latest"]
    return {step["name"]: step["run"] for step in job["steps"] if "name" in step}


@pytest.mark.parametrize("name", [name for name in elsewhere() if not name.startswith("Self-tests")])
def test_commands_for_other_systems_work_here(name: str) -> None:
    words = shlex.split(elsewhere()[name])
    line = [sys.executable if word == "python" else word for word in words]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PROCORE_", "PYTEST_"))}
    done = subprocess.run(line, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_runs_elsewhere_leaves_out_what_cannot() -> None:
    """Without the browser the tests of the report skip themselves; the rest is marked."""
    (line,) = [line for name, line in elsewhere().items() if name.startswith("Self-tests")]
    assert '-m "not matrix and not posix"' in line
