"""How the client waits: as long as a host asks for, within the bounds of one wait, of all waits and of the run."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from quickstart.exchange.messages import Request
from selftests.support.scripted import DATE, NOW, Scripted

URL = "https://sandbox.procore.com/rest/v1.0/me"
GET = Request("GET", URL, {"a": "b c"}, {}, {}, "token")
POST = replace(GET, method="POST", form={"grant_type": "x"})


def used_up(seconds: float) -> Scripted:
    """An answer after which nothing may be sent for so long."""
    return 200, {**DATE, "X-Rate-Limit-Remaining": " 0 ", "X-Rate-Limit-Reset": f"{NOW + seconds:.0f}"}


def later(seconds: object, status: int = 503) -> Scripted:
    return status, {"Retry-After": str(seconds)}


@pytest.mark.parametrize(
    ("request_", "script", "sent"),
    [
        (GET, [(200, {})], 1),
        (GET, [later(1), (200, {})], 2),
        (GET, [later(1, 429), (200, {})], 2),
        (GET, [later(1)], 3),
        (GET, [later(1, 500)], 1),
        (GET, [later(1, 502)], 3),
        (GET, [later(1, 504)], 3),
        (replace(POST, form={"code": "x", "a": "b"}), [later(1, 504)], 1),
        (POST, [later(1, 502)], 3),
        (replace(POST, form={}), [later(1, 502)], 1),
        (replace(POST, form={"code": "x", "a": "b"}), [later(1, 502)], 1),
        (replace(POST, form={"refresh_token": "x"}), [later(1, 502)], 1),
        (replace(POST, form={"code": "x"}, refused=True), [later(1, 502)], 3),
        (replace(POST, form={"code": "x"}), [later(1, 503)], 3),
        (GET, [later(65), (200, {})], 2),
        (GET, [later(66), (200, {})], 1),
    ],
)
def test_what_asks_to_come_again_is_asked_again(ask: Any, request_: Request, script: list[Scripted], sent: int) -> None:
    client, host = ask(*script)
    reply = client.send(request_)
    assert len(host.asked) == sent
    assert reply.attempts == sent
    first = script[0]
    assert isinstance(first, tuple)
    assert reply.earlier == (str(first[0]),) * (sent - 1)


def test_waits_are_announced_and_counted(ask: Any) -> None:
    client, host = ask(later(7), (200, {}))
    client.send(GET)
    assert host.said == ["sandbox.procore.com answered 503; waiting 7 s"]
    cost = client.cost
    assert (cost.requests, cost.most, cost.seconds, cost.waited) == (2, 9, 9.0, 7.0)


def test_a_wait_of_nothing_is_none(ask: Any) -> None:
    client, host = ask(later(0), (200, {}))
    assert client.send(GET).attempts == 2
    assert host.said == []


def test_all_waits_of_a_run_are_bounded(ask: Any) -> None:
    client, host = ask(*[later(60), (200, {})] * 3, later(1), (200, {}))
    for attempts in (2, 2, 2, 1):
        assert client.send(GET).attempts == attempts
    assert client.cost.waited == 180.0
    assert len(host.said) == 3


def test_a_wait_fits_into_what_is_left_of_the_run(ask: Any) -> None:
    client, host = ask((200, {}), later(30), (200, {}))
    client.send(GET)
    host.now += 395
    assert client.send(GET).attempts == 1
    client, host = ask((200, {}), later(20), (200, {}))
    client.send(GET)
    host.now += 395
    assert client.send(GET).attempts == 2


def test_nothing_is_sent_before_a_window_that_is_used_up_ends(ask: Any) -> None:
    client, host = ask(used_up(30), (200, {}))
    client.send(GET)
    host.now += 10
    client.send(GET)
    assert host.said == ["the rate limit is used up; waiting 20 s"]
    assert host.now == 1000 + 1 + 30 + 1
    client.send(GET)
    assert len(host.said) == 1


@pytest.mark.parametrize("seconds", [1, 65])
def test_a_window_is_waited_for_up_to_the_longest_wait(ask: Any, seconds: float) -> None:
    client, host = ask(used_up(seconds), (200, {}))
    client.send(GET)
    client.send(GET)
    assert host.said == [f"the rate limit is used up; waiting {seconds} s"]


@pytest.mark.parametrize(
    "answer",
    [
        used_up(66),
        used_up(0),
        used_up(-5),
        (200, {**DATE, "X-Rate-Limit-Remaining": "1", "X-Rate-Limit-Reset": f"{NOW + 30}"}),
        (200, {**DATE, "X-Rate-Limit-Reset": f"{NOW + 30}"}),
        (200, {"X-Rate-Limit-Remaining": "0"}),
    ],
)
def test_no_wait_for_a_window_that_is_open_or_absurdly_long(ask: Any, answer: Scripted) -> None:
    client, host = ask(answer, (200, {}))
    client.send(GET)
    client.send(GET)
    assert host.said == []


@pytest.mark.parametrize(("patient", "attempts"), [(True, 2), (False, 1)])
def test_a_patient_run_may_wait_as_long_as_it_was_allowed_more(ask: Any, patient: bool, attempts: int) -> None:
    client, _ = ask(later(500), (200, {}))
    client.grow(0, 1000.0, patient=patient)
    assert client.send(GET).attempts == attempts


@pytest.mark.parametrize(("seconds", "attempts"), [(100, 2), (101, 1)])
def test_patience_is_what_a_patient_run_was_allowed_more(ask: Any, seconds: int, attempts: int) -> None:
    client, _ = ask(later(seconds), (200, {}))
    client.grow(0, 400.0, patient=False)
    client.grow(0, 100.0)
    assert client.send(GET).attempts == attempts


def test_waits_may_be_as_many_more_as_a_run_was_allowed(ask: Any) -> None:
    client, _ = ask(*[later(60), (200, {})] * 4)
    client.grow(0, 60.0, patient=False)
    assert [client.send(GET).attempts for _ in range(4)] == [2, 2, 2, 2]
    assert client.cost.waited == 240.0
