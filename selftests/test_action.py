"""action.yml, run as a runner runs it: its inputs become the environment of its step, its outputs a file."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from quickstart.exchange import contract
from selftests.support.bench import NO_CODE
from selftests.support.project import NO_HYPOTHESIS, ROOT, bare_environment
from selftests.support.worlds import step_4_skipped
from standin.model.world import World
from standin.server.running import Procore, serve

ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
(STEP,) = [step for step in ACTION["runs"]["steps"] if step.get("id") == "run"]
SECONDS = 120
pytestmark = pytest.mark.posix  # bash


@dataclass(frozen=True)
class Left:
    """What the step left: exit code, log, outputs, summary and its folder of reports."""

    code: int
    log: str
    outputs: dict[str, str]
    summary: str
    folder: Path

    def report(self, name: str) -> Any:
        """Return one of the JSON documents."""
        return json.loads((self.folder / name).read_text(encoding="utf-8"))


def evaluated(text: str, inputs: Mapping[str, str]) -> str:
    """Return a value of the step as GitHub fills it in; only inputs stand in ours."""
    return re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda match: inputs[match[1]], text)


def ran(folder: Path, inputs: Mapping[str, str], variables: Mapping[str, str] | None = None) -> Left:
    """Run the step in an empty workspace."""
    workspace, temp = folder / "workspace", folder / "temp"
    workspace.mkdir()
    temp.mkdir()
    whole = {name: one.get("default", "") for name, one in ACTION["inputs"].items()} | {"python": sys.executable}
    whole |= inputs
    (temp / "output").touch()
    (temp / "summary").touch()
    environment = {
        **bare_environment(folder),
        **NO_HYPOTHESIS,
        **(variables or {}),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "GITHUB_ACTIONS": "true",
        "GITHUB_ACTION_PATH": str(ROOT),
        "GITHUB_OUTPUT": str(temp / "output"),
        "GITHUB_STEP_SUMMARY": str(temp / "summary"),
        "RUNNER_TEMP": str(temp),
        **{name: evaluated(text, whole) for name, text in STEP["env"].items()},
    }
    done = subprocess.run(
        ["/bin/bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", evaluated(STEP["run"], whole)],
        cwd=workspace,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    lines = (temp / "output").read_text(encoding="utf-8").splitlines()
    outputs = dict(line.split("=", 1) for line in lines)
    summary = (temp / "summary").read_text(encoding="utf-8")
    return Left(done.returncode, done.stdout, outputs, summary, workspace / whole["folder"])


def live(folder: Path, procore: Procore, **inputs: str) -> Left:
    """Run the step against a stand-in: credentials go through the inputs, the way there through the environment."""
    given = procore.variables
    credentials = {name: given[f"PROCORE_{name.upper().replace('-', '_')}"] for name in ("client-id", "client-secret")}
    way = {name: value for name, value in given.items() if not name.startswith("PROCORE_")} | NO_CODE
    way |= {name: given[name] for name in ("PROCORE_TOKEN_CACHE", "PROCORE_EVIDENCE", "PROCORE_REDIRECT_URI")}
    whole = {**credentials, "company-id": given["PROCORE_COMPANY_ID"], **inputs}
    return ran(folder, {name.replace("_", "-"): value for name, value in whole.items()}, way)


def test_a_conformant_environment_is_a_green_step(tmp_path: Path) -> None:
    with serve(World()) as procore:
        left = live(tmp_path, procore)
    assert left.code == 0, left.log
    assert left.outputs == {"conformant": "true", "violated": "", "report": "procore-quickstart/report.html"}
    assert {path.name for path in left.folder.iterdir()} == {"report.html", "junit.xml", "badge.json", "verdict.json"}
    assert "Conformant" in left.summary
    assert "::error" not in left.log
    assert {one["evidence"] for one in left.report("verdict.json")["exchanges"]} == {"live, the local stand-in"}


def test_a_broken_environment_is_a_red_step_that_says_what(tmp_path: Path) -> None:
    with serve(step_4_skipped()) as procore:
        left = live(tmp_path, procore, smoke="true")
    assert left.code == 1, left.log
    assert left.outputs["conformant"] == "false"
    broken = [one["id"] for one in left.report("verdict.json")["requirements"] if one["verdict"] == "violated"]
    assert left.outputs["violated"].split() == broken != []
    assert "::error title=Diagnosis%3A " in left.log


def test_waivers_of_the_workspace_and_what_is_disruptive_are_asked_for(tmp_path: Path) -> None:
    waivers = tmp_path / "put-up-with.toml"
    waivers.write_text('["projects.status"]\nreason = "known"\nuntil = 2999-01-01\n', encoding="utf-8")
    with serve(World()) as procore:
        left = live(tmp_path, procore, waivers=str(waivers), disruptive="true", fail_on="should", target="sandbox")
    assert left.code == 0, left.log
    assert "is not needed any more" in left.log
    assert "0 not asked for" not in left.log
    assert not [one for one in left.report("verdict.json")["requirements"] if one["verdict"] == "not-asked-for"]


STOPS = {
    "a secret that is missing": ({"environment": "sandbox"}, "Set the secret PROCORE_CLIENT_ID of the environment"),
    "a target that there is not": ({"target": "nowhere"}, "invalid choice: 'nowhere'"),
    "a word that is neither true nor false": ({"disruptive": "perhaps"}, "it must be true or false"),
    "a Python that there is not": ({"python": "/no/such/python"}, "The input python cannot be started"),
    "a run that left nothing": ({"python": "true"}, "left no verdict"),
}


@pytest.mark.parametrize("stop", STOPS)
def test_every_stop_says_why_everywhere(stop: str, tmp_path: Path) -> None:
    inputs, why = STOPS[stop]
    left = ran(tmp_path, inputs)
    assert left.code == 4, left.log
    assert (left.outputs["conformant"], left.outputs["violated"]) == ("unknown", "")
    (annotation,) = [line for line in left.log.splitlines() if line.startswith("::error title=Not usable::")]
    document = left.report("verdict.json")
    assert [*contract.violations(document, "verdict")] == []
    told = (annotation, left.summary, document["ending"]["reason"])
    assert [one for one in told if why not in one.replace("\\", "")] == []
    assert left.report("badge.json")["message"].startswith("not usable: ")


def test_reports_of_an_earlier_step_are_not_taken_for_those_of_this_one(tmp_path: Path) -> None:
    left = ran(tmp_path, {"python": "true", "folder": str(tmp_path)})
    assert left.outputs["conformant"] == "unknown"


def test_replay_needs_no_secret(tmp_path: Path) -> None:
    left = ran(tmp_path, {"target": "replay"})
    assert (left.code, left.outputs["conformant"]) == (0, "true"), left.log


def test_our_own_workflow_runs_it_against_the_stand_in(tmp_path: Path) -> None:
    """The wrapper that ci.yml gives as ``python``; the fault is the one that ci.yml tells."""
    wrapper = str(ROOT / ".ci" / "standin-python")
    (tmp_path / "right").mkdir()
    (tmp_path / "wrong").mkdir()
    right = ran(tmp_path / "right", {"python": wrapper})
    wrong = ran(tmp_path / "wrong", {"python": wrapper}, {"STANDIN_FAULT": "projects-one-inactive"})
    assert (right.code, right.outputs["conformant"]) == (0, "true"), right.log
    assert (wrong.code, wrong.outputs["violated"]) == (1, "projects.active"), wrong.log


def test_every_input_reaches_the_step_and_no_template_its_commands() -> None:
    used = re.findall(r"inputs\.([\w-]+)", json.dumps(ACTION["runs"]["steps"]))
    assert set(used) == set(ACTION["inputs"])
    assert "${{" not in STEP["run"]


def test_actions_of_others_are_pinned_by_commit() -> None:
    uses = [step["uses"] for step in ACTION["runs"]["steps"] if "uses" in step]
    assert [one for one in uses if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", one)] == []
