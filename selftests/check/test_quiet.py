"""No false alarm: what a good client may do is not found, though it looks like what it does not do."""

from __future__ import annotations

import pytest

import selftests.check.quiet_rest  # noqa: F401 - its scripts are among QUIET
from selftests.check.stage import ME, QUIET, Stage, quiet
from standin.check.rules import RULES
from standin.http.messages import Answer, Wire


@quiet("refresh.reused", why="the answer was lost on the way")
def _(stage: Stage) -> None:
    stage.exchange()
    value = stage.refresh_token
    stage.refresh(value, wire=Wire(drop=True))
    stage.refresh(value)


@quiet("refresh.reused", "code.reused", why="the answer was so slow that nobody waited for it")
def _(stage: Stage) -> None:
    stage.exchange(wire=Wire(delay=30))
    stage.exchange()
    value = stage.refresh_token
    stage.refresh(value, wire=Wire(delay=30))
    stage.refresh(value)


@quiet("refresh.reused", "code.reused", why="the service was not available the first time")
def _(stage: Stage) -> None:
    busy = Answer(503, (("Retry-After", "1"),))
    stage.exchange(instead=busy)
    stage.exchange(after=2)
    stage.refresh(instead=busy)
    stage.refresh(after=2)


@quiet("refresh.reused", "code.redirect-uri", why="each refresh uses the token of the one before")
def _(stage: Stage) -> None:
    stage.exchange()
    for _ in range(5):
        stage.refresh()


@quiet("grant.refused-again", why="two places of one program try once each")
def _(stage: Stage) -> None:
    stage.refresh("0" * 64)
    stage.refresh("0" * 64)


@quiet("grant.refused-again", why="the secret was wrong, not the grant")
def _(stage: Stage) -> None:
    for _ in range(4):
        stage.exchange(instead=Answer(401, (), {"error": "invalid_client"}))


@quiet("secret.in-url", "authorize.no-state", "code.in-url", why="the authorize URL holds the client_id and a state")
def _(stage: Stage) -> None:
    query = f"response_type=code&client_id={stage.app['client_id']}&redirect_uri=https://example.com/cb&state=x7"
    stage.send("GET", f"https://{stage.site.login_host}/oauth/authorize?{query}")
    stage.send("GET", f"https://{stage.site.login_host}/oauth/authorize/native?code={stage.code}")


@quiet("authorize.no-state", why="nothing is redirected, or PKCE binds the request to the client")
def _(stage: Stage) -> None:
    start = f"https://{stage.site.login_host}/oauth/authorize?response_type=code&client_id={stage.app['client_id']}"
    stage.send("GET", f"{start}&redirect_uri={stage.realm.application.redirect_uri}")
    stage.send("GET", f"{start}&redirect_uri=https://example.com/cb&code_challenge=abc&code_challenge_method=S256")


@quiet("token.in-url", "refresh.in-url", why="tokens are revoked and introspected in bodies and headers")
def _(stage: Stage) -> None:
    stage.exchange()
    login = f"https://{stage.site.login_host}"
    stage.send("GET", f"{login}/oauth/token/info", headers={"Authorization": f"Bearer {stage.access}"})
    stage.send("POST", f"{login}/oauth/revoke", form={**stage.app, "token": stage.refresh_token})


@quiet("client.two-ways", why="HTTP Basic, and the client_id alone in the body")
def _(stage: Stage) -> None:
    form = {"grant_type": "client_credentials", "client_id": stage.app["client_id"]}
    headers = {"Authorization": "Basic eDp5"}
    stage.send("POST", f"https://{stage.site.login_host}/oauth/token", form=form, headers=headers)


@quiet("token.not-post", why="a browser asks before it posts, and token/info is a GET")
def _(stage: Stage) -> None:
    stage.send("OPTIONS", f"https://{stage.site.login_host}/oauth/token")
    stage.send("GET", f"https://{stage.site.login_host}/oauth/token/info")


@quiet("environment.mixed", why="login and API have hosts of their own, and strangers are nobody's")
def _(stage: Stage) -> None:
    stage.exchange()
    stage.get(ME)
    stage.get(ME, access="no-token-of-ours", host="api.procore.com")


@quiet("transport.http", "transport.certificate", why="plain http stays on this machine")
def _(stage: Stage) -> None:
    here = Stage(untrusted=True)
    where = {"scheme": "http", "origin": "http://127.0.0.1:8080"}
    here.exchange(**where)
    here.get(ME, **where)
    stage.witness.findings.update(here.witness.findings)


@quiet("token.each-call", why="several tokens for several companies")
def _(stage: Stage) -> None:
    for number in range(8):
        stage.own_token()
        stage.get(ME, company=str(4_000_000 + number))


@quiet("token.each-call", why="a few logins with many calls each, as tests have them")
def _(stage: Stage) -> None:
    for _ in range(6):
        stage.own_token()
        for page in range(4):
            stage.projects(f"&per_page=300&page={page + 1}")


@quiet("token.each-call", why="the token lives for seconds only")
def _(stage: Stage) -> None:
    stage.world.behaviour = stage.world.behaviour.__class__(token_lifetime=60, require_company_header=False)
    for _ in range(8):
        stage.own_token()
        stage.get(ME)


@pytest.mark.parametrize("name", QUIET, ids=": ".join)
def test_what_a_good_client_may_do_is_not_found(name: tuple[str, str]) -> None:
    stage = Stage()
    QUIET[name](stage)
    assert stage.found() == set()


def test_each_rule_has_something_legal_that_looks_like_it() -> None:
    assert {rule for rule, _ in QUIET} == {rule.id for rule in RULES}


def test_pages_are_no_finding_where_the_command_failed_on_the_way() -> None:
    stage = Stage("pages")
    stage.exchange()
    stage.projects()
    assert stage.found(whole=False) == set()


def test_what_is_remembered_does_not_grow() -> None:
    """A client that never stops, with a new token and path each time."""
    stage = Stage()
    for number in range(6_000):
        stage.get(f"/rest/v1.0/x/{number}", access=f"token-{number}", instead=Answer(401))
    judges = [vars(judge) for judge in stage.witness._judges]
    sizes = [len(kept) for judge in judges for kept in judge.values() if isinstance(kept, dict)]
    assert max(sizes) <= 5_000
    assert len(stage.witness.lines) == 200
