"""What is secret goes to the target's own hosts, over TLS, whatever .netrc, proxies and redirects would like."""

from __future__ import annotations

import base64
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from quickstart.exchange import client as client_module
from quickstart.exchange import trust
from quickstart.exchange.client import Client
from quickstart.exchange.messages import Request
from selftests.secrecy.test_nothing_leaks import with_password
from selftests.support.bench import NO_CODE, PROXIES, QUIET, SMOKE, plant, suite, write
from standin.cases.bending import header, on, status
from standin.model.world import World
from standin.server.certificates import Certificate
from standin.server.running import Procore, serve

HOSTS = frozenset({"login-sandbox.procore.com", "sandbox.procore.com"})


def bearers(procore: Procore) -> set[str | None]:
    """The Authorization headers that reached the API."""
    return {one.header("authorization") for one in procore.requests if one.host == "sandbox.procore.com"}


def test_a_netrc_entry_replaces_no_bearer(tmp_path: Path) -> None:
    write(tmp_path / ".netrc", "default login someone password netrc-canary\n")
    with serve() as procore:
        planted = plant(procore, expires_at=9e9)
        changes = NO_CODE | {"HOME": str(tmp_path), "NETRC": str(tmp_path / ".netrc")}
        code, output = suite(procore, *QUIET, changes=changes)
        assert code == 0, output
        assert f"Bearer {planted.access_token}" in bearers(procore)
        basic = base64.b64encode(b"someone:netrc-canary").decode()
        assert not [one for one in procore.requests if basic in str(one.headers)]


def test_the_password_of_a_proxy_goes_to_the_proxy_alone() -> None:
    with serve() as procore:
        code, output = suite(procore, *SMOKE, changes=NO_CODE | with_password(procore))
        assert code == 0, output
        assert not [one for one in procore.requests if one.scheme == "https" and one.header("proxy-authorization")]


@pytest.mark.parametrize("number", [301, 302, 307, 308])
@pytest.mark.parametrize(
    "elsewhere", ["https://api.procore.com/x", "https://evil.example/x", "http://sandbox.procore.com/x"]
)
def test_no_redirect_is_followed(number: int, elsewhere: str) -> None:
    away = (status(number), header("Location", elsewhere))
    with serve(World(modifiers=(on("companies", *away, ok=None), on("token", *away, ok=None)))) as procore:
        suite(procore, *SMOKE)
        assert {one.host for one in procore.requests} <= HOSTS
        assert not procore.refused
        assert not [one for one in procore.requests if one.scheme == "http"]


def test_a_whole_run_asks_no_other_host_and_sends_no_secret_in_the_clear() -> None:
    with serve() as procore:
        code, output = suite(procore, *QUIET, "--disruptive", changes={})
        assert code == 0, output
        assert {one.host for one in procore.requests} == HOSTS
        assert not procore.refused
        clear = [one for one in procore.requests if one.scheme == "http"]
        assert clear, "the one that asks what port 80 does"
        assert not [one for one in clear if one.header("authorization") or one.form]


@pytest.mark.parametrize(
    "url", ["https://evil.example/", "https://sandbox.procore.com.evil.example/", "http://sandbox.procore.com/"]
)
def test_the_client_refuses_to_carry_a_secret_elsewhere(url: str) -> None:
    client = Client(hosts=HOSTS, limit=1, timeout=1, say=lambda _: None)
    with pytest.raises(ValueError, match="refusing to send"):
        client.send(Request("GET", url, {}, {}, {}, "a bearer"))


@pytest.mark.parametrize(
    "url",
    [
        "http://sandbox.procore.com",
        "https://user:pass@sandbox.procore.com",
        "https://x.example/path",
        "sandbox.procore.com",
    ],
)
def test_a_host_that_would_not_do_is_one_sentence(url: str) -> None:
    with serve() as procore:
        code, output = suite(procore, *SMOKE, changes={"PROCORE_API_URL": url})
        assert (code, len(output.strip().splitlines())) == (4, 1), output
        assert "PROCORE_API_URL cannot be used" in output
        assert not procore.requests


def test_a_certificate_authority_of_a_company_is_honoured() -> None:
    with serve() as procore:
        assert suite(procore, *SMOKE)[0] == 0
        code, output = suite(procore, *SMOKE, changes=NO_CODE | dict.fromkeys(trust.NAMED, ""))
        assert code != 0
        assert "certificate" in output.splitlines()[-2]


@pytest.mark.parametrize("kind", [kind for kind in Certificate if kind is not Certificate.RIGHT])
def test_nothing_is_sent_to_a_host_that_cannot_prove_who_it_is(kind: Certificate) -> None:
    with serve(certificate=kind) as procore:
        assert suite(procore, *SMOKE, changes={})[0] != 0
        assert not procore.requests


@contextmanager
def silent_server() -> Iterator[str]:
    """Accepts connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


def test_a_server_that_never_answers_ends_with_a_name_for_it() -> None:
    with serve() as procore, silent_server() as url:
        changes = NO_CODE | dict.fromkeys(PROXIES, "") | {"PROCORE_LOGIN_URL": url, "PROCORE_API_URL": url}
        code, output = suite(procore, *SMOKE, changes=changes | {"PROCORE_TIMEOUT": "0.5"})
        assert code != 0
        assert "127.0.0.1 did not answer in time" in output.splitlines()[-2]


def test_nobody_is_waited_for_long_where_nobody_need_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A port of TLS that is spoken to without may wait for the rest of a handshake; PROCORE_TIMEOUT is not for that."""
    monkeypatch.setattr(client_module, "CONNECT_TIMEOUT", 0.2)
    client = Client(hosts=frozenset({"127.0.0.1"}), limit=1, timeout=20, say=lambda _: None)
    with silent_server() as url:
        reply = client.send(Request("GET", url, {}, {}, {}, None, probe=True))
    assert reply.failure is not None
    assert reply.failure.detail.endswith("within 0.2 s")
