"""Time that is waited away passes at once, for whoever waits and for the stand-in that answers."""

from __future__ import annotations

from pathlib import Path

from selftests.support.passing import Passing
from standin.model.clock import Clock


def test_what_one_process_waits_away_has_passed_for_another(tmp_path: Path) -> None:
    waiting, answering = Passing(tmp_path / "seconds"), Passing(tmp_path / "seconds")
    before = waiting.monotonic(), waiting.time()
    waiting.sleep(3600)
    waiting.sleep(60)
    assert answering.seconds == 3660
    assert waiting.monotonic() - before[0] >= 3660
    assert waiting.time() - before[1] >= 3660
    answering.begin()
    assert waiting.seconds == 0


def test_clock_that_follows_is_ahead_by_what_passed() -> None:
    passed = [0.0]
    clock = Clock.stopped(1000, offset=5)
    clock.follow(lambda: passed[0])
    assert clock.now == 1005
    passed[0] = 7
    assert clock.now == 1012
