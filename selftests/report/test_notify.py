"""What a chat and an issue are told: plain words, nothing that an answer said, nothing that acts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from quickstart.report.notify import main
from selftests.support.nights import refused, verdict

EVIL = "live, <!channel> [x](https://evil.example) & @here"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "verdict.json"


def printed(capsys: pytest.CaptureFixture[str], path: Path, document: Any, *arguments: str) -> str:
    path.write_text(json.dumps(document), encoding="utf-8")
    assert main([str(path), *arguments]) == 0
    return capsys.readouterr().out


def texts(value: Any, key: str) -> list[str]:
    """Every text under such a key, however deep."""
    if isinstance(value, list):
        return [text for item in value for text in texts(item, key)]
    if isinstance(value, dict):
        own = [value[key]] if isinstance(value.get(key), str) else []
        return own + [text for item in value.values() for text in texts(item, key)]
    return []


def test_slack_is_told_in_plain_text(capsys: pytest.CaptureFixture[str], path: Path) -> None:
    document = verdict(0, {"me.status": "violated"}, evidence=EVIL)
    payload = json.loads(printed(capsys, path, document, "--format=slack", "--account=<!here>"))
    assert payload["text"] == "❌ Not conformant: Procore quick start of &lt;!here&gt;"
    assert {one["text"]["type"] for one in payload["blocks"]} == {"plain_text"}
    assert "violated (1): me.status" in texts(payload, "text")


def test_teams_is_told_in_runs_that_know_no_markup(capsys: pytest.CaptureFixture[str], path: Path) -> None:
    document = verdict(0, {"me.status": "violated"}, evidence=EVIL)
    payload = json.loads(printed(capsys, path, document, "--format=teams", "--link=https://pages.example/x"))
    card = payload["attachments"][0]["content"]
    assert {one["type"] for one in card["body"]} == {"RichTextBlock"}
    assert {run["type"] for one in card["body"] for run in one["inlines"]} == {"TextRun"}
    assert texts(card["actions"], "url") == ["https://pages.example/x"]


def test_an_issue_has_no_markup_but_ours(capsys: pytest.CaptureFixture[str], path: Path) -> None:
    body = printed(capsys, path, verdict(0, {"me.status": "violated"}, evidence=EVIL), "--format=issue")
    assert "[x](" not in body.replace("\\[", "")
    assert "@here" not in body
    assert "<!channel>" not in body


@pytest.mark.parametrize("form", ["slack", "teams", "issue"])
def test_nothing_that_an_answer_said_is_told(capsys: pytest.CaptureFixture[str], path: Path, form: str) -> None:
    document = verdict(0, {"me.status": "violated"})
    for one in document["requirements"]:
        one["detail"] = "said by an answer"
    document["diagnosis"] = {"cause": "not-connected", "what": "said by an answer", "remedy": "said by an answer"}
    text = printed(capsys, path, document, f"--format={form}")
    assert "said by" not in text
    assert "not-connected" in text


def test_many_requirements_are_told_in_few(capsys: pytest.CaptureFixture[str], path: Path) -> None:
    document = verdict(0, {f"me.r{number}": "violated" for number in range(40)})
    assert "and 30 more" in printed(capsys, path, document, "--format=issue")


def test_a_run_that_was_refused_is_told_as_that(capsys: pytest.CaptureFixture[str], path: Path) -> None:
    text = printed(capsys, path, refused(1).as_plain(), "--format=issue")
    assert "Not usable" in text
    assert "the run did not finish" in text


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--format=slack", "--link=javascript:x"], "is no https URL"),
        (["--format=issue", "--link=https://x)[y](z"], "is no https URL"),
        (["--format=pager"], "invalid choice"),
        ([], "--format"),
    ],
)
def test_what_cannot_be_printed_is_refused(
    capsys: pytest.CaptureFixture[str], path: Path, arguments: list[str], why: str
) -> None:
    path.write_text(json.dumps(verdict()), encoding="utf-8")
    with pytest.raises(SystemExit) as end:
        main([str(path), *arguments])
    assert end.value.code == 4
    assert why in capsys.readouterr().err


def test_no_verdict_is_refused(capsys: pytest.CaptureFixture[str], path: Path) -> None:
    assert main([str(path), "--format=slack"]) == 4
    assert "is not there" in capsys.readouterr().err
