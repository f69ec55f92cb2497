"""What a run cost is told as it was: the requests that the server saw, and the budgets that its answers told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from quickstart.exchange.cost import Budget, Cost, Meter
from selftests.support.bench import QUIET, SMOKE, suite
from selftests.support.project import ROOT
from standin.http.messages import Answer
from standin.model.behaviour import Behaviour, Hiccup
from standin.model.world import World
from standin.server.running import serve

SCHEMA = json.loads((ROOT / "schemas" / "verdict.schema.json").read_text(encoding="utf-8"))
DATE = "Fri, 27 Nov 2026 20:00:00 GMT"
NOW = 1795809600  # Unix seconds of DATE
AGAIN = Hiccup(Answer(503, (("Retry-After", "1"),), b""), "companies", 1)


def told(limit: object, remaining: object, reset: object = NOW + 3000) -> dict[str, str]:
    names = ("X-Rate-Limit-Limit", "X-Rate-Limit-Remaining", "X-Rate-Limit-Reset")
    return {"Date": DATE, **dict(zip(names, map(str, (limit, remaining, reset)), strict=True))}


def budgets(*answers: dict[str, str]) -> list[Budget]:
    meter = Meter()
    for headers in answers:
        meter.read("api.procore.com", headers)
    return [*meter.budgets]


def cost_of(file: Path) -> Any:
    verdict = json.loads(file.read_text(encoding="utf-8"))
    jsonschema.validate(verdict, SCHEMA)
    return verdict["cost"]


def test_the_last_answer_says_what_is_left_of_the_hour() -> None:
    assert budgets(told(3600, 90), told(3600, 89)) == [Budget("api.procore.com", 3600, 2, 89, hourly=True)]


def test_each_limit_that_is_told_is_counted_against() -> None:
    """Procore reports the hourly limit or the one on spikes, whichever is nearer."""
    found = budgets(told(600, 500), told(25, 24, NOW + 10), told(600, 498))
    assert [(one.limit, one.requests, one.remaining, one.hourly) for one in found] == [
        (600, 3, 498, True),
        (25, 3, 24, False),
    ]


@pytest.mark.parametrize(("seconds", "hourly"), [(65, False), (66, True), (3660, True), (3661, False)])
def test_an_hour_is_what_lasts_longer_than_a_spike(seconds: int, hourly: bool) -> None:
    assert [one.hourly for one in budgets(told(100, 99, NOW + seconds))] == [hourly]


def test_what_was_once_shown_to_be_the_hour_stays_it_for_that_limit_and_host() -> None:
    meter = Meter()
    for host, limit, reset in (("a", 600, NOW + 900), ("a", 600, NOW + 5), ("b", 600, NOW + 5), ("a", 25, NOW + 5)):
        meter.read(host, told(limit, limit, reset))
    assert [(one.host, one.limit, one.requests, one.hourly) for one in meter.budgets] == [
        ("a", 600, 3, True),
        ("b", 600, 1, False),
        ("a", 25, 3, False),
    ]


@pytest.mark.parametrize("reset", [NOW + 60, NOW - 10, 50, "", "soon", NOW + 86400])
def test_no_hour_is_claimed_where_the_reset_shows_none(reset: object) -> None:
    assert [one.hourly for one in budgets(told(100, 99, reset))] == [False]


@pytest.mark.parametrize(
    "headers",
    [{}, told("many", 1), told(0, 0), told(100, 101), told(100, -1), told("9" * 30, 1), {"X-Rate-Limit-Limit": "100"}],
)
def test_what_makes_no_sense_is_no_budget(headers: dict[str, str]) -> None:
    assert budgets(headers) == []


@pytest.mark.parametrize(
    ("budget", "words"),
    [
        (
            Budget("api.procore.com", 3600, 27, 3573, hourly=True),
            "27 of the hour's 3,600 requests of api.procore.com (0.75 %), 3,573 left",
        ),
        (Budget("h", 100, 33, 67, hourly=False), "33 of the 100 requests of h in a window (33 %), 67 left"),
        (Budget("h", 25, 25, 0, hourly=False), "25 of the 25 requests of h in a window (100 %), 0 left"),
        (Budget("h", 3, 9, 0, hourly=False), "9 requests of h, which allows 3 in a window, 0 left"),
    ],
)
def test_shares_in_words(budget: Budget, words: str) -> None:
    assert budget.words == words


def test_waits_are_told_where_there_were_any() -> None:
    assert Cost(1, 4, 0.26, 0.4).words == "1 request (of at most 4) in 0.3 s"
    assert Cost(40, 45, 65.2, 61.0).words == "40 requests (of at most 45) in 65.2 s, 61 s of them waiting"


def test_a_live_run_says_what_the_server_saw(tmp_path: Path) -> None:
    files = [f"--verdict-json={tmp_path / 'v.json'}", f"--summary-md={tmp_path / 's.md'}"]
    with serve(World(behaviour=Behaviour(hiccups=(AGAIN,)))) as procore:
        code, output = suite(procore, *SMOKE, *files)
        assert code == 0, output
        cost = cost_of(tmp_path / "v.json")
        assert cost["requests"] == len(procore.requests)
        assert cost["waited"] >= 1
        assert cost["seconds"] > cost["waited"]
        assert [(one["host"], one["limit"], one["hourly"]) for one in cost["budgets"]] == [
            ("sandbox.procore.com", 3600, True)
        ]
    line = next(line for line in output.splitlines() if line.startswith("cost: "))
    assert line.startswith(f"cost: {cost['requests']} requests (of at most 4) in ")
    assert ", 1 s of them waiting; " in line
    assert " of the hour's 3,600 requests of sandbox.procore.com (" in line
    assert f" · Cost **{line.removeprefix('cost: ')}** · " in (tmp_path / "s.md").read_text(encoding="utf-8")


def test_without_headers_no_share_is_said(tmp_path: Path) -> None:
    with serve(World(behaviour=Behaviour(rate_headers=False))) as procore:
        _, output = suite(procore, *SMOKE, f"--verdict-json={tmp_path / 'v.json'}")
    assert cost_of(tmp_path / "v.json")["budgets"] == []
    assert next(line for line in output.splitlines() if line.startswith("cost: ")).endswith(" s")


def test_a_replay_costs_nothing_and_says_nothing(tmp_path: Path) -> None:
    with serve() as procore:
        _, output = suite(procore, *QUIET, "--target=replay", f"--verdict-json={tmp_path / 'v.json'}")
    assert cost_of(tmp_path / "v.json") is None
    assert "cost: " not in output


def test_a_refused_run_has_cost_nothing(tmp_path: Path) -> None:
    with serve() as procore:
        code, _ = suite(procore, *SMOKE, "-n2", f"--verdict-json={tmp_path / 'v.json'}")
    assert code == 4
    assert cost_of(tmp_path / "v.json") is None
