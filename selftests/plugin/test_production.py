"""What rotates, revokes or provokes is sent to production for two words on the command line, and else not at all."""

from __future__ import annotations

import pytest

from quickstart.exchange.definitions import load
from quickstart.exchange.targets import TARGETS, Target, may_be_production
from selftests.support.bench import NO_CODE, QUIET, SMOKE, asked_for_tokens, suite
from selftests.support.desk import Desk
from standin.model.hosts import PRODUCTION
from standin.server.running import serve

LIVE = (*QUIET, "--target=production")
TO_PRODUCTION = {"PROCORE_LOGIN_URL": "https://login.procore.com", "PROCORE_API_URL": "https://api.procore.com"}


@pytest.mark.parametrize(
    ("arguments", "changes"),
    [
        ((*LIVE, "--disruptive"), {}),
        ((*LIVE, "--disruptive", "-m", "smoke"), {}),
        ((*QUIET, "--disruptive"), TO_PRODUCTION),
        ((*QUIET, "--disruptive"), {"PROCORE_API_URL": "https://us02.procore.com"}),
        ((*QUIET, "--disruptive"), {"PROCORE_LOGIN_URL": "https://app.procore.com"}),
        (LIVE, {"PYTEST_ADDOPTS": "--disruptive -p no:hypothesispytest"}),
    ],
    ids=["target", "smoke", "hosts", "zone", "web", "hidden"],
)
def test_one_word_is_refused_in_one_sentence(arguments: tuple[str, ...], changes: dict[str, str]) -> None:
    with serve(site=PRODUCTION) as procore:
        code, output = suite(procore, *arguments, changes=NO_CODE | changes)
        assert code == 4, output
        assert output.count("--disruptive rotates and revokes tokens of production") == 1
        assert "leave it out, or add --yes-production as well." in output
        assert len(output.strip().splitlines()) == 1
        assert not procore.requests


def test_two_words_are_obeyed() -> None:
    with serve(site=PRODUCTION) as procore:
        code, output = suite(procore, *LIVE, "--disruptive", "--yes-production", "-k", "revoke")
        assert code == 0, output
        assert [one for one in procore.requests if one.path == "/oauth/revoke"]


def test_the_second_word_alone_disrupts_nothing() -> None:
    """A whole run: each exchange that the table calls disruptive stays at home."""
    with serve(site=PRODUCTION) as procore:
        code, output = suite(procore, *LIVE, "--yes-production", changes={})
        assert code == 0, output
        sent = {(one.method, one.path.rstrip("/"), one.form.get("grant_type")) for one in procore.requests}
        assert ("POST", "/oauth/token", "client_credentials") in sent
        harmless = {signature(one) for one in load().values() if not one.disruptive}
        disruptive = {signature(one) for one in load().values() if one.disruptive} - harmless
        assert ("POST", "/oauth/revoke", None) in disruptive
        assert ("POST", "/oauth/token", "refresh_token") in disruptive
        assert not sent & disruptive


def signature(exchange: object) -> tuple[str, str, str | None]:
    """What tells the requests of one exchange from those of another, roughly."""
    return (exchange.method, exchange.path.rstrip("/"), exchange.form.get("grant_type"))  # type: ignore[attr-defined]


def test_the_run_may_refresh_for_its_own_token() -> None:
    with serve(site=PRODUCTION) as procore:
        with procore.world.lock:
            given = Desk(procore.world, PRODUCTION).exchange().body["refresh_token"]
        changes = NO_CODE | {"PROCORE_REFRESH_TOKEN": given}
        code, output = suite(procore, *SMOKE, "--target=production", changes=changes)
        assert code == 0, output
        assert [one.form["refresh_token"] for one in asked_for_tokens(procore.requests, "refresh_token")] == [given]


@pytest.mark.parametrize(
    ("target", "is_production"),
    [
        (TARGETS["production"], True),
        (TARGETS["sandbox"], False),
        (TARGETS["monthly-sandbox"], False),
        (Target("sandbox", "https://login.procore.com", "https://sandbox.procore.com"), True),
        (Target("sandbox", "https://login-sandbox.procore.com", "https://us02.procore.com"), True),
        (Target("sandbox", "https://app.procore.com", "https://sandbox.procore.com"), True),
        (Target("sandbox", "https://sandbox.procore.com", "https://sandbox.procore.com"), False),
        (Target("sandbox", "https://login-sandbox-monthly.procore.com", "https://sandbox.procore.com"), False),
        (Target("sandbox", "http://localhost:80", "https://example.com"), False),
        (Target("production", "http://localhost", "http://localhost"), True),
    ],
)
def test_production_is_told_by_name_and_by_host(target: Target, is_production: bool) -> None:
    assert may_be_production(target) is is_production
