"""What a run has shown so far, as the table of causes asks for it."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest

from quickstart.exchange.answer import Answer, Failure
from quickstart.exchange.targets import TARGETS, Target
from quickstart.judgement import facts
from quickstart.judgement.facts import FACTS, Circumstances, holds
from quickstart.run.tokens import CACHE, CODE, REFRESH, SERVICE_ACCOUNT
from selftests.support.made import SANDBOX, answer

COMPANY = 5
TIMES = {"created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-01T00:00:00Z"}
NAMES = {"id": 1, "name": "a", "display_name": "a", "active": True, "company": {"id": COMPANY, "name": "b"}}
ITS_PROJECTS = json.dumps([{**NAMES, **TIMES}]).encode()


def listing(*ids: int) -> Answer:
    companies = [{"id": one, "name": "a", "is_active": True} for one in ids]
    return answer("companies", 200, json.dumps(companies).encode())


def holding(*answers: Answer, source: str = CODE, target: Target = SANDBOX) -> set[str]:
    """The facts that hold in a run with these answers."""
    known = Circumstances(target, source, COMPANY, "", answers={one.name: one for one in answers})
    assert all(holds(f"no {name}", known) is not holds(name, known) for name in FACTS)
    return {name for name in FACTS if holds(name, known)}


@pytest.mark.parametrize(
    ("answers", "facts"),
    [
        ([], ""),
        ([answer("token")], "client-accepted code-exchanged"),
        ([answer("refresh")], "client-accepted"),
        ([answer("client-credentials")], "client-accepted"),
        ([answer("token", 400), answer("refresh", 401), answer("client-credentials", 500)], ""),
        ([answer("token-wrong-redirect-uri", 400)], "code-tried"),
        ([answer("projects")], "token-accepted projects-answered"),
        *(([answer("projects", status)], "token-accepted") for status in (201, 302, 400, 402, 403, 404, 499)),
        *(([answer("projects", status)], "") for status in (401, 500, 503)),
        ([answer("projects", failure=Failure("timeout", ""))], ""),
        ([answer("projects", 403), answer("projects-again")], "token-accepted projects-answered"),
        ([answer("projects"), answer("projects-page-1", 403)], "token-accepted"),  # the app was removed meanwhile
        ([answer("projects"), answer("projects-page-1", 404)], "token-accepted projects-answered"),
        ([answer("projects", 403), answer("projects-without-company-header", 200, b"[]")], "token-accepted"),
        ([answer("projects", 403), answer("projects-v1.0", 200, ITS_PROJECTS)], "token-accepted projects-answered"),
        ([answer("projects"), answer("projects-foreign-company", 403)], "token-accepted projects-answered"),
        ([answer("companies", 200, b"{}"), answer("me", 401)], "token-accepted"),
        ([answer("companies", 200, b"{}"), answer("me", 401), answer("project", 401)], "token-accepted token-ended"),
        (
            [answer("me"), answer("me-with-company", 401), answer("unknown-path", 404), answer("project", 401)],
            "token-accepted token-ended",  # no token is looked at where there is nothing
        ),
        ([answer("unknown-path", 404)], ""),
        ([answer("me", 401), answer("project", 401)], ""),
        (
            [answer("me"), answer("me-with-company", 401), answer("project", 401), answer("projects")],
            "token-accepted projects-answered",
        ),
        (
            [answer("projects"), answer("projects-page-1", 404), answer("projects-again", 403)],
            "token-accepted access-ended",
        ),
        (
            [
                answer("projects"),
                answer("projects-walk-1", 404),
                answer("projects-foreign-company"),
                answer("project", 404),
            ],
            "token-accepted projects-answered access-ended",
        ),
        (
            [answer("projects"), answer("projects-page-1", 404), answer("projects-again")],
            "token-accepted projects-answered",
        ),
        ([answer("companies", 403, b"{}"), answer("me", 403)], "token-accepted user-refused"),
        ([answer("companies-without-token", 403)], "refused-without-token"),
        ([answer("companies-without-token", 401)], ""),
        ([answer("token-info")], ""),  # of the login host
        ([answer("me-without-token", 403), answer("me-client-credentials")], ""),  # without the run's own token
        ([listing(4, COMPANY)], "token-accepted listed"),
        ([listing(4, 6)], "token-accepted"),
        ([listing()], "token-accepted list-empty"),
        ([answer("companies", 200, b"{}")], "token-accepted"),
        ([answer("companies", 404, b"[]")], "token-accepted"),
    ],
    ids=str,
)
def test_facts_hold_by_what_came(answers: list[Answer], facts: str) -> None:
    assert holding(*answers) == {*facts.split(), "user", "hosts-differ"}


@pytest.mark.parametrize(("source", "user"), [(CODE, True), (REFRESH, True), (CACHE, True), (SERVICE_ACCOUNT, False)])
def test_all_but_a_service_account_are_users(source: str, user: bool) -> None:
    assert ("user" in holding(source=source)) is user


def test_facts_are_those_of_a_run() -> None:
    credentials = SimpleNamespace(company_id=COMPANY, redirect_uri="https://localhost/")
    source, came = SimpleNamespace(name=REFRESH), {"token": answer("token")}
    reasons = {"me": "why"}
    run: Any = SimpleNamespace(
        target=SANDBOX, source=source, credentials=credentials, no_token="none", reasons=reasons, answers=came
    )
    assert facts.of_run(run) == Circumstances(SANDBOX, REFRESH, COMPANY, "https://localhost/", "none", reasons, came)
    assert Circumstances(SANDBOX, CODE, COMPANY, "").answered("token") is False


def test_hosts_differ_where_one_does_not_serve_both() -> None:
    assert "hosts-differ" not in holding(target=Target("sandbox", SANDBOX.api_url, SANDBOX.api_url))


def test_hosts_are_overridden_where_the_target_has_others() -> None:
    right = TARGETS["production"]
    assert "hosts-overridden" not in holding(target=right)
    for other in (
        Target("production", right.login_url, SANDBOX.api_url),
        Target("production", SANDBOX.login_url, right.api_url),
        Target("elsewhere", right.login_url, right.api_url),
    ):
        assert "hosts-overridden" in holding(target=other)
