"""A gateway that hiccups: what is sent again after 502, and what must never be."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from quickstart.exchange.client import Client
from quickstart.exchange.messages import Request
from selftests.support.bench import QUIET, asked_for_tokens, suite
from standin.cases.bending import on, status
from standin.http.messages import Answer
from standin.http.messages import Request as Received
from standin.model.behaviour import Behaviour, Hiccup
from standin.model.world import World
from standin.server.running import serve

HICCUP = Hiccup(Answer(502, (("Retry-After", "0"),), b""))
SECRETS = {"client_id": "x", "client_secret": "x"}


@pytest.mark.parametrize(
    ("method", "path", "form", "attempts"),
    [
        ("GET", "/rest/v1.0/companies", {}, 2),
        ("POST", "/rest/v1.0/companies", {}, 1),
        ("POST", "/oauth/token", {"grant_type": "client_credentials", **SECRETS}, 2),
        ("POST", "/oauth/token/", {"grant_type": "authorization_code", "code": "x", **SECRETS}, 1),
        ("POST", "/oauth/token/", {"grant_type": "refresh_token", "refresh_token": "x", **SECRETS}, 1),
        ("POST", "/oauth/revoke", {"token": "x", **SECRETS}, 2),
    ],
    ids=["read", "write", "client credentials", "code", "refresh token", "revoke"],
)
def test_only_what_may_come_twice_is_sent_again(
    method: str, path: str, form: dict[str, str], attempts: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serve(World(behaviour=Behaviour(hiccups=(HICCUP,)))) as procore:
        for name, value in procore.environment.items():
            monkeypatch.setenv(name, value)
        host = "login-sandbox.procore.com" if path.startswith("/oauth") else "sandbox.procore.com"
        client = Client(hosts=frozenset({host}), limit=9, timeout=5.0, say=lambda _: None)
        reply = client.send(Request(method, f"https://{host}{path}", {}, form, {}, None))
        assert len(procore.requests) == attempts == reply.attempts
        assert reply.earlier == ("502",) * (attempts - 1)


def test_a_gateway_that_stays_broken_is_asked_three_times() -> None:
    with serve(World(modifiers=(on("me", status(502)),))) as procore:
        code, output = suite(procore, *QUIET, "-k", "test_me_answers_200")
        assert code == 1, output
        assert len([one for one in procore.requests if one.path.endswith("/me")]) == 3


def test_what_came_first_is_told(tmp_path: Path) -> None:
    hiccups = (Hiccup(HICCUP.answer, "companies"), Hiccup(Answer(503, (("Retry-After", "0"),), b""), "me", 2))
    file = tmp_path / "verdict.json"
    with serve(World(behaviour=Behaviour(hiccups=hiccups))) as procore:
        suite(procore, *QUIET, f"--verdict-json={file}")
    found = {one["id"]: one["detail"] for one in json.loads(file.read_text())["requirements"]}
    assert found["transport.retried"] == "companies: 502 first; me: 503, 503 first"


def test_a_refresh_behind_a_broken_gateway_is_sent_once() -> None:
    """It may have gone through: the old refresh token is spent then, and a second try looks like a thief's."""

    def broken(request: Received, answer: Answer, world: World) -> Answer:  # noqa: ARG001
        refresh = request.params.get("grant_type") == "refresh_token"
        return answer.with_status(502).with_body(b"") if refresh else answer

    with serve(World(modifiers=(broken,))) as procore:
        suite(procore, *QUIET, "--disruptive", "-k", "refresh_answers_200", changes={})
        assert len(asked_for_tokens(procore.requests, "refresh_token")) == 1
