"""A signal that comes while a command is being started ends the command, too: nobody is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import Any

import pytest

from standin.check import process
from standin.command import signals

pytestmark = pytest.mark.posix
SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """What was started; each start is interrupted by SIGTERM before whoever asked for it has it."""
    found: list[subprocess.Popen[bytes]] = []
    original = subprocess.Popen

    def interrupted(*arguments: Any, **options: Any) -> subprocess.Popen[bytes]:
        found.append(original(*arguments, **options))
        os.kill(os.getpid(), signal.SIGTERM)
        return found[-1]

    monkeypatch.setattr(subprocess, "Popen", interrupted)
    return found


def test_a_scenario_leaves_nobody_behind(started: list[subprocess.Popen[bytes]]) -> None:
    with signals.listening(), pytest.raises(signals.Interrupted):
        process.run(SLEEP, os.environ, 10, lambda _: None)
    try:
        assert [one.poll() for one in started] == [-signal.SIGTERM]
    finally:
        started[0].kill()


def test_what_is_held_is_told_at_the_end_and_once() -> None:
    done = []

    def interrupted() -> None:
        with signals.held():
            os.kill(os.getpid(), signal.SIGTERM)
            os.kill(os.getpid(), signal.SIGINT)
            done.append("all")
        done.append("too much")

    with signals.listening(), pytest.raises(signals.Interrupted) as told:
        interrupted()
    assert (done, told.value.number) == (["all"], signal.SIGTERM)
