"""A run is bounded: in requests, in waits, in time, and in refusals of the token endpoint."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import requests

from quickstart.exchange import client as client_module
from quickstart.exchange import definitions
from quickstart.exchange.client import BudgetSpentError, Client
from quickstart.exchange.messages import Request
from quickstart.plugin import session
from quickstart.plugin.collection import LIVE_TIMEOUT
from selftests.support.bench import NO_CODE, QUIET, SMOKE, asked_for_tokens, command, hurried, started, suite
from selftests.support.project import ROOT
from standin.cases.bending import body, on, status
from standin.http.messages import Answer
from standin.model.behaviour import Behaviour, Hiccup
from standin.model.world import World
from standin.server.running import serve

COMPANIES = Request("GET", "https://sandbox.procore.com/rest/v1.0/companies", {}, {}, {}, "x")
DEFAULT = session.Wish("sandbox", record=False, disruptive=False).requests(definitions.load())
DISRUPTIVE = session.Wish("sandbox", record=False, disruptive=True).requests(definitions.load())


def test_budgets_follow_the_table_and_readme_tells_them() -> None:
    known = definitions.load()
    quiet = sum(not one.disruptive for one in known.values())
    assert (quiet + session.SPARE, len(known) + session.SPARE) == (DEFAULT, DISRUPTIVE)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"at most {DEFAULT} requests" in readme
    assert f"at most {DISRUPTIVE} requests" in readme


def test_an_added_exchange_pushes_no_other_out_of_the_budget() -> None:
    known = definitions.load()
    more = known | {f"more-{number}": replace(known["me"], name=f"more-{number}") for number in range(100)}
    wish = session.Wish("sandbox", record=False, disruptive=False)
    assert wish.requests(more) == DEFAULT + 100


def later(number: int, seconds: int, times: int = 1) -> Behaviour:
    """Answers that ask to come again later, before the right ones."""
    answer = Answer(number, (("Retry-After", str(seconds)),), b"")
    return Behaviour(hiccups=(Hiccup(answer, "companies", times),))


@pytest.mark.parametrize("number", [429, 503])
def test_a_wait_is_obeyed_and_announced(number: int) -> None:
    with serve(World(behaviour=later(number, 1))) as procore:
        begun = time.monotonic()
        code, output = suite(procore, *SMOKE)
        assert code == 0, output
        assert time.monotonic() - begun > 1
        assert f"waiting: sandbox.procore.com answered {number}; waiting 1 s" in output


def test_the_wait_is_announced_while_it_lasts() -> None:
    with serve(World(behaviour=later(429, 6))) as procore:
        process = started(procore, command(*SMOKE))
        assert process.stdout is not None
        line = next(line for line in process.stdout if "waiting" in line)
        assert line.startswith("waiting: sandbox.procore.com")
        assert process.poll() is None, "it is still waiting"
        assert len([one for one in procore.requests if one.path.endswith("companies")]) == 1
        process.kill()
        process.communicate()


def test_a_wait_of_an_hour_is_not_waited_for() -> None:
    with serve(World(behaviour=later(429, 3600, times=99))) as procore:
        begun = time.monotonic()
        code, output = suite(procore, *SMOKE)
        assert time.monotonic() - begun < 20
        assert code == 4
        assert "NOT USABLE" in output
        assert "rate limit" in output.splitlines()[-2]


def test_requests_are_paced_by_the_headers() -> None:
    """With three requests in two seconds, none is refused."""
    with serve(World(behaviour=Behaviour(rate_limit=3, rate_window=2))) as procore:
        code, output = hurried(procore, *QUIET, "-k", "projects or companies")
        assert code == 0, output
        assert "the rate limit is used up; waiting" in output
        assert "429" not in output


@pytest.mark.parametrize(
    ("arguments", "changes", "limit"),
    [
        (SMOKE, NO_CODE, session.SMOKE),
        (SMOKE, {}, session.SMOKE),
        (SMOKE, {"PROCORE_REFRESH_TOKEN": "x" * 30, "PROCORE_AUTHORIZATION_CODE": "y" * 30}, session.SMOKE),
        (QUIET, {}, DEFAULT),
        ((*QUIET, "--disruptive"), {}, DISRUPTIVE),
    ],
    ids=["smoke", "smoke with a code", "smoke with refusals", "full", "disruptive"],
)
@pytest.mark.parametrize("busy", [False, True], ids=["calm", "busy"])
def test_no_run_sends_more_than_its_budget(
    arguments: tuple[str, ...], changes: dict[str, str], limit: int, busy: bool
) -> None:
    hiccups = (Hiccup(Answer(503, (("Retry-After", "0"),), b""), "", 20),) if busy else ()
    with serve(World(behaviour=Behaviour(hiccups=hiccups))) as procore:
        _, output = suite(procore, *arguments, changes=changes)
        assert len(procore.requests) <= limit, output


def test_a_run_that_cannot_finish_could_not_test_and_is_not_green(tmp_path: Path) -> None:
    """A budget of requests that is too small for the run: one 503 for each exchange, then the right answer."""
    flaky = on("", status(503), body(b""), ok=True)

    def every_other(request: object, answer: Answer, world: World) -> Answer:
        return flaky(request, answer, world) if world.counts[answer.endpoint] % 2 else answer  # type: ignore[arg-type]

    file = tmp_path / "verdict.json"
    with serve(World(modifiers=(every_other,))) as procore:
        code, output = hurried(procore, *QUIET, f"--verdict-json={file}", changes={})
        verdict = json.loads(file.read_text())
        assert code in {1, 4}, output
        assert len(procore.requests) <= DEFAULT
        assert any("the budget of" in one["detail"] for one in verdict["requirements"]) or verdict["diagnosis"]


def test_three_refusals_end_the_search_for_a_token() -> None:
    refuse = on("token", status(401), body({"error": "invalid_grant"}), ok=None)
    with serve(World(modifiers=(refuse,))) as procore:
        code, output = suite(procore, *QUIET, "-rs", changes={"PROCORE_REFRESH_TOKEN": "x" * 30})
        assert code == 1
        assert len(asked_for_tokens(procore.requests)) == 3, "the deliberate refusals are not sent either"
        assert "refused 3 times" in output


def test_a_refused_client_is_refused_once() -> None:
    with serve() as procore:
        code, _ = suite(procore, *QUIET, "--disruptive", changes={"PROCORE_CLIENT_SECRET": "x" * 30})
        assert code == 1
        grants = [one.form["grant_type"] for one in asked_for_tokens(procore.requests)]
        # Two: --disruptive tries the code with a wrong redirect URI first.
        assert grants == ["authorization_code", "authorization_code"]


@pytest.mark.parametrize("switch", ["-n2", "--tx=2*popen"])
def test_several_processes_on_one_account_are_refused(switch: str) -> None:
    with serve() as procore:
        code, output = suite(procore, *SMOKE, switch)
        assert code == 4
        assert "one process" in output
        assert not procore.requests


def test_no_request_goes_out_without_time_outs(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[object] = []

    def send(*_: object, **keywords: object) -> None:
        seen.append(keywords["timeout"])
        raise requests.ConnectTimeout

    monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", send)
    client(10).send(COMPANIES)
    assert seen == [(10.0, 30.0)]


def test_nothing_is_sent_after_the_time_of_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr("quickstart.exchange.client.time.monotonic", lambda: now[0])
    sender = client(10)
    monkeypatch.setattr(requests.Session, "request", _times_out(now, 400.0))
    assert sender.send(COMPANIES).failure is not None
    now[0] += client_module.RUN_BUDGET
    with pytest.raises(BudgetSpentError, match="420 s"):
        sender.send(COMPANIES)


def client(limit: int) -> Client:
    return Client(hosts=frozenset({"sandbox.procore.com"}), limit=limit, timeout=30.0, say=lambda _: None)


def _times_out(now: list[float], seconds: float) -> Callable[..., None]:
    def request(*_: object, **__: object) -> None:
        now[0] += seconds
        raise requests.ReadTimeout

    return request


def test_the_bounds_fit_into_each_other() -> None:
    """The last request may begin at the end of the budget; the test it is for must outlive it."""
    assert client_module.RUN_BUDGET + client_module.CONNECT_TIMEOUT + 2 * 30 < LIVE_TIMEOUT
    assert client_module.WAIT_BUDGET < client_module.RUN_BUDGET
