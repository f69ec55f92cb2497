"""What pipelines read is lint-free, says what README says, and does what it says: workflows, examples, the image."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from selftests.support.project import ROOT, bare_environment

WORKFLOWS = {
    path.name: yaml.safe_load(path.read_text("utf-8")) for path in (ROOT / ".github" / "workflows").glob("*.yml")
}
EXAMPLES = ROOT / "docs" / "pipelines"
JOBS = [(name, job, body) for name, one in WORKFLOWS.items() for job, body in one["jobs"].items()]
STEPS = [(name, step) for name, _, body in JOBS for step in body.get("steps", [])]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")


@pytest.mark.posix
def test_the_linters_find_nothing() -> None:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = {**os.environ, "PATH": path}
    done = subprocess.run(
        ["/bin/bash", ".ci/lint"], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "No findings to report" in done.stdout


def test_no_checkout_leaves_its_token() -> None:
    checkouts = [step for _, step in STEPS if step.get("uses", "").startswith("actions/checkout@")]
    assert checkouts
    assert [step for step in checkouts if step["with"]["persist-credentials"] is not False] == []


def test_actions_of_others_are_pinned_by_commit() -> None:
    uses = {step["uses"] for _, step in STEPS if "uses" in step and not step["uses"].startswith("./")}
    assert [one for one in uses if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", one)] == []


def test_no_template_is_expanded_in_a_script() -> None:
    assert [step for _, step in STEPS if "${{" in step.get("run", "")] == []


def test_nothing_may_write() -> None:
    """But for what follows a night (test_pages_workflow.py)."""
    bodies = [*WORKFLOWS.values(), *(body for name, _, body in JOBS if name != "pages.yml")]
    granted = [body.get("permissions", {}) for body in bodies]
    assert {(name, level) for one in granted for name, level in one.items()} == {("contents", "read")}
    assert all("permissions" in one for one in WORKFLOWS.values())


def commands(text: str) -> list[str]:
    """The command lines of a pipeline that run the suite."""
    joined = re.sub(r"\\\n\s*", " ", text)
    return re.findall(r"(?:procore-quickstart\"? run|quickstart run) (--target[^'\n]*(?:\n +--[^\n]*)*)", joined)


@pytest.mark.parametrize("example", ["gitlab-ci.yml", "azure-pipelines.yml", "Jenkinsfile"])
def test_options_of_an_example_are_ours(example: str, tmp_path: Path) -> None:
    """Its very command, but that it replays."""
    (found,) = commands((EXAMPLES / example).read_text(encoding="utf-8"))
    words = ["--target=replay" if word == "--target=sandbox" else word for word in shlex.split(found)]
    done = subprocess.run(
        [sys.executable, "-P", "-m", "quickstart", "run", *words],
        cwd=tmp_path,
        env={**bare_environment(tmp_path), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert {"report.html", "junit.xml", "verdict.json"} <= {path.name for path in (tmp_path / "left").iterdir()}


@pytest.mark.parametrize("example", ["gitlab-ci.yml", "azure-pipelines.yml"])
def test_examples_are_one_run_at_a_time_with_a_time_limit(example: str) -> None:
    text = (EXAMPLES / example).read_text(encoding="utf-8")
    assert re.search(r"20 minutes|timeoutInMinutes: \"20\"", text)
    assert "junit" in text.lower()


def test_a_jenkinsfile_has_its_brackets() -> None:
    """No linter of Jenkins' runs without Jenkins: what is checked here is what a slip breaks."""
    text = re.sub(
        r"'''.*?'''|'[^'\n]*'|\"[^\"\n]*\"|//[^\n]*", "", (EXAMPLES / "Jenkinsfile").read_text("utf-8"), flags=re.DOTALL
    )
    opened: list[str] = []
    pairs = {")": "(", "]": "[", "}": "{"}
    for letter in text:
        if letter in pairs.values():
            opened.append(letter)
        elif letter in pairs:
            assert opened.pop() == pairs[letter]
    assert opened == []
    assert re.findall(r"^ {4}(\w+)", text, re.MULTILINE) == [
        "agent", "triggers", "options", "environment", "stages", "post",
    ]  # fmt: skip


def copies() -> list[tuple[list[str], str]]:
    """What the image takes from the clone, and whereto."""
    lines = [shlex.split(line) for line in DOCKERFILE.splitlines() if line.startswith("COPY ") and "--from" not in line]
    return [(words[1:-1], words[-1]) for words in lines]


@pytest.mark.posix
def test_what_the_image_copies_is_all_that_its_entry_point_needs(tmp_path: Path) -> None:
    for sources, target in copies():
        for source in sources:
            there = tmp_path / "image" / target.strip("/")
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, there)
            else:
                there.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / source, there)
    entry: list[str] = json.loads(re.findall(r"^ENTRYPOINT (.*)", DOCKERFILE, re.MULTILINE)[0])
    work = tmp_path / "work"
    work.mkdir(mode=0o500)
    environment = {**bare_environment(tmp_path), "PYTHONPATH": str(tmp_path / "image" / "suite")}
    done = subprocess.run(
        [sys.executable, *entry[1:]],
        cwd=work,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_image_is_small_and_nobody_in_it_is_root() -> None:
    assert set(re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)) == {"python:3.13-slim"}
    assert re.findall(r"^USER (\S+)", DOCKERFILE, re.MULTILINE) == ["10001"]


def test_no_secret_of_a_clone_gets_into_the_image() -> None:
    """Everything is left out but what is named, and what is named is what is copied."""
    lines = [
        line for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line[:1] not in {"#", ""}
    ]
    let_in = {line[1:].rstrip("/") for line in lines if line.startswith("!")}
    assert lines[0] == "*"
    assert let_in == {source for sources, _ in copies() for source in sources}
    assert lines[-1] == "**/.*"


def nightly() -> dict[str, Any]:
    """The job that asks for each account."""
    found: dict[str, Any] = WORKFLOWS["nightly.yml"]["jobs"]["account"]
    return found


def test_each_account_is_asked_by_one_run_at_a_time() -> None:
    job = nightly()
    assert job["concurrency"] == {"group": "procore-${{ matrix.account.environment }}", "cancel-in-progress": False}
    assert job["environment"] == "${{ matrix.account.environment }}"
    assert job["strategy"]["fail-fast"] is False


def test_our_own_night_has_a_line_for_each_account() -> None:
    live = WORKFLOWS["live.yml"]["jobs"]["live"]
    assert live["uses"] == "./.github/workflows/nightly.yml"
    for account in json.loads(live["with"]["accounts"]):
        assert set(account) == {"environment", "target"}


def test_inputs_of_a_called_workflow_and_action_are_known_there() -> None:
    called = WORKFLOWS["nightly.yml"][True]["workflow_call"]["inputs"]
    assert set(WORKFLOWS["live.yml"]["jobs"]["live"]["with"]) <= set(called)
    inputs = set(yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))["inputs"])
    given = [set(step["with"]) for _, step in STEPS if step.get("uses", "") in {"./", "./.procore-quickstart"}]
    assert len(given) == 4
    assert set().union(*given) <= inputs
