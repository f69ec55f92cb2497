"""What the client sends and counts, to whom, and how often at most."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import pytest
import requests
import urllib3
from requests.structures import CaseInsensitiveDict

from quickstart.exchange import certificate
from quickstart.exchange.answer import Failure
from quickstart.exchange.client import BudgetSpentError
from quickstart.exchange.messages import Reply, Request
from selftests.support.scripted import DATE, NOW, Host, Scripted

URL = "https://sandbox.procore.com/rest/v1.0/me"
GET = Request("GET", URL, {"a": "b c"}, {}, {}, "token")
POST = replace(GET, method="POST", form={"grant_type": "x"})


def test_a_request_goes_out_as_it_was_made(ask: Any) -> None:
    client, host = ask()
    reply = client.send(replace(POST, headers={"X-A": "b"}))
    ((sent, how),) = host.asked
    assert (sent.method, sent.url, sent.body) == ("POST", f"{URL}?a=b+c", "grant_type=x")
    assert {name: sent.headers.get(name) for name in ("Authorization", "Accept-Encoding", "X-A", "Cookie")} == {
        "Authorization": "Bearer token",
        "Accept-Encoding": "gzip, deflate",
        "X-A": "b",
        "Cookie": None,
    }
    assert sent.headers["User-Agent"].startswith("procore-quick-start-suite/")
    assert (how["timeout"], how["stream"]) == ((10.0, 20.0), True)
    assert how["proxies"]["https"] == "http://proxy.of/https://sandbox.procore.com"
    assert reply == Reply(f"{URL}?a=b+c", 1.0, 200, reply.headers, b"{}", pairs=())


def test_a_short_time_out_bounds_connecting_too(ask: Any) -> None:
    client, host = ask(timeout=3.0)
    client.send(GET)
    assert host.asked[0][1]["timeout"] == (3.0, 3.0)


def test_no_more_is_sent_than_the_budget_of_requests(ask: Any) -> None:
    client, host = ask(limit=2)
    assert client.left == 2
    client.send(GET)
    client.send(GET)
    assert client.left == 0
    with pytest.raises(BudgetSpentError, match=r"^the budget of 2 requests a run is spent$"):
        client.send(GET)
    client, host = ask((503, {"Retry-After": "1"}), limit=2)
    assert client.send(GET).attempts == 2, "nothing is left for a third"
    assert len(host.asked) == 2


def test_nothing_is_sent_after_the_time_of_the_run(ask: Any) -> None:
    client, host = ask()
    client.send(GET)
    host.now = 1000.0 + 420
    client.send(GET)
    with pytest.raises(BudgetSpentError, match=r"^the budget of 420 s a run is spent$"):
        client.send(GET)
    assert len(host.asked) == 2


def test_a_run_may_be_allowed_more(ask: Any) -> None:
    client, host = ask(limit=1)
    assert client.allowance == "at most 1 requests and 420 s in all"
    client.grow(2.5, 1000.0)
    assert (client.left, client.allowance) == (3, "at most 3 requests and 1,420 s in all")
    client.send(GET)
    host.now = 1000.0 + 1420
    client.send(GET)
    with pytest.raises(BudgetSpentError, match="1,420 s a run"):
        client.send(GET)
    assert client.cost.seconds == 1421.0
    client.grow(0, 100.0)
    client.send(GET)


def test_a_run_that_sent_nothing_took_no_time(ask: Any) -> None:
    client, _ = ask()
    assert (client.cost.seconds, client.cost.requests, client.cost.budgets) == (0.0, 0, ())


def test_budgets_that_the_host_told_are_counted(ask: Any) -> None:
    told = {**DATE, "X-Rate-Limit-Limit": "3600", "X-Rate-Limit-Remaining": "90", "X-Rate-Limit-Reset": f"{NOW + 900}"}
    client, _ = ask((200, told))
    client.send(GET)
    (budget,) = client.cost.budgets
    assert (budget.host, budget.limit, budget.requests) == ("sandbox.procore.com", 3600, 1)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"url": "https://elsewhere.example/"}, "refusing to send anything to elsewhere.example"),
        ({"url": "http://sandbox.procore.com/"}, "refusing to send a secret to sandbox.procore.com without TLS"),
        ({"url": "http://sandbox.procore.com/", "bearer": None, "form": {"a": "b"}}, "refusing to send a secret"),
        ({"url": "http://sandbox.procore.com/", "bearer": None}, ""),
        ({"url": "http://127.0.0.1/"}, ""),
    ],
)
def test_a_secret_goes_to_hosts_of_the_target_and_over_tls(ask: Any, changes: dict[str, Any], words: str) -> None:
    client, host = ask()
    if words:
        with pytest.raises(ValueError, match=words):
            client.send(replace(GET, **changes))
    else:
        client.send(replace(GET, **changes))
    assert len(host.asked) == (not words)


LISTING = replace(GET, listing=True)
LIST = b"[" + b",".join([b"1" * 1500] * 1300) + b"]"  # more than is kept


def test_what_is_left_out_of_a_listing_is_handed_on_as_it_came(ask: Any) -> None:
    client, host = ask((200, {"X-A": "b"}))
    host.body = LIST
    handed: list[Reply] = []
    reply = client.send(LISTING, handed.append)
    assert reply.left_out == 1300 - reply.content.count(b",") - 1 > 0
    assert sum(one.content.count(b",") + 1 for one in handed) == reply.left_out
    assert {(one.status, one.url, one.pairs, one.left_out, one.failure) for one in handed} == {
        (200, reply.url, reply.pairs, 0, None)
    }
    assert {one.seconds for one in handed} == {1.0}, "until the answer began"
    handed.clear()
    assert client.send(LISTING).left_out == reply.left_out
    assert handed == []


def test_a_listing_that_is_judged_as_it_arrives_may_last_as_long_as_the_run(ask: Any) -> None:
    client, host = ask(timeout=1.0)
    host.body, host.slow = LIST, 4.0
    assert client.send(LISTING).failure == Failure("timeout", "no answer within 1 s")
    assert client.send(LISTING, lambda _: None).failure is None
    host.slow = 20.0
    failure = client.send(LISTING, lambda _: None).failure
    assert failure is not None
    assert failure.kind == "timeout"
    assert 1420 <= host.now <= 1420 + 2 * host.slow, "the run began at 1000, and may take 420 s"


def test_an_answer_may_take_twice_the_time_out(ask: Any) -> None:
    client, host = ask(timeout=10.0)
    for slow, kind in ((9.0, ""), (9.5, ""), (10.0, "timeout")):
        host.slow = slow  # twice, after the second that sending takes
        failure = client.send(GET).failure
        assert (failure.kind if failure else "") == kind, slow


def test_a_certificate_that_does_not_verify_is_told_with_whose_it_is(ask: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[tuple[str, float]] = []

    def shown(url: str, timeout: float) -> str:
        looked.append((url, timeout))
        return "issued to x by y" if "sandbox" in url else ""

    monkeypatch.setattr(certificate, "shown_by", shown)
    unverified = requests.exceptions.SSLError("CERTIFICATE_VERIFY_FAILED")
    client, _ = ask(unverified, timeout=3.0)
    words = "the certificate is not valid for this host"
    for _ in range(2):
        assert client.send(GET).failure == Failure("certificate", f"{words} (issued to x by y)")
    assert looked == [(URL, 3.0)], "once for each host"
    assert client.send(replace(GET, url="https://127.0.0.1/")).failure == Failure("certificate", words)
    client, _ = ask(requests.exceptions.SSLError("handshake"))
    assert client.send(GET).failure == Failure("tls", "the TLS handshake failed")
    assert len(looked) == 2
    client, _ = ask(unverified)
    client.send(GET)
    assert looked[-1] == (URL, 10.0)
    client, _ = ask(player=Host([unverified]))
    assert client.send(GET).failure == Failure("certificate", words)
    assert len(looked) == 3


def test_a_failure_is_a_reply_with_its_cause(ask: Any) -> None:
    client, _ = ask(requests.ConnectTimeout("slow"))
    reply = client.send(GET)
    assert (reply.failure, reply.status) == (Failure("timeout", "no connection within 20 s"), None)
    assert (reply.url, reply.seconds, reply.attempts) == (f"{URL}?a=b+c", 1.0, 1)


@pytest.mark.parametrize("error", [urllib3.exceptions.HTTPError("x"), ValueError("x"), requests.RequestException("x")])
def test_whatever_the_libraries_raise_is_a_failure(ask: Any, error: Exception) -> None:
    client, _ = ask(error)
    failure = client.send(GET).failure
    assert failure is not None
    assert failure.kind == "reset"


def test_what_is_kept_is_closed(ask: Any) -> None:
    threads = {*threading.enumerate()}
    client, host = ask(keep_alive=True)
    client.send(GET)
    assert host.closed == 0
    client.close()
    assert host.closed == 2, "what connects with TLS and without"
    assert {*threading.enumerate()} <= threads


def test_a_reply_shows_neither_headers_nor_body() -> None:
    """A traceback would show it before anything took the secrets out."""
    reply = Reply(URL, 0.0, 200, CaseInsensitiveDict({"Set-Cookie": "secret"}), b"secret")
    assert "secret" not in repr(reply)


def test_connections_are_kept_but_of_what_is_used_up(ask: Any) -> None:
    client, host = ask(keep_alive=True)
    for one in (GET, POST, replace(POST, form={"code": "x"}, refused=True), GET):
        client.send(one)
    assert host.opened == 1
    client.send(replace(POST, form={"code": "x"}))
    assert host.opened == 2
    client, host = ask()
    client.send(GET)
    client.send(GET)
    assert host.opened == 3


@pytest.mark.parametrize(
    ("script", "limit", "sent", "ends"),
    [
        ([(200, {}), ConnectionResetError(104, "x"), (200, {})], 9, 3, True),
        ([(200, {}), requests.exceptions.SSLError("x"), (200, {})], 9, 3, True),
        ([(200, {}), requests.ConnectTimeout("x"), (200, {})], 9, 2, False),
        ([(200, {}), ConnectionResetError(104, "x"), (200, {})], 2, 2, False),
        ([(200, {}), ConnectionResetError(104, "x"), (200, {})], 3, 3, True),
        ([(200, {}), ConnectionResetError(104, "x")], 9, 3, False),
    ],
)
def test_a_kept_connection_that_died_of_age_is_opened_anew(
    ask: Any, script: list[Scripted], limit: int, sent: int, ends: bool
) -> None:
    given = [requests.ConnectionError(one) if isinstance(one, ConnectionResetError) else one for one in script]
    client, host = ask(*given, limit=limit, keep_alive=True)
    client.send(GET)
    reply = client.send(GET)
    assert (len(host.asked), reply.failure is None) == (sent, ends)


def test_a_first_connection_that_fails_is_not_opened_anew(ask: Any) -> None:
    client, host = ask(requests.ConnectionError("reset"), keep_alive=True)
    assert client.send(GET).failure is not None
    assert len(host.asked) == 1


def test_in_replay_nothing_is_waited_for_and_no_setting_is_looked_at(ask: Any) -> None:
    player = Host([(503, {"Retry-After": "30"}), (200, {})])
    client, host = ask(player=player)
    reply = client.send(GET)
    host.now += 10_000
    assert (reply.status, reply.attempts, client.send(GET).status) == (503, 1, 200)
    assert host.said == host.asked == []
    assert player.asked[0][1]["proxies"] == {}


@pytest.mark.parametrize(("seconds", "waited"), [(5, 5), (30, 20)])
def test_what_takes_effect_slowly_is_asked_after_some_seconds(ask: Any, seconds: float, waited: float) -> None:
    client, host = ask()
    assert client.send_when_settled(GET, seconds).status == 200
    assert host.said == [f"what was just asked for may need some seconds to take effect; waiting {waited} s"]
