"""The nightly workflow does what README says, and its command works."""

from __future__ import annotations

import shlex
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
