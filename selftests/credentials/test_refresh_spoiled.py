"""A refresh that goes wrong in any way: killed, without room, answered oddly, or on a system that is not this one."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from quickstart.__main__ import main
from quickstart.credentials.token_cache import AGAIN, State, digest
from quickstart.exchange.messages import Reply
from quickstart.run.tokens import CACHE, REFRESH, SERVICE_ACCOUNT, Pair
from selftests.support.project import ROOT
from selftests.support.refreshing import FIRST, Bench, Endpoint, answered, failed, left_half_written

KILLS = 100


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """A cache with a refresh token that works."""
    made = Bench(tmp_path)
    made.plant()
    return made


@pytest.mark.posix
def test_a_refresh_killed_at_any_point_spends_no_token_twice_and_loses_none_unsaid(tmp_path: Path) -> None:
    seed = os.urandom(4).hex()
    done = subprocess.run(
        [sys.executable, "-m", "selftests.support.random_kills", str(tmp_path), str(KILLS), seed],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    kills = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(kills) == KILLS
    wrong = [(kill, reason) for kill in kills if (reason := what_is_wrong(kill))]
    ways = Counter(str(kill["again"][0].get("way")) for kill in kills)
    print(f"killed at {len(kills)} of {kills[0]['of']} lines (seed {seed}): {dict(ways)}, {len(wrong)} wrong")
    assert not wrong, f"seed {seed}"


def what_is_wrong(kill: dict[str, Any]) -> str:
    """Say what a killed refresh and the two runs after it did that they must not, or nothing."""
    first, second = kill["again"]
    tokens = [token for token in kill["sent at last"] if token != "client_credentials"]
    if kill["ended"] != -signal.SIGKILL:
        return "it was not killed"
    if not kill["whole"]:
        return "the file is torn, or has no refresh token"
    if kill["half written"]:
        return "something half written is left"
    if len(tokens) != len(set(tokens)):
        return "a refresh token was sent twice"
    if not first or not second:
        return "a later run crashed"
    went_on = first["way"] in {REFRESH, CACHE} and second["way"] == CACHE and not first["said"]
    stopped = AGAIN in first["said"] and AGAIN in second["said"]
    return "" if went_on or stopped else "a token is lost, and nobody says so"


def full(*_: object, **__: object) -> None:
    """What the system says on a full disk."""
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize(("module", "name"), [(os, "fsync"), (tempfile, "mkstemp"), (Path, "replace")])
def test_a_disk_that_is_full_before_costs_no_refresh_token(
    module: object, name: str, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(module, name, full)
        found = bench.find()
        assert found.way == SERVICE_ACCOUNT
        assert "the refresh token is not spent" in found.said
        assert "No space left on device" in found.said
        assert left_half_written(bench) == []
    assert bench.find().way == REFRESH
    assert bench.endpoint.sent == ["client_credentials", FIRST]


def test_a_disk_that_is_full_after_says_what_is_lost_and_so_does_the_next_run(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def filling(_: object) -> Reply:
        monkeypatch.setattr(os, "fsync", full)
        return answered({"access_token": "a-new-token", "refresh_token": "another", "expires_in": 5400})

    found = bench.find(Endpoint(bench.folder, filling))
    assert found.way == REFRESH
    assert "free space or set PROCORE_TOKEN_CACHE. The new tokens of this run are lost with it." in found.said
    monkeypatch.undo()
    found = bench.find()
    assert AGAIN in found.said
    assert bench.endpoint.sent == [FIRST, "client_credentials"]


NOT_SPENT = {
    "refused client": lambda _: answered({"error": "invalid_client"}, 401),
    "too many": lambda _: answered({}, 429),
    "come later": lambda _: answered({}, 503),
    "no name": lambda _: failed("dns"),
    "no connection": lambda _: failed("connect"),
}
MAY_BE = {
    "a page": lambda _: answered("<html>log in</html>"),
    "no token": lambda _: answered({"access_token": ""}),
    "elsewhere": lambda _: answered({}, 302),
    "a fault": lambda _: answered({}, 500),
    "a gateway": lambda _: answered({}, 502),
    "a slow gateway": lambda _: answered({}, 504),
    "cut off": lambda _: failed("reset"),
    "late": lambda _: failed("timeout"),
}


@pytest.mark.parametrize("name", [*NOT_SPENT, *MAY_BE])
def test_after_any_answer_the_next_run_uses_the_token_or_says_that_it_may_be_spent(name: str, bench: Bench) -> None:
    first = bench.find(Endpoint(bench.folder, {**NOT_SPENT, **MAY_BE}[name]))
    second = bench.find()
    assert bench.endpoint.sent.count(FIRST) == (2 if name in NOT_SPENT else 1)
    assert (second.way == REFRESH) is (name in NOT_SPENT)
    assert (AGAIN in first.said, AGAIN in second.said) == (name in MAY_BE, name in MAY_BE)


def test_what_may_be_spent_is_not_sent_again_for_a_disruptive_run_either(bench: Bench) -> None:
    """Its access token lives, so the run does not need the refresh; it would send it as a test."""
    bench.plant(expires_at=time.time() + 5000, pending=digest(FIRST))
    run = bench.run(disruptive=True)
    assert run.pair().access_token == "an-old-token"
    result = run.obtain(REFRESH)
    assert AGAIN in str(result)
    assert bench.endpoint.sent == []


@pytest.mark.parametrize(("back", "way"), [(0.0, CACHE), (-3.0, CACHE), (60.0, REFRESH), (1e6, REFRESH)])
def test_a_clock_that_was_set_back_makes_no_token_young(
    back: float, way: str, bench: Bench, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = time.time()
    bench.plant(expires_at=now + 5000, kept_at=now)
    with monkeypatch.context() as patch:
        patch.setattr(time, "time", lambda: now - back)
        found = bench.find()
        patch.setenv("PROCORE_TOKEN_CACHE", str(bench.cache.path.parent))
        assert main(["status"]) == 0
    assert found.way == way
    assert ("The clock was set back" in found.said) is (way == REFRESH)
    assert "access token for" in capsys.readouterr().out


def test_a_token_that_claims_to_live_for_ever_is_kept_for_a_day() -> None:
    state = State().with_pair(Pair("a", "b", float("inf")))
    assert 0 < state.expires_at - time.time() <= 86_400


def test_windows_has_no_users_modes_or_folders_to_synchronise(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("geteuid", "getuid", "O_NOFOLLOW", "O_CLOEXEC"):
        monkeypatch.delattr(os, name, raising=False)
    bench.cache.path.chmod(0o666)  # what every file there seems to have
    bench.cache.path.parent.chmod(0o777)
    opened, replace, held = os.open, Path.replace, iter([True, True])

    def opening(path: Path, *more: int) -> int:
        if Path(path).is_dir():
            raise PermissionError(errno.EACCES, "Permission denied")
        return opened(path, *more)

    def replacing(path: Path, target: Path) -> Path:
        if next(held, False):
            raise PermissionError(errno.EACCES, "The process cannot access the file")
        return replace(path, target)

    monkeypatch.setattr(os, "open", opening)
    monkeypatch.setattr(Path, "replace", replacing)
    assert bench.find().way == REFRESH
    assert bench.find().way == CACHE
    assert bench.endpoint.sent == [FIRST]
    assert left_half_written(bench) == []
