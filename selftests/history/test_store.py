"""A history keeps each run once and whole, whatever happens to its file."""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from quickstart.exchange import contract
from quickstart.history import store
from quickstart.history.record import Record, RecordError, from_plain
from selftests.support.nights import night, refused, verdict


@pytest.fixture
def history(tmp_path: Path) -> Path:
    return tmp_path / "history.jsonl"


def filled(path: Path, runs: int) -> list[Record]:
    """Nights that the history holds now."""
    records = [night(number, times={"token": 0.1 * number}) for number in range(runs)]
    for record in records:
        store.append(path, record)
    return records


def test_a_record_is_read_as_it_was_written(history: Path) -> None:
    records = filled(history, 3)
    assert store.read(history) == store.Read(tuple(records))


@pytest.mark.parametrize("record", [night(), night(1, {"me.status": "violated"}), refused(2), refused(3, "crashed")])
def test_a_record_is_as_its_schema_says(record: Record) -> None:
    assert contract.violations(json.loads(json.dumps(record.as_plain())), "history") == []
    assert from_plain(record.as_plain()) == record


def test_a_folder_has_a_file_for_each_run(tmp_path: Path) -> None:
    folder = store.located(f"{tmp_path}/nights/")
    records = filled(folder, 3)
    assert len([*folder.glob("*.json")]) == 3
    assert store.read(folder).records == tuple(records)


def test_verdicts_may_stand_in_a_folder(tmp_path: Path) -> None:
    (tmp_path / "verdict.json").write_text(json.dumps(verdict(1), indent=2), encoding="utf-8")
    store.append(tmp_path, night(0))
    assert store.read(tmp_path).records == (night(0), night(1))


@pytest.mark.parametrize(
    "damage",
    [b"{", b"\xff\xfe", b"[]", b'{"format": 2}', b'{"format": 1}', b"[" * 100_000, b"x" * (store.LONGEST + 9)],
    ids=["half", "bytes", "list", "other format", "empty", "deep", "long"],
)
def test_a_damaged_line_is_told_and_costs_no_other(history: Path, damage: bytes) -> None:
    first, second = filled(history, 2)
    lines = history.read_bytes().splitlines(keepends=True)
    history.write_bytes(lines[0] + damage + b"\n" + lines[1])
    read = store.read(history)
    assert read.records == (first, second)
    assert len(read.damaged) == 1
    assert read.damaged[0].startswith(f"line 2 of {history} is damaged, and left out: ")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("conformant", "false"),
        ("seconds", float("nan")),
        ("ending", "well"),
        ("states", {"fine": []}),
        ("exchanges", {"token": [200]}),
        ("when", "yesterday"),
        ("target", None),
    ],
)
def test_what_is_no_record_is_refused(name: str, value: object) -> None:
    with pytest.raises(RecordError):
        from_plain({**night().as_plain(), name: value})


def test_a_line_that_was_left_half_stays_alone(history: Path) -> None:
    """What is killed while it writes costs its own record, and not that of the night after."""
    (first,) = filled(history, 1)
    with history.open("ab") as file:
        file.write(b'{"format": 1, "suite"')
    store.append(history, night(7))
    read = store.read(history)
    assert read.records == (first, night(7))
    assert len(read.damaged) == 1


def test_many_damaged_lines_are_told_in_few(history: Path) -> None:
    history.write_text("{\n" * 40, encoding="utf-8")
    assert len(store.read(history).notes) == 6
    assert store.read(history).notes[-1] == "35 more records are damaged, and left out"


def test_runs_at_once_lose_nothing(history: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: store.append(history, night(number)), range(40)))
    assert store.read(history).damaged == ()
    assert [one.when for one in store.read(history).records] == [night(number).when for number in range(40)]


def test_a_history_that_another_run_holds_is_told(history: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from filelock import FileLock

    monkeypatch.setattr(store, "WAIT", 0.1)
    with FileLock(history.with_name(f".{history.name}.lock")), pytest.raises(store.StoreError, match="held by another"):
        store.append(history, night())


@pytest.mark.posix
def test_a_full_disk_leaves_the_history_as_it_was(history: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(history, 2)
    before = history.read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(store.StoreError, match=r"cannot be written \(No space left on device\)"):
        store.append(history, night(9))
    assert history.read_bytes() == before


def test_records_are_put_in_the_order_of_their_time(history: Path) -> None:
    for number in (2, 0, 1):
        store.append(history, night(number))
    assert store.read(history).records == (night(0), night(1), night(2))


def test_who_answered_is_told_without_when() -> None:
    evidence = "recorded from the local stand-in on 2026-11-01; recorded from the local stand-in on 2026-11-02"
    assert night(evidence=evidence).who == "the local stand-in"
    assert night(evidence=evidence).whose == "the local stand-in, not Procore"
    assert night(evidence="live, the sandbox").whose == "the sandbox"
    assert night(evidence="live, the sandbox").who == "the sandbox"
    assert night(evidence="none: nobody answered").who == ""
