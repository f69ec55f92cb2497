"""What cannot be used is refused with exit code 4 and one sentence that says what to change."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from selftests.support.command import pytest_in
from selftests.support.project import ROOT, bare_environment

GIVEN = {
    "PROCORE_CLIENT_ID": "an-id-of-nobody",
    "PROCORE_CLIENT_SECRET": "a-secret-of-nobody",
    "PROCORE_COMPANY_ID": "7",
}


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        (set(GIVEN), "PROCORE_CLIENT_ID is not set: it is the Client ID of guide step 3"),
        ({"PROCORE_CLIENT_SECRET"}, "PROCORE_CLIENT_SECRET is not set: it is the Client Secret of guide step 3"),
        ({"PROCORE_COMPANY_ID"}, "PROCORE_COMPANY_ID is not set: it is the id of the company in which the app"),
    ],
    ids=["all", "secret", "company"],
)  # fmt: skip
def test_the_first_missing_setting_is_named(project: Path, missing: set[str], sentence: str) -> None:
    environment = {name: value for name, value in GIVEN.items() if name not in missing}
    outcome = pytest_in(project, "--target=sandbox", environment=environment)
    assert outcome.code == 4
    assert sentence in outcome.text
    assert "secret-of-nobody" not in outcome.text


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("PROCORE_COMPANY_ID", "acme", "PROCORE_COMPANY_ID cannot be used"),
        ("PROCORE_COMPANY_ID", "-1", "PROCORE_COMPANY_ID cannot be used"),
        ("PROCORE_CLIENT_SECRET", "a-secret of-nobody", "PROCORE_CLIENT_SECRET cannot be used"),
        ("PROCORE_LOGIN_URL", "http://login.example.com", "must begin with https://"),
        ("PROCORE_API_URL", "sandbox.procore.com", "is not a URL"),
        ("PROCORE_API_URL", "https://sandbox.procore.com/rest", "must be a host without path"),
        ("PROCORE_TIMEOUT", "0", "PROCORE_TIMEOUT cannot be used"),
    ],
)
def test_a_wrong_setting_is_named(project: Path, name: str, value: str, sentence: str) -> None:
    outcome = pytest_in(project, "--target=sandbox", environment={**GIVEN, name: value})
    assert outcome.code == 4, outcome.text
    assert sentence in outcome.text
    assert "a-secret" not in outcome.text


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--target=sandbox", "-n", "2"), "-n is for replay alone"),
        (("--target=sandbox", "--block-network"), "contradict each other"),
        (("--record-mode=rewrite",), "needs somebody to ask"),
        (("--target=sandbox", "--record-mode=once"), "use none or rewrite"),
        (("--disable-recording",), "leaves replay without answers"),
        (("--target=sandbox", "--record-mode=rewrite", "-k", "me"), "a recording is made as a whole"),
        (("--target=elsewhere",), "invalid choice"),
        (("--folder=not-there",), "--folder=not-there is no folder"),
        (("--history=/dev/zero",), "--history=/dev/zero is a device"),
        (("--since=/dev/zero",), "/dev/zero is a device"),
    ],
)
def test_options_that_cannot_go_together_are_refused(project: Path, arguments: tuple[str, ...], sentence: str) -> None:
    outcome = pytest_in(project, *arguments, environment=GIVEN)
    assert outcome.code == 4, outcome.text
    assert sentence in outcome.text


@pytest.mark.parametrize("given", [["-O"], ["-OO"], []], ids=["O", "OO", "variable"])
def test_python_without_assertions_is_refused(tmp_path: Path, given: list[str]) -> None:
    """No check could fail there. A process of its own: what is forked has Python's flags already."""
    environment = bare_environment(tmp_path) | ({} if given else {"PYTHONOPTIMIZE": "1"})
    line = [sys.executable, *given, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(line, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 4, done.stdout
    assert "no check could fail: unset PYTHONOPTIMIZE" in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("file", "old", "new", "sentence"),
    [
        ("tests/catalogue.toml", '["me.json"]', '["me.jason"]', "exactly one known requirement"),
        ("tests/catalogue.toml", 'level = "must"', 'level = "shall"', "unknown level or step"),
        ("tests/catalogue.toml", 'level = "must"', "level = must", "cannot be read"),
        ("tests/test_step7_me.py", '@pytest.mark.requirement("me.json")\n', "", "exactly one known requirement"),
        ("tests/test_step7_me.py", 'requirement("me.json")\ndef test_', 'skip\ndef no_', "no test judges me.json"),
        ("tests/exchanges.toml", 'bearer = "access"', 'bearer = "acces"', "bearer must be one of"),
        ("tests/exchanges.toml", '"{company_id}"', '"{company}"', "{company} stands for nothing"),
        ("tests/exchanges.toml", "{first_project}", "{first-project}", "path has a brace that belongs to no"),
        ("tests/exchanges.toml", 'schema = "project"', 'schema = "rfi"', "and schemas/rfi.schema.json is not there"),
        ("tests/exchanges.toml", "$defs/v1_0", "$defs/v2_0", "schemas/projects.schema.json has no /$defs/v2_0"),
        ("schemas/project.schema.json", '"$id"', '"id"', "schemas/: a file is no schema with an $id"),
        ("tests/exchanges.toml", "[me]\nstep", "[me]\nsteps", "[me]"),
    ],
    ids=[
        "unknown-id", "level", "toml", "no-mark", "no-test", "bearer", "placeholder", "brace", "schema",
        "part-of-a-schema", "schema-without-id", "member",
    ],
)  # fmt: skip
def test_broken_tables_are_refused(project: Path, file: str, old: str, new: str, sentence: str) -> None:
    path = project / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    outcome = pytest_in(project)
    assert outcome.code == 4, outcome.text
    assert sentence in outcome.text


@pytest.mark.parametrize("plugin", ["terminal", "recording", "logging", "warnings", "junitxml", "xdist"])
def test_a_plugin_that_is_switched_off_takes_no_verdict_along(project: Path, plugin: str) -> None:
    outcome = pytest_in(project, "-p", f"no:{plugin}")
    assert (outcome.code, outcome.verdict["conformant"]) == (0, True), outcome.text


def test_nothing_run_is_exit_code_5(project: Path) -> None:
    assert pytest_in(project, "-k", "no_such_test").code == 5


def test_a_verdict_that_cannot_be_written_is_told(project: Path) -> None:
    (project / "occupied").write_text("", encoding="utf-8")
    outcome = pytest_in(project, "--verdict-json=occupied/verdict.json")
    assert outcome.code == 4, outcome.text
    assert "--verdict-json=occupied/verdict.json cannot be written" in outcome.text
