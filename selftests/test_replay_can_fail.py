"""Replay is evidence only if it can fail: changed code, missing, left-over, damaged and unplayed recordings."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from selftests.support.command import Outcome, pytest_in


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def only(outcome: Outcome) -> None:
    assert outcome.code in {1, 4}, outcome.text


def test_code_that_drops_the_company_header_is_noticed(project: Path) -> None:
    edit(
        project / "quickstart" / "run" / "run.py",
        "headers={definition.company_header: company} if company else {}",
        "headers={}",
    )
    outcome = pytest_in(project, "-k", "test_projects_answers_200")
    assert outcome.code == 4, outcome.text
    assert "projects.yaml was recorded with another Procore-Company-Id" in outcome.text


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ('"authorization_code", code = "{authorization_code}"', '"implicit", code = "{authorization_code}"', "body"),
        ('path = "/oauth/token/info"', 'path = "/oauth/token/infos"', "URL"),
        ('bearer = "access"', 'bearer = ""', "Authorization"),
        ('query = { company_id = "{company_id}" }', 'query = { company_id = "1" }', "query"),
    ],
    ids=["grant-type", "path", "bearer", "query"],
)  # fmt: skip
def test_changed_requests_are_noticed(project: Path, old: str, new: str, what: str) -> None:
    edit(project / "tests" / "exchanges.toml", old, new)
    outcome = pytest_in(project)
    assert outcome.code == 4, outcome.text
    assert f"with another {what}" in outcome.text


def test_a_missing_cassette_is_named(project: Path) -> None:
    (project / "cassettes" / "me.yaml").unlink()
    outcome = pytest_in(project)
    assert outcome.code == 4
    assert "cassettes/me.yaml is missing" in outcome.text


def test_a_left_over_cassette_is_named(project: Path) -> None:
    (project / "cassettes" / "extra.yaml").write_text("interactions: []\nversion: 1\n", encoding="utf-8")
    outcome = pytest_in(project)
    assert outcome.code == 4
    assert "cassettes/extra.yaml belongs to no exchange" in outcome.text


@pytest.mark.parametrize(
    "text",
    ["", "interactions: [", "interactions: []\nversion: 1\n", "interactions: [{request: {}}]\nversion: 1\n", "\x00"],
    ids=["empty", "half", "nothing-recorded", "no-members", "binary"],
)
def test_a_damaged_cassette_is_named(project: Path, text: str) -> None:
    (project / "cassettes" / "me.yaml").write_text(text, encoding="utf-8")
    outcome = pytest_in(project, "tests/test_step7_me.py")
    assert outcome.code == 4, outcome.text
    assert "me.yaml" in outcome.text
    assert "record anew" in outcome.text


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text + text,
        lambda text: text.replace("version: 1", "version: 9"),
        lambda text: text.encode("utf-16"),
    ],
    ids=["two-lists", "another-version", "utf-16"],
)
def test_a_cassette_that_is_read_otherwise_by_others_is_damaged(
    project: Path, spoil: Callable[[str], str | bytes]
) -> None:
    path = project / "cassettes" / "me.yaml"
    spoilt = spoil(path.read_text(encoding="utf-8"))
    path.write_bytes(spoilt if isinstance(spoilt, bytes) else spoilt.encode())
    outcome = pytest_in(project, "tests/test_step7_me.py")
    assert outcome.code == 4, outcome.text
    assert "cassettes/me.yaml is damaged" in outcome.text
    assert "Traceback" not in outcome.text


@pytest.mark.parametrize("status", ["null", "abc", "'200'", "7", "true", "[200]"])
def test_a_recorded_status_that_is_none_is_damage_and_no_violation(project: Path, status: str) -> None:
    edit(project / "cassettes" / "me.yaml", "code: 200", f"code: {status}")
    outcome = pytest_in(project, "tests/test_step7_me.py")
    assert outcome.code == 4, outcome.text
    assert "cassettes/me.yaml is damaged (its status is no number from 100 to 999)" in outcome.text
    assert not outcome.ids("violated")


def test_an_interaction_that_is_not_played_is_noticed(project: Path) -> None:
    path = project / "cassettes" / "me.yaml"
    text = path.read_text(encoding="utf-8")
    interaction = text.removeprefix("interactions:\n").removesuffix("version: 1\n")
    path.write_text(f"interactions:\n{interaction}{interaction}version: 1\n", encoding="utf-8")
    outcome = pytest_in(project, "tests/test_step7_me.py")
    assert outcome.code == 4
    assert "holds more interactions than were played" in outcome.text


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"origin": 1', "[" * 9**5])
def test_damaged_evidence_is_named(project: Path, text: str) -> None:
    (project / "cassettes" / "evidence.json").write_text(text, encoding="utf-8")
    outcome = pytest_in(project)
    assert outcome.code == 4, outcome.text
    assert "evidence.json cannot be used" in outcome.text


@pytest.mark.parametrize(
    ("member", "odd"),
    [
        ("exchanges", []),
        ("exchanges", {"me": {"recorded": 5, "seconds": 0.1}}),
        ("exchanges", {"me": {"recorded": "2026-11-27", "seconds": "x"}}),
        ("exchanges", {"me": {"recorded": "2026-11-27"}}),
        ("inputs", {}),
        ("origin", None),
        ("not_recorded", {"me": 1}),
    ],
    ids=["list", "day", "seconds", "member", "inputs", "origin", "reason"],
)
def test_evidence_that_nobody_records_is_named(project: Path, member: str, odd: object) -> None:
    path = project / "cassettes" / "evidence.json"
    path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), member: odd}), encoding="utf-8")
    outcome = pytest_in(project)
    assert outcome.code == 4, outcome.text
    assert "evidence.json cannot be used" in outcome.text


@pytest.mark.posix
def test_nobody_waits_for_evidence(project: Path) -> None:
    path = project / "cassettes" / "evidence.json"
    path.unlink()
    os.mkfifo(path)
    outcome = pytest_in(project)
    assert outcome.code == 4, outcome.text
    assert "evidence.json cannot be used" in outcome.text


PHASES = {
    "import": "import requests\nrequests.get('https://sandbox.procore.com/rest/v1.0/me', timeout=5)\n",
    "set-up": "import pytest, requests\n@pytest.fixture(autouse=True, scope='session')\ndef _out():\n"
    "    requests.get('https://sandbox.procore.com/rest/v1.0/me', timeout=5)\n",
    "teardown": "import pytest, requests\n@pytest.fixture(autouse=True, scope='session')\ndef _out():\n    yield\n"
    "    requests.get('https://sandbox.procore.com/rest/v1.0/me', timeout=5)\n",
}


@pytest.mark.parametrize("phase", PHASES)
def test_replay_is_offline_in_every_phase(project: Path, phase: str) -> None:
    edit(project / "tests" / "test_step7_me.py", "import pytest\n", f"import pytest\n{PHASES[phase]}")
    outcome = pytest_in(project, "tests/test_step7_me.py")
    assert outcome.code not in {0, 5}, outcome.text
    assert "replay is offline, and something tried to reach sandbox.procore.com" in outcome.text


def test_a_new_request_in_a_test_is_refused(project: Path) -> None:
    new = "expect.answered(me)\n    import requests\n    requests.get('https://api.procore.com/', timeout=5)"
    edit(project / "tests" / "test_step7_me.py", "expect.answered(me)", new)
    outcome = pytest_in(project, "tests/test_step7_me.py")
    assert outcome.code == 3
    assert "must be an exchange of tests/exchanges.toml with its own cassette" in outcome.text
