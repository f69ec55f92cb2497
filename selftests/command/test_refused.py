"""A run that is refused, however early, leaves an annotation, a summary, a verdict and a badge that say why."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from quickstart.credentials.pipelines import where_to_set
from quickstart.exchange import contract
from selftests.support.processes import python
from selftests.support.project import ROOT, bare_environment

STOPS = {
    "an option that there is not": (["--nonsense"], "unrecognized arguments: --nonsense"),
    "a target that there is not": (["--target=nowhere"], "invalid choice: 'nowhere'"),
    "an option without its value": (["-k"], "expected one argument"),
    "a plugin that there is not": (["-p", "nosuchplugin"], "nosuchplugin"),
    "a file that there is not": (["nofile.py"], "file or directory not found"),
    "a setting of pytest that there is not": (["-o", "foo=bar"], "Unknown config option: foo"),
    "options that contradict each other": (["--target=sandbox", "-n", "2"], "-n is for replay alone"),
    "a setting that is missing": (["--target=sandbox"], "PROCORE_CLIENT_ID is not set"),
}


@pytest.mark.parametrize("stop", STOPS)
def test_every_stop_says_why_everywhere(stop: str, tmp_path: Path) -> None:
    arguments, why = STOPS[stop]
    summary = tmp_path / "summary.md"
    code, output = refused(tmp_path, *arguments, GITHUB_STEP_SUMMARY=str(summary))
    assert code == 4, output
    document = json.loads((tmp_path / "left" / "verdict.json").read_text(encoding="utf-8"))
    assert [*contract.violations(document, "verdict")] == []
    badge = json.loads((tmp_path / "left" / "badge.json").read_text(encoding="utf-8"))
    assert badge["message"].startswith("not usable: ")
    (annotation,) = [line for line in output.splitlines() if line.startswith("::error title=Not usable::")]
    told = (annotation, summary.read_text(encoding="utf-8"), document["ending"]["reason"])
    assert [one for one in told if why not in one.replace("\\", "")] == []


def refused(folder: Path, *arguments: str, **variables: str) -> tuple[int, str]:
    """Run the suite as a workflow does, in an empty folder."""
    environment = {**bare_environment(folder), "PYTHONPATH": str(ROOT), "GITHUB_ACTIONS": "true", **variables}
    files = ("--verdict-json=left/verdict.json", "--badge=left/badge.json")
    return python("quickstart", "run", *files, *arguments, environment=environment, folder=folder)


def test_a_workflow_is_told_the_secret_and_its_environment(tmp_path: Path) -> None:
    code, output = refused(tmp_path, "--target=sandbox", QUICKSTART_ENVIRONMENT="sandbox-east")
    assert code == 4
    assert "Set the secret PROCORE_CLIENT_ID of the environment sandbox-east (Settings > Environments)." in output
    assert ".env" not in output


def test_a_secret_that_cannot_be_used_is_to_be_set_anew(tmp_path: Path) -> None:
    variables = {"PROCORE_CLIENT_ID": "an id", "QUICKSTART_ENVIRONMENT": "sandbox"}
    _, output = refused(tmp_path, "--target=sandbox", **variables)
    assert "PROCORE_CLIENT_ID cannot be used" in output
    assert "Set the secret PROCORE_CLIENT_ID of the environment sandbox" in output


def test_a_secret_that_was_typed_as_an_option_is_in_no_report(tmp_path: Path) -> None:
    secret = "b7" * 32
    refused(tmp_path, f"--client-secret={secret}", PROCORE_CLIENT_SECRET=secret)
    texts = [path.read_text(encoding="utf-8") for path in (tmp_path / "left").iterdir()]
    assert texts
    assert [text for text in texts if secret in text] == []


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({}, None),
        ({"CI": "true"}, None),
        ({"GITHUB_ACTIONS": "true"}, "Set the secret X (Settings > Environments, or Secrets and variables)"),
        ({"GITHUB_ACTIONS": "true", "QUICKSTART_ENVIRONMENT": "a\n::error::b"}, "Set the secret X (Settings"),
        ({"GITLAB_CI": "true"}, "Set the CI/CD variable X (Settings > CI/CD > Variables)"),
        ({"GITLAB_CI": "true", "CI_ENVIRONMENT_NAME": "sandbox"}, "variable X of the environment sandbox"),
        ({"TF_BUILD": "True"}, "Set the secret variable X (Pipelines > Library)"),
        ({"JENKINS_URL": "https://ci.example.com/"}, "credential that the pipeline binds to X"),
    ],
)
def test_each_service_is_spoken_to_in_its_own_words(variables: dict[str, str], words: str | None) -> None:
    said = where_to_set("X", variables)
    assert said is None if words is None else words in (said or "")


@pytest.mark.posix
@pytest.mark.parametrize("command", ["requirements", "status"])
def test_output_that_cannot_be_written_is_told_in_one_sentence(command: str, tmp_path: Path) -> None:
    line = [sys.executable, "-m", "quickstart", command]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            line, cwd=ROOT, env=bare_environment(tmp_path), stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    told = "python -m quickstart: the output cannot be written: No space left on device.\n"
    assert (done.returncode, done.stderr) == (4, told)
