"""What a history says of its last runs: since when, what came and went, how long it took."""

from __future__ import annotations

import pytest

from quickstart.history.nights import LAST, Nights, nights, sentence
from quickstart.history.record import Record
from selftests.support.nights import night, refused

BAD = {"projects.status": "violated"}
BLIND = {"projects.status": "could-not-test"}


def row(*records: Record) -> Nights:
    """The nights, of which the last one asks."""
    return nights(records[:-1], records[-1])


def test_what_is_broken_is_broken_since_the_first_night_of_it() -> None:
    known = row(night(0), night(1), night(2, BAD), night(3, BAD), night(4, BAD))
    (broken,) = known.broken
    assert (broken.name, broken.streak.since, broken.streak.runs) == ("projects.status", night(2).when, 3)
    assert (known.streak.state, known.streak.since, known.streak.before) == (
        "not-conformant",
        night(2).when,
        "conformant",
    )
    assert sentence(known) == (
        "not conformant since 3 October 2026, 04:17 UTC (3 runs); "
        "projects.status is violated since 3 October 2026, 04:17 UTC (3 runs)"
    )


def test_where_the_history_begins_later_it_is_at_least() -> None:
    assert sentence(row(night(0, BAD), night(1, BAD))).startswith(
        "not conformant since 1 October 2026, 04:17 UTC at least (2 runs); projects.status is violated since "
    )


@pytest.mark.parametrize("between", [refused(2), refused(2, "crashed"), night(2, BLIND)], ids=lambda one: one.ending)
def test_a_run_that_did_not_judge_it_mends_nothing(between: Record) -> None:
    known = row(night(0), night(1, BAD), between, night(3, BAD))
    assert known.broken[0].streak.since == night(1).when
    assert known.broken[0].streak.runs == 2
    assert known.flaky == []


def test_what_mended_is_broken_no_more() -> None:
    known = row(night(0), night(1, BAD), night(2))
    assert known.broken == []
    assert [(one.name, one.changes) for one in known.flaky] == [("projects.status", 2)]


def test_what_broke_once_is_not_flaky() -> None:
    assert row(night(0), night(1, BAD), night(2, BAD)).flaky == []


def test_what_came_and_went_before_the_last_thirty_is_forgotten() -> None:
    early = [night(0), night(1, BAD), night(2)]
    known = row(*early, *(night(3 + number) for number in range(LAST)))
    assert len(known.runs) == LAST
    assert known.total == LAST + 3
    assert known.rows == []


def test_since_when_reaches_back_beyond_the_last_thirty() -> None:
    known = row(night(0), *(night(1 + number, BAD) for number in range(50)))
    assert known.broken[0].streak.since == night(1).when
    assert known.broken[0].streak.runs == 50
    assert known.broken[0].changes == 0


@pytest.mark.parametrize(
    "other",
    [
        {"target": "production"},
        {"evidence": "live, the local stand-in"},
        {"evidence": "recorded from the sandbox on 2026-10-01", "target": "replay"},
    ],
)
def test_runs_of_others_are_another_series(other: dict[str, str]) -> None:
    known = row(night(0, BAD, **other), night(1))
    assert (known.total, known.others, known.rows) == (1, 1, [])


def test_a_refused_run_is_one_of_the_series_that_it_broke_off() -> None:
    known = row(night(0, evidence="live, the local stand-in"), night(1), refused(2))
    assert known.total == 2
    assert known.steps["7 projects"] == ["satisfied", "not-usable"]


def test_times_are_those_of_answers_alone() -> None:
    slow = night(0, times={"token": 0.1, "projects": 3.0, "me": 0.2})
    lost = night(1, times={"token": 0.3})
    known = row(slow, lost)
    assert (known.medians, known.slowest) == ([0.2, 0.3], [3.0, 0.3])
    projects = next(one for one in known.times if one.name == "projects")
    assert (projects.seconds, projects.median, projects.slowest) == ([3.0, None], 3.0, 3.0)


def test_the_first_run_says_that_it_is() -> None:
    assert sentence(row(night(0))) == "this is the first run that it holds of this target"
