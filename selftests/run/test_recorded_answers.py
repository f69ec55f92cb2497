"""What a recording keeps of an answer: whatever every answer is judged by, and the last of several attempts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from selftests.support.command import pytest_in
from standin.cases.case import Case
from standin.cases.faults import FAULTS
from standin.cases.variations import VARIATIONS
from standin.server.running import serve

CASES = {case.id: case for case in (*FAULTS, *VARIATIONS)}
KEPT = ("length-twice-token", "content-type-twice", "cookie-refresh-token", "secret-in-base64", "id-with-exponent")


def record(project: Path, case: Case) -> None:
    with serve(case.world()) as procore:
        line = ("--target=sandbox", "--disruptive", "--record-mode=rewrite")
        pytest_in(project, *line, environment=procore.environment)


@pytest.mark.parametrize("name", KEPT)
def test_a_recording_shows_what_was_wrong(project: Path, name: str) -> None:
    case = CASES[name]
    record(project, case)
    outcome = pytest_in(project)
    assert set(outcome.ids("violated")) == case.violated
    assert set(outcome.ids("advisory")) == case.advisory


def test_a_recording_of_packed_chunks_is_right(project: Path) -> None:
    record(project, CASES["travel-gzip-chunked"])
    assert pytest_in(project).code == 0


def test_what_was_sent_again_is_played_once_and_told(project: Path) -> None:
    record(project, CASES["wait-502-companies"])
    evidence = json.loads((project / "cassettes" / "evidence.json").read_text(encoding="utf-8"))
    assert evidence["exchanges"]["companies"]["earlier"] == ["502"]
    outcome = pytest_in(project)
    assert outcome.code == 0, outcome.text
    assert not outcome.ids("could-not-test")
