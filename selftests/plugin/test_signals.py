"""What ends a process ends a run as Ctrl-C does: it says how it ended, and keeps what works once."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from selftests.support.ends import is_whole, replay
from selftests.support.refreshing import FIRST, Bench, Endpoint, answered

pytestmark = pytest.mark.posix
ENDING = ("SIGINT", "SIGTERM", "SIGHUP")
ME = "tests/test_step7_me.py"
# As where nothing is ignored, which nohup and shells without jobs hand down.
KILLS = """
import os, signal
signal.signal(signal.{name}, signal.default_int_handler if "{name}" == "SIGINT" else signal.SIG_DFL)
def {hook}({argument}):
    os.kill(os.getpid(), signal.{name})
"""
MOMENTS = {"a test": ("pytest_runtest_setup", "item"), "the start": ("pytest_sessionstart", "session")}


@pytest.mark.parametrize("name", ENDING)
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_signal_breaks_the_run_off_and_every_report_says_so(tmp_path: Path, name: str, moment: str) -> None:
    hook, argument = MOMENTS[moment]
    left = replay(tmp_path, ME, plugin=KILLS.format(hook=hook, argument=argument, name=name))
    why = "it was interrupted" if name == "SIGINT" else f"it was ended by {name}"
    assert left.code == 2, left.text
    assert f"NO VERDICT: The run was broken off ({why})" in left.text
    assert (left.verdict["ending"]["kind"], left.verdict["ending"]["reason"]) == ("broken-off", why)
    assert (left.verdict["conformant"], left.verdict["exit_code"]) == (None, 2)
    assert is_whole(left)


def test_an_interrupt_before_there_is_a_session_leaves_no_older_report(tmp_path: Path) -> None:
    plugin = (
        "from quickstart.judgement import catalogue\ndef load(*_): raise KeyboardInterrupt\ncatalogue.load = load\n"
    )
    left = replay(tmp_path, plugin=plugin)
    assert left.code == 2, left.text
    assert left.verdict["ending"]["kind"] == "broken-off"
    assert is_whole(left)


def test_who_is_killed_before_there_is_a_session_leaves_no_older_report(tmp_path: Path) -> None:
    plugin = "import os\nfrom quickstart.judgement import catalogue\ncatalogue.load = lambda *_: os._exit(9)\n"
    left = replay(tmp_path, plugin=plugin)
    assert left.code == 9
    assert (left.verdict, [*left.files]) == ({}, ["summary"])


@pytest.mark.parametrize("name", ENDING)
def test_a_signal_while_the_run_refreshes_waits_until_the_new_tokens_are_kept(tmp_path: Path, name: str) -> None:
    bench, number = Bench(tmp_path), getattr(signal, name)
    bench.plant()

    def interrupted(_: object) -> object:
        os.kill(os.getpid(), number)
        os.kill(os.getpid(), number)  # a terminal tells all of its processes, and these tell each other
        return answered({"access_token": "a-new-token", "refresh_token": "another", "expires_in": 5400})

    def heard(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(number, heard)
    try:
        with pytest.raises(KeyboardInterrupt):
            bench.find(Endpoint(tmp_path, interrupted))  # type: ignore[arg-type]
        assert signal.getsignal(number) is heard
    finally:
        signal.signal(number, before)
    state = bench.cache.load()
    assert (state.access_token, state.refresh_token, state.pending) == ("a-new-token", "another", "")
    assert bench.endpoint.sent == [FIRST]


def test_who_asks_a_second_time_is_not_kept_waiting(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.plant()

    def slow(_: object) -> object:
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(1.1)
        os.kill(os.getpid(), signal.SIGINT)
        raise AssertionError("it waited")

    with pytest.raises(KeyboardInterrupt):
        bench.find(Endpoint(tmp_path, slow))  # type: ignore[arg-type]
    assert bench.cache.load().pending
