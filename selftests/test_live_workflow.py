"""The nightly workflow does what README says, and its command works; so do those for other systems."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from selftests.support.bench import NO_CODE, ended, started
from selftests.support.project import ROOT
from standin.model.behaviour import Behaviour
from standin.model.world import World
from standin.server.running import serve


@pytest.fixture
def job() -> dict[str, Any]:
    document = yaml.safe_load((ROOT / ".github" / "workflows" / "live.yml").read_text(encoding="utf-8"))
    assert set(document[True]) == {"schedule", "workflow_dispatch"}, "YAML reads the key on as true"
    found: dict[str, Any] = document["jobs"]["live"]
    return found


def test_each_credential_is_used_by_one_run_at_a_time(job: dict[str, Any]) -> None:
    assert job["concurrency"]["group"] == "procore-${{ matrix.profile }}"
    assert job["environment"] == "${{ matrix.profile }}"


def test_one_line_adds_a_profile(job: dict[str, Any]) -> None:
    for line in job["strategy"]["matrix"]["include"]:
        assert set(line) == {"profile", "target"}
    assert job["strategy"]["fail-fast"] is False


def test_what_is_left_is_uploaded_on_failure_too(job: dict[str, Any]) -> None:
    upload = next(step for step in job["steps"] if "upload-artifact" in step.get("uses", ""))
    assert upload["if"] == "${{ !cancelled() }}"
    assert upload["with"]["path"] == "left/"


def test_client_credentials_are_all_that_it_has(job: dict[str, Any]) -> None:
    assert set(job["env"]) == {"PROCORE_CLIENT_ID", "PROCORE_CLIENT_SECRET", "PROCORE_COMPANY_ID"}


@pytest.mark.parametrize("installed", [True, False])
def test_its_command_works(job: dict[str, Any], installed: bool, tmp_path: Path) -> None:
    line = next(step["run"] for step in job["steps"] if "pytest" in step.get("run", ""))
    line = line.replace("${{ matrix.target }}", "sandbox").replace("$DISRUPTIVE", "").replace("left/", f"{tmp_path}/")
    words = shlex.split(line)
    assert words[0] == "python"
    with serve(World(behaviour=Behaviour(app_installed=installed))) as procore:
        changes = NO_CODE | {"GITHUB_ACTIONS": "true"}
        code, output = ended(started(procore, [sys.executable, *words[1:], "-p", "no:cacheprovider"], changes))
        assert code == (0 if installed else 1), output
        assert ("::error title=" in output) is not installed
        assert {path.name for path in tmp_path.iterdir()} >= {"report.html", "junit.xml", "verdict.json"}


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
