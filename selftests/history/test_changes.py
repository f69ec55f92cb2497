"""What changed between two runs, as ``compare`` tells it: in text, JSON, a page and an exit code."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from quickstart.exchange import contract
from quickstart.history import store
from quickstart.history.changes import compare
from quickstart.report.compare import main, text
from selftests.support.nights import night, refused, verdict


@pytest.fixture
def files(tmp_path: Path) -> Path:
    return tmp_path


def saved(path: Path, document: Mapping[str, Any]) -> str:
    path.write_text(json.dumps(document, indent=2), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("was", "now", "kind", "worse"),
    [
        ("satisfied", "violated", "broken", True),
        ("satisfied", "advisory", "broken", True),
        ("advisory", "violated", "broken", True),
        ("violated", "waived", "mended", False),
        ("satisfied", "waived", "broken", False),
        ("violated", "satisfied", "mended", False),
        ("satisfied", "could-not-test", "not-tested-any-more", True),
        ("violated", "crashed", "not-tested-any-more", True),
        ("satisfied", "not-asked-for", "not-tested-any-more", False),
        ("satisfied", "not-run", "not-tested-any-more", False),
        ("could-not-test", "satisfied", "tested-again", False),
        ("not-run", "violated", "tested-again", True),
    ],
)
def test_each_change_has_its_kind(was: str, now: str, kind: str, worse: bool) -> None:
    (change,) = compare(night(0, {"me.status": was}), night(1, {"me.status": now})).requirements
    assert (change.name, change.kind, change.worse) == ("me.status", kind, worse)


def test_what_is_not_judged_for_another_reason_is_no_change() -> None:
    assert not compare(night(0, {"me.status": "not-run"}), night(1, {"me.status": "could-not-test"})).requirements


def test_a_requirement_that_came_or_went_is_told() -> None:
    more = night(1, {"me.name": "satisfied"})
    assert [(one.name, one.kind) for one in compare(night(0), more).requirements] == [("me.name", "new")]
    assert [(one.name, one.kind) for one in compare(more, night(0)).requirements] == [("me.name", "gone")]
    assert compare(night(0), night(1, {"me.name": "violated"})).is_worse


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"target": "production"}, "target was sandbox, is production"),
        ({"evidence": "live, the local stand-in"}, "who answered was the sandbox, is the local stand-in"),
        ({"suite": {"version": "2.0.0"}}, "version of the suite was 1.0.0, is 2.0.0"),
    ],
)
def test_apples_are_not_compared_with_pears_unsaid(other: dict[str, Any], words: str) -> None:
    assert any(words in sentence for sentence in compare(night(0), night(1, **other)).apart)


def test_two_nights_of_a_kind_need_no_care() -> None:
    assert compare(night(0), night(1)).apart == ()


def test_wrong_order_is_told() -> None:
    assert "wrong order" in compare(night(1), night(0)).apart[0]


@pytest.mark.parametrize(
    ("now", "code", "last"),
    [({}, 0, "nothing became worse"), ({"me.status": "violated"}, 1, "something became worse")],
)
def test_command_tells_by_text_json_page_and_exit_code(
    files: Path, capsys: pytest.CaptureFixture[str], now: dict[str, str], code: int, last: str
) -> None:
    old, new = saved(files / "old.json", verdict(0)), saved(files / "new.json", verdict(1, now))
    assert main([old, new, f"--json={files / 'c.json'}", f"--html={files / 'c.html'}"]) == code
    assert capsys.readouterr().out.splitlines()[-1] == last
    document = json.loads((files / "c.json").read_text(encoding="utf-8"))
    assert contract.violations(document, "comparison") == []
    assert document["worse"] is bool(code)
    page = (files / "c.html").read_text(encoding="utf-8")
    assert ("me.status" in page) is bool(code)
    assert "<script" not in page


def test_a_history_stands_for_its_last_run_and_twice_for_its_last_two(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    history = files / "history.jsonl"
    for record in (night(0), night(1), night(2, {"me.status": "violated"})):
        store.append(history, record)
    assert main([saved(files / "v.json", verdict(0)), str(history)]) == 1
    assert main([str(history), str(history)]) == 1
    assert "since the run of 2 October 2026, 04:17 UTC" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, "is not there"),
        ("", "it holds 0 runs"),
        ("{", "it is no JSON"),
        ('{"format": 7}', "its format is 7"),
        ('{"format": 1, "requirements": 3}', "it is no verdict"),
        ("[\n]", "is damaged"),
    ],
)
def test_what_cannot_be_compared_is_refused_in_a_sentence(
    files: Path, capsys: pytest.CaptureFixture[str], content: str | None, why: str
) -> None:
    path = files / "old.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    assert main([str(path), saved(files / "new.json", verdict(1))]) == 4
    assert why in capsys.readouterr().err


def test_one_run_is_not_compared_with_itself(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    same = saved(files / "v.json", verdict(0))
    assert main([same, same]) == 4
    assert "it holds" in capsys.readouterr().err


def test_a_run_that_was_refused_lost_what_was_tested() -> None:
    found = compare(night(0), refused(1))
    assert found.is_worse
    assert "gone: me.status (satisfied, now not there)" in text(found)


def test_what_a_run_says_of_itself_cannot_speak_as_a_workflow_command(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = saved(files / "old.json", verdict(0, evidence="live, \n::error::x"))
    assert main([old, saved(files / "new.json", verdict(1))]) == 0
    assert not [line for line in capsys.readouterr().out.splitlines() if line.startswith("::")]
