"""``--requirement`` and ids as keywords: what is judged, what is sent for it, and how honestly the rest is counted."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from quickstart.report import again
from selftests.support import worlds
from selftests.support.reports import Outcome, live, replay
from standin.model.world import World


def judged(folder: Path) -> dict[str, str]:
    """The requirements that the run was asked for, with their verdicts."""
    document = json.loads((folder / "v.json").read_text(encoding="utf-8"))
    return {one["id"]: one["verdict"] for one in document["requirements"] if one["verdict"] != "not-run"}


def run(folder: Path, *arguments: str) -> Outcome:
    return replay(folder, f"--verdict-json={folder}/v.json", *arguments)


def test_pattern_judges_what_it_names_and_counts_the_rest(tmp_path: Path) -> None:
    outcome = run(tmp_path, "--requirement=me.*")
    found = judged(tmp_path)
    assert outcome.exit_code == 0, outcome.output
    assert found
    assert all(name.startswith("me.") for name in found)
    left_out = re.search(r"CONFORMANT: (\d+) requirements are satisfied; (\d+) were not selected", outcome.output)
    assert left_out
    assert int(left_out[1]) == len(found)
    assert int(left_out[2]) > 100


def test_several_are_judged_together(tmp_path: Path) -> None:
    assert run(tmp_path, "--requirement=me.status", "--requirement=token.s*").exit_code == 0
    assert judged(tmp_path).keys() >= {"me.status", "token.status"}


def test_processes_judge_the_same(tmp_path: Path) -> None:
    outcome = run(tmp_path, "--requirement=me.status", "-n", "2")
    assert outcome.exit_code == 0, outcome.output
    assert judged(tmp_path) == {"me.status": "satisfied"}


def test_id_is_a_keyword(tmp_path: Path) -> None:
    assert run(tmp_path, "-k", "projects.status or me.status").exit_code == 0
    assert {"projects.status", "me.status"} <= judged(tmp_path).keys()
    assert len(judged(tmp_path)) < 10


def test_unknown_id_is_refused_with_the_nearest(tmp_path: Path) -> None:
    outcome = run(tmp_path, "--requirement=projects.statu")
    assert outcome.exit_code == 4
    assert "--requirement=projects.statu is the id of no requirement; did you mean projects.status?" in outcome.output
    assert '<span class="word">Not usable</span>' in outcome.html


def test_live_run_sends_what_its_requirements_need_alone(tmp_path: Path) -> None:
    outcome = live(tmp_path, World(), f"--verdict-json={tmp_path}/v.json", "--requirement=projects.status")
    document = json.loads((tmp_path / "v.json").read_text(encoding="utf-8"))
    assert outcome.exit_code == 0, outcome.output
    assert judged(tmp_path) == {"projects.status": "satisfied"}
    assert {one["name"] for one in document["exchanges"]} <= {"token", "projects"}


def test_violation_prints_the_line_that_runs_it_again_and_that_line_finds_it(tmp_path: Path) -> None:
    outcome = live(tmp_path, worlds.put_up_with(), disruptive=False)
    lines = {one.strip() for one in outcome.output.splitlines() if "run again:" in one}
    assert any(re.fullmatch(r"run again: +pytest --target=sandbox --requirement=me\.status", one) for one in lines)
    second = live(tmp_path, worlds.put_up_with(), "--requirement=me.status", f"--verdict-json={tmp_path}/v.json")
    assert second.exit_code == 1
    assert judged(tmp_path) == {"me.status": "violated"}


@pytest.mark.parametrize("option", ["--profile=it's mine", "--companies=10, 11", "--waivers=a b.toml"])
def test_line_keeps_what_decides_and_is_one_that_a_shell_takes(option: str) -> None:
    name, _, value = option.removeprefix("--").partition("=")
    given = {"folder": None, "target": "production", "fail_on": "should", "disruptive": True, "yes_production": True}
    options = {**dict.fromkeys(("profile", "waivers")), **given, name: value}
    config = cast("pytest.Config", SimpleNamespace(getoption=options.get))
    assert shlex.split(again.again(again.command(config, str), ["me.status"])) == [
        "pytest", "--target=production", *sorted(["--fail-on=should", option], key=lambda one: "pcfw".index(one[2])),
        "--disruptive", "--yes-production", "--requirement=me.status",
    ]  # fmt: skip
