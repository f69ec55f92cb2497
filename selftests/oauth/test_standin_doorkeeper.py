"""The stand-in against the record of the real Doorkeeper: the same requests, the same answers."""

from __future__ import annotations

import pytest

from selftests.support.doorkeeper_record import DIFFERENCES, Case, cases, column
from selftests.support.doorkeeper_replay import Replay

CASES = cases()
EVERY_CASE = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


@pytest.fixture(scope="module")
def found() -> dict[str, list[str]]:
    """Each case's differences. One world for all of them: the record is one story."""
    replay = Replay("5.5.0")
    return {case.name: replay.differences(case) for case in CASES}


@pytest.fixture(scope="module", params=["4.2.6", "5.5.0", "5.9.6"])
def version(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def said(version: str) -> dict[str, str]:
    replay = Replay(version)
    return {case.name: replay.summary(case).strip() for case in CASES}


@pytest.fixture(scope="module")
def recorded(version: str) -> dict[str, str]:
    return column(version)


@EVERY_CASE
def test_the_standin_answers_in_full_as_5_5_0_did(case: Case, found: dict[str, list[str]]) -> None:
    if case.number in DIFFERENCES:
        assert found[case.name], f"{case.number} no longer differs: remove it from DIFFERENCES"
    else:
        assert found[case.name] == []


@EVERY_CASE
def test_the_standin_says_in_short_what_each_version_said(
    case: Case, said: dict[str, str], recorded: dict[str, str]
) -> None:
    if case.number not in DIFFERENCES:
        assert said[case.name] == recorded[case.name]


def test_nearly_the_whole_record_is_replayed() -> None:
    assert len(CASES) >= 175
    assert len(DIFFERENCES) <= 10
