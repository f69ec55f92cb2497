"""A run beside others: kept in its history however it ends, compared with an earlier one, and with the recordings."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from quickstart.exchange import contract
from quickstart.history import store
from selftests.support.ends import is_whole, options, replay
from selftests.support.nights import night

VIOLATED = "def pytest_runtest_call(item):\n    assert 'me_answers_200' not in item.name\n"
ME = "tests/test_step7_me.py"  # enough claims where it is not they that are looked at
CRASH = "def pytest_runtest_call(item):\n    if 'me_answers_200' in item.name: raise RuntimeError('harm')\n"


@pytest.fixture
def history(tmp_path: Path) -> Path:
    return tmp_path / "history.jsonl"


def kept(history: Path) -> list[tuple[str, int, bool | None]]:
    """How the runs in a history ended: kind, exit code, answer."""
    return [(one.ending, one.exit_code, one.conformant) for one in store.read(history).records]


@pytest.mark.parametrize(
    ("arguments", "plugin", "end"),
    [
        ((), "", ("finished", 0, True)),
        (("--target=sandbox",), "", ("not-usable", 4, None)),
        (("--record-mode=rewrite",), "", ("not-usable", 4, None)),
        ((), CRASH, ("crashed", 3, None)),
        (("-x", "--maxfail=1"), CRASH, ("crashed", 3, None)),
        ((), "def pytest_runtest_setup(item):\n    raise KeyboardInterrupt\n", ("broken-off", 2, None)),
        ((), "def pytest_collection_finish():\n    raise ValueError('harm')\n", ("crashed", 3, None)),
    ],
    ids=["green", "refused", "options", "crash", "crash and stop", "interrupted", "pytest"],
)
def test_a_run_is_kept_however_it_ends(
    tmp_path: Path, history: Path, arguments: tuple[str, ...], plugin: str, end: tuple[str, int, bool | None]
) -> None:
    left = replay(tmp_path, ME, f"--history={history}", *arguments, plugin=plugin)
    assert kept(history) == [end], left.text
    assert left.code == end[1]
    (line,) = history.read_text(encoding="utf-8").splitlines()
    assert contract.violations(json.loads(line), "history") == []


def test_the_second_run_shows_the_first(tmp_path: Path, history: Path) -> None:
    replay(tmp_path, ME, f"--history={history}")
    left = replay(tmp_path, ME, f"--history={history}")
    assert "note: history: conformant since " in left.text
    assert "The last 2 runs</h2>" in left.files["r.html"]
    assert is_whole(left)
    assert len(kept(history)) == 2


def test_workers_keep_one_run(tmp_path: Path, history: Path) -> None:
    left = replay(tmp_path, ME, "-n2", f"--history={history}")
    assert kept(history) == [("finished", 0, True)], left.text


def test_a_run_without_history_has_nothing_of_it(tmp_path: Path) -> None:
    left = replay(tmp_path, ME)
    assert 'id="history"' not in left.files["r.html"]
    assert ".strips" not in left.files["r.html"]


def test_a_damaged_history_is_told_and_goes_on(tmp_path: Path, history: Path) -> None:
    history.write_text("{\n", encoding="utf-8")
    left = replay(tmp_path, ME, f"--history={history}")
    assert f"note: line 1 of {history} is damaged, and left out: it is no JSON" in left.text
    assert left.code == 0
    assert kept(history) == [("finished", 0, True)]


def test_a_history_that_cannot_be_written_ends_red_and_keeps_no_report_from_being(tmp_path: Path) -> None:
    (tmp_path / "occupied").write_text("", encoding="utf-8")
    left = replay(tmp_path, ME, f"--history={tmp_path / 'occupied' / 'history.jsonl'}")
    assert left.code == 4
    assert left.text.count("ERROR: --history=") == 1
    assert left.verdict["exit_code"] == 4
    assert {"r.html", "j.xml", "s.md", "b.json"} <= left.files.keys()


def test_since_tells_what_changed(tmp_path: Path) -> None:
    options(tmp_path)
    before = replay(tmp_path)
    old = tmp_path / "old.json"
    document = before.verdict
    document["requirements"][0]["verdict"] = "violated"
    old.write_text(json.dumps(document), encoding="utf-8")
    left = replay(tmp_path, f"--since={old}")
    name = document["requirements"][0]["id"]
    assert f"note: since: mended: {name} (violated, now satisfied)" in left.text
    assert "What changed</h2>" in left.files["r.html"]
    assert left.code == 0
    assert is_whole(left)


@pytest.mark.parametrize(
    ("argument", "why"),
    [
        ("--since={}/nothing.json", "nothing.json is not there"),
        ("--drift", "add --target=sandbox"),
        ("--drift-json={}/d.json", "add --target=sandbox"),
        ("--fail-on=drift", "add --target=sandbox"),
    ],
)
def test_what_cannot_be_compared_is_refused_before_anything_is_sent(tmp_path: Path, argument: str, why: str) -> None:
    left = replay(tmp_path, argument.format(tmp_path))
    assert left.code == 4
    assert why in left.text
    assert is_whole(left)


def test_a_history_of_another_target_is_not_put_in_a_row(tmp_path: Path, history: Path) -> None:
    store.append(history, night(0, {"me.status": "violated"}))
    left = replay(tmp_path, ME, f"--history={history}")
    assert "this is the first run that it holds of this target" in left.text
    assert "of others, which are not put in a row" in left.files["r.html"]
