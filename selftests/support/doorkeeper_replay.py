"""Replay of the recorded requests against the stand-in, with the recorded secrets mapped onto the stand-in's."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests

from selftests.support.doorkeeper_record import GIVEN, Case, Given
from standin.http.messages import Answer, Request
from standin.http.parsing import Head, request_from
from standin.http.wire import encoded
from standin.model.behaviour import Behaviour
from standin.model.clock import Clock
from standin.model.dialects import DIALECTS
from standin.model.hosts import SANDBOX
from standin.model.world import OUT_OF_BAND, Application, Token, World
from standin.oauth.issuing import issue
from standin.server.procore import answer_for

CLIENTS = (
    Application("1" * 64, "a" * 64, (OUT_OF_BAND,)),
    Application("2" * 64, "b" * 64, (OUT_OF_BAND,)),
    Application("3" * 64, "c" * 64, ("https://client.example.com/callback",)),
)
_INVENTED = frozenset({"bogus", "garbage", "whatever", ""})
_COMPARED = ("Content-Type", "Cache-Control", "Pragma", "WWW-Authenticate")
_SLOTS = {"code": "code", "refresh_token": "refresh", "token": "access", "access_token": "access"}


class Replay:
    """Sends recorded cases, in their order, to a world that speaks a dialect."""

    def __init__(self, dialect: str) -> None:
        behaviour, clock = Behaviour(logged_in=True), Clock.stopped(1_700_000_000)
        self.world = World(dialect=DIALECTS[dialect], behaviour=behaviour, clock=clock)
        self.realm = self.world.realm(SANDBOX)
        for client in CLIENTS:
            self.realm.register(client)
        self._ours: dict[str, str] = {}
        self._tokens: dict[str, Token] = {}

    def differences(self, case: Case) -> list[str]:
        """What the stand-in answered otherwise than the record."""
        answer = self.answer(case)
        return [*_head_differences(case, answer), *_body_differences(case, answer)]

    def answer(self, case: Case) -> Answer:
        """The stand-in's answer to a recorded request."""
        shown = _shown(case)
        if shown:
            self._prepare(case, *shown)
        text = json.dumps(case.request)
        for recorded, ours in self._ours.items():
            text = text.replace(recorded, ours)
        answer = answer_for(self.world, self._request(json.loads(text)))
        self._learn(case, answer)
        return answer

    def summary(self, case: Case) -> str:
        """The answer in the words of the table in doorkeeper.md."""
        answer = self.answer(case)
        challenged = " +WWW" if answer.header("WWW-Authenticate") else ""
        return f"{answer.status} {_in_short(answer)}{challenged}"

    def _request(self, told: dict[str, Any]) -> Request:
        """Through the real parser, so that encodings are compared too."""
        host = SANDBOX.login_host if not told["path"].startswith("/rest") else SANDBOX.api_hosts[0]
        multipart = {name: (None, value) for name, value in told.get("multipart", {}).items()}
        data = told.get("raw") or told.get("form")
        sent = requests.Request("POST", f"https://{host}", told["headers"], multipart, data, json=told.get("json"))
        prepared = sent.prepare()
        body = prepared.body.encode() if isinstance(prepared.body, str) else prepared.body or b""
        lower = {name.lower(): value for name, value in prepared.headers.items()}
        return request_from(Head(told["method"], told["path"], "HTTP/1.1", lower), body, scheme="https", host=host)

    def _prepare(self, case: Case, slot: str, recorded: str) -> None:
        given = GIVEN.get(case.number, Given(slot))
        if given.again:
            token = self.realm.tokens[self._tokens[recorded].id]
            self.realm.keep(replace(token, created_at=token.created_at - given.age))
            return
        if recorded in self._ours:
            return
        if given.kind == "code":
            self._ours[recorded] = self._code(case, given)
            return
        token = self._token(given)
        self._tokens[recorded] = self._tokens[case.number] = token
        self._ours[recorded] = str(token.refresh) if given.kind == "refresh" else token.access

    def _code(self, case: Case, given: Given) -> str:
        callback = CLIENTS[2]
        owner = callback if callback.uid in json.dumps(case.request) else CLIENTS[0]
        code = self.world.issue_code(self.realm, owner)
        self.realm.codes[code.value] = replace(code, used=given.used, created_at=code.created_at - given.age)
        return code.value

    def _token(self, given: Given) -> Token:
        if given.partner_of:
            return self._tokens[given.partner_of]
        token = issue(self.world, self.realm, CLIENTS[0], user=given.kind != "own")
        return self.realm.keep(
            replace(
                token,
                created_at=token.created_at - given.age,
                access_revoked=given.revoked,
                refresh_revoked=given.revoked,
            )
        )

    def _learn(self, case: Case, answer: Answer) -> None:
        """The tokens of a recorded answer are the ones that we gave instead."""
        if not (isinstance(case.body, dict) and isinstance(answer.body, dict)):
            return
        for key in ("access_token", "refresh_token"):
            if key in case.body and key in answer.body:
                self._ours[case.body[key]] = answer.body[key]


def _shown(case: Case) -> tuple[str, str] | None:
    """The one code or token that a request shows, and what it is taken for."""
    told = case.request
    scheme, _, bearer = told["headers"].get("Authorization", "").partition(" ")
    if scheme.lower() in {"bearer", "token"} and bearer.strip() not in _INVENTED:
        return "access", bearer.strip()
    if scheme and not bearer:
        return ("access", scheme) if scheme != "Bearer" else None
    query = dict(parse_qsl(urlsplit(told["path"]).query))
    params = {**query, **(told.get("form") or told.get("multipart") or told.get("json") or {})}
    for name, kind in {**_SLOTS, "bearer_token": "access"}.items():
        if params.get(name, "") not in _INVENTED:
            return kind, params[name]
    return None


def _head_differences(case: Case, answer: Answer) -> list[str]:
    found = [] if answer.status == case.status else [f"status {answer.status}, recorded {case.status}"]
    for name in _COMPARED:
        ours, theirs = answer.header(name), case.headers.get(name)
        if ours != theirs:
            found.append(f"{name}: {ours!r}, recorded {theirs!r}")
    ours, theirs = (_plain_location(text) for text in (answer.header("Location"), case.headers.get("Location")))
    if ours != theirs:
        found.append(f"Location: {ours!r}, recorded {theirs!r}")
    return found


def _plain_location(text: str | None) -> str | None:
    """A redirect without its code, and without the host of whichever server sent it."""
    if text is None:
        return None
    plain = re.sub(r"code=[\w-]+", "code=*", text)
    return plain.replace("http://127.0.0.1:9394", "").replace(f"https://{SANDBOX.login_host}", "")


def _body_differences(case: Case, answer: Answer) -> list[str]:
    if isinstance(case.body, str):
        ours, theirs = (_message(text) for text in (encoded(answer).decode(), case.body))
        return [] if ours == theirs else [f"text {ours!r}, recorded {theirs!r}"]
    found = []
    if _keys(answer.body) != _keys(case.body):
        found.append(f"keys {_keys(answer.body)}, recorded {_keys(case.body)}")
    if isinstance(case.body, dict) and isinstance(answer.body, dict):
        for key in ("error", "error_description", "state", "token_type", "expires_in", "scope"):
            if answer.body.get(key) != case.body.get(key):
                found.append(f"{key} {answer.body.get(key)!r}, recorded {case.body.get(key)!r}")
    return found


def _message(text: str) -> str:
    """Of a page only what it says: the error, or that it shows a code."""
    error = re.search(r"<pre>(.*?)</pre>", text, re.DOTALL)
    if error:
        return html.unescape(error[1])
    if "authorization_code" in text:
        return "a page with a code"
    return "a redirect" if "You are being" in text else text


def _in_short(answer: Answer) -> str:
    if isinstance(answer.body, bytes):
        return "html" if answer.body else "(empty)"
    if isinstance(answer.body, list):
        return "a list"
    return answer.body.get("error") or ",".join(answer.body)


def _keys(body: Any) -> Any:
    if isinstance(body, list):
        return [_keys(item) for item in body[:1]]
    return list(body) if isinstance(body, dict) else type(body).__name__
