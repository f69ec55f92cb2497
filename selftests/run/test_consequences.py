"""What is not sent because it can only fail for a reason that is known, and what is sent all the same."""

from __future__ import annotations

import json
from collections.abc import Iterable

import pytest
from requests.structures import CaseInsensitiveDict

from quickstart.exchange import definitions
from quickstart.exchange.answer import Answer, Failure, Sent
from quickstart.run.consequences import known_reason

DEFINITIONS = definitions.load()
OURS, ANOTHER = 7, 8
PAGE = b"<html><body>Sign in</body></html>"
PORTAL = "https://gateway.example/?from=here"
OTHERS_ALONE = [{"id": ANOTHER, "name": "n", "is_active": True}]
BOTH = [*OTHERS_ALONE, {"id": OURS, "name": "o", "is_active": True}]


def came(
    name: str,
    status: int | None = 200,
    body: object = None,
    *,
    company: int | None = None,
    failed: str = "",
    to: str = "",
) -> Answer:
    """An answer to ``name``: a status with JSON that may lead ``to`` elsewhere, or a failure of this kind."""
    definition = DEFINITIONS[name]
    return Answer(
        definition,
        Sent(definition.method, f"https://{definition.host}.example", str(company) if company else None, bearer=True),
        evidence="made up",
        seconds=0.0,
        status=None if failed else status,
        headers=CaseInsensitiveDict({"Content-Type": "application/json", **({"Location": to} if to else {})}),
        content=body if isinstance(body, bytes) else json.dumps(body).encode(),
        failure=Failure(failed, failed) if failed else None,
    )  # fmt: skip


NOT_SENT = [
    ("me", [came("companies", failed="dns")], "the api host could not be reached: dns (companies)"),
    ("token", [came("authorize", failed="certificate")], "the login host could not be reached: certificate"),
    ("projects", [came("companies", 503)], "the api host answered 503, also after waiting as told (companies)"),
    ("projects", [came("companies", 429)], "the api host answered 429"),
    ("projects", [came("companies", 502)], "the api host did not answer in time, or its gateway did not (companies)"),
    ("projects", [came("companies", failed="timeout")], "the api host did not answer in time"),
    ("projects-page-1", [came("companies", body=BOTH), came("projects", failed="timeout"), came("me", 504)],
     "the api host did not answer in time, or its gateway did not (me)"),
    ("projects", [came("companies", 401)], "companies already refused the token with 401: see token.works"),
    ("projects-page-1", [came("projects", 403, company=OURS)], "projects already answered 403 for company 7"),
    ("companies-page-1", [came("companies", 404, company=OURS)], "companies already answered 404 for company 7"),
    ("projects", [came("companies", body=OTHERS_ALONE)], "companies does not list company 7"),
    ("me", [came("companies", 200, PAGE), came("projects", 200, PAGE)],
     "a page, or a redirect to somebody else, came from the api host whatever was asked, as from a portal or a "
     "firewall (projects)"),
    ("me", [came("companies", 307, to=PORTAL), came("projects", 302, to=PORTAL)],
     "a page, or a redirect to somebody else, came from the api host whatever was asked"),
    ("token-info", [came("authorize", 302), came("token-wrong-redirect-uri", 403, PAGE), came("token", 200, PAGE)],
     "a page, or a redirect to somebody else, came from the login host whatever was asked"),
    ("token", [came("token-wrong-redirect-uri", 200, {"access_token": "a"})],
     "token-wrong-redirect-uri was accepted and used the code up"),
]  # fmt: skip
SENT = [
    ("token-bogus-code", [came("companies", failed="dns")]),  # another host
    ("companies", [came("authorize", failed="timeout")]),
    ("companies", [came("plain-http", failed="connect")]),  # another port
    ("token", [came("authorize", 200, PAGE), came("token-wrong-redirect-uri", 200, PAGE)]),  # one, where JSON is due
    ("me", [came("token-wrong-redirect-uri", 200, PAGE), came("token", 200, PAGE)]),  # another host
    ("me", [came("companies", body=BOTH), came("projects", 200, PAGE), came("project", 200, PAGE)]),  # it answers
    ("token-wrong-secret", [came("token-wrong-redirect-uri", 401, PAGE), came("token", 401, PAGE)]),  # it refuses
    ("me", [came("companies", 307, to="/x"), came("projects", 307, to="https://login.procore.com/")]),  # Procore's own
    ("me", [came("companies", 307, to="https://["), came("projects", 307)]),  # nowhere
    ("me", [came("companies", 201, to=PORTAL), came("projects", 201, to=PORTAL)]),
    ("me", [came("companies", body=BOTH), came("projects", 502)]),  # one silence of a host that has answered
    ("projects-page-1", [came("companies"), came("projects", 502), came("me"), came("companies-page-1", 502)]),
    ("companies-without-token", [came("companies", 401)]),  # asks for a refusal
    ("companies-garbage-token", [came("companies", 401)]),
    ("token-info", [came("companies", 401)]),
    ("projects-foreign-company", [came("projects", 403, company=OURS)]),
    ("me", [came("projects", 403, company=OURS)]),  # of a user, who names no company there
    ("companies-page-1", [came("companies", 403)]),  # nobody named a company
    ("projects", [came("companies", body=BOTH)]),
    ("projects", [came("companies", body=[])]),  # a trial company is not listed
    ("projects", [came("companies", body={"not": "a list"})]),
    ("projects-foreign-company", [came("companies", body=OTHERS_ALONE)]),
    ("token", [came("token-wrong-redirect-uri", 401)]),
    ("token", [came("token-wrong-redirect-uri", 200, {"error": "invalid_grant"})]),
    ("refresh", [came("token-wrong-redirect-uri", 200)]),
]  # fmt: skip


def reason(name: str, answers: Iterable[Answer]) -> str | None:
    """Why ``name`` is not sent after these answers."""
    return known_reason(DEFINITIONS[name], {answer.name: answer for answer in answers}, OURS)


@pytest.mark.parametrize(("name", "answers", "words"), NOT_SENT, ids=[row[2] for row in NOT_SENT])
def test_what_can_only_fail_is_not_sent(name: str, answers: list[Answer], words: str) -> None:
    assert (reason(name, answers) or "").startswith(words)


@pytest.mark.parametrize(("name", "answers"), SENT)
def test_what_may_succeed_is_sent(name: str, answers: list[Answer]) -> None:
    assert reason(name, answers) is None
