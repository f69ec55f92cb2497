"""A refresh token works once: of eight processes one spends it, and a killed run leaves no torn file."""

from __future__ import annotations

import json
import os
import signal
import sys
import time

import pytest

from quickstart.credentials.token_cache import VERSION
from selftests.support import killed
from selftests.support.bench import NO_CODE, SMOKE, asked_for_tokens, cache, command, ended, plant, started, suite
from selftests.support.project import ROOT
from standin.cases.bending import on, wire
from standin.http.messages import Wire
from standin.model.world import World
from standin.server.running import Procore, serve

AGAIN = "authorize again (python -m quickstart authorize)"


def refreshes(procore: Procore) -> list[str]:
    """The refresh tokens that were sent, in order."""
    return [one.form["refresh_token"] for one in asked_for_tokens(procore.requests, "refresh_token")]


def test_eight_processes_refresh_once() -> None:
    with serve() as procore:
        planted = plant(procore)
        running = [started(procore, command(*SMOKE)) for _ in range(8)]
        done = [ended(process) for process in running]
        assert [code for code, _ in done] == [0] * 8, done
        assert refreshes(procore) == [planted.refresh_token]
        assert not asked_for_tokens(procore.requests, "client_credentials")


def test_two_jobs_of_one_machine_share_the_cached_token() -> None:
    with serve() as procore:
        plant(procore)
        first, second = suite(procore, *SMOKE), suite(procore, *SMOKE)
        assert (first[0], second[0]) == (0, 0), first[1] + second[1]
        assert len(asked_for_tokens(procore.requests)) == 1 + 1, "the planted pair, and one refresh"


@pytest.mark.posix
@pytest.mark.parametrize("point", killed.POINTS)
def test_a_killed_refresh_leaves_the_old_state_or_a_plain_sentence(point: str) -> None:
    script = str(ROOT / "selftests" / "support" / "killed.py")
    with serve() as procore:
        planted = plant(procore)
        dying = started(
            procore, [sys.executable, script, point, "--target=sandbox", *SMOKE], {"PYTHONPATH": str(ROOT)} | NO_CODE
        )
        code, _ = ended(dying)
        assert code == -signal.SIGKILL
        _refute_torn_file(procore)
        sent_before = refreshes(procore)
        code, output = suite(procore, *SMOKE)
        assert code == 0, output
        went_on = AGAIN not in output
        assert went_on == (point in {"before the note", "note half written", "tokens renamed"}), output
        assert len(refreshes(procore)) == len(set(refreshes(procore))), "no refresh token is sent twice"
        assert went_on or refreshes(procore) == sent_before, "what may be spent is not sent again"
        assert planted.refresh_token not in refreshes(procore)[1:]
        assert not list(cache(procore).path.parent.glob(".login*")), "nothing half written is left"


@pytest.mark.posix
def test_a_run_killed_while_the_server_thinks_makes_the_next_one_ask_for_authorization() -> None:
    world = World(modifiers=(on("token", wire(Wire(delay=30)), grant="refresh_token"),))
    with serve(world) as procore:
        plant(procore)
        stalled = started(procore, command(*SMOKE))
        deadline = time.monotonic() + 60
        while not refreshes(procore) and time.monotonic() < deadline:
            time.sleep(0.02)
        os.kill(stalled.pid, signal.SIGKILL)
        stalled.communicate()
        _refute_torn_file(procore)
        code, output = suite(procore, *SMOKE)
        assert code == 0, output
        assert output.count(AGAIN) == 1
        assert len(refreshes(procore)) == 1


def test_a_newly_given_refresh_token_is_used_in_spite_of_an_interrupted_one() -> None:
    with serve() as procore:
        planted = plant(procore)
        plant(procore, pending="0" * 64, refresh_token=None)
        code, output = suite(procore, *SMOKE, changes=NO_CODE | {"PROCORE_REFRESH_TOKEN": str(planted.refresh_token)})
        assert code == 0, output
        assert refreshes(procore) == [planted.refresh_token]


def test_a_given_refresh_token_is_sent_once_in_its_life() -> None:
    with serve() as procore:
        given = str(plant(procore).refresh_token)
        cache(procore).path.unlink()
        changes = NO_CODE | {"PROCORE_REFRESH_TOKEN": given}
        assert suite(procore, *SMOKE, changes=changes)[0] == 0
        stored = json.loads(cache(procore).path.read_text())
        assert stored["version"] == VERSION
        stored |= {"expires_at": 0.0}
        cache(procore).path.write_text(json.dumps(stored))
        assert suite(procore, *SMOKE, changes=changes)[0] == 0
        assert refreshes(procore) == [given, stored["refresh_token"]]


def _refute_torn_file(procore: Procore) -> None:
    assert cache(procore).load() is not None
