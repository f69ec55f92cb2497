"""No false alarm: what a good client may do is not found, though it looks like what it does not do."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from selftests.check.stage import ME, Stage
from selftests.check.test_loud import PAUSE, limited
from standin.check.rules import RULES
from standin.http.messages import Answer, Wire

Script = Callable[[Stage], object]
QUIET: dict[tuple[str, str], Script] = {}


def quiet(*rules: str, why: str) -> Callable[[Script], Script]:
    """The script does something legal that looks like a breach of these rules."""

    def keep(script: Script) -> Script:
        QUIET.update({(rule, why): script for rule in rules})
        return script

    return keep


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


@quiet("token.dead-again", why="it is refused once, and then replaced")
def _(stage: Stage) -> None:
    stage.exchange()
    stage.expire()
    stage.get(ME)
    stage.refresh()
    stage.get(ME)


@quiet("token.dead-again", "refused.hammered", why="parallel calls were on their way when the first was refused")
def _(stage: Stage) -> None:
    stage.exchange()
    stage.expire()
    for number in range(8):
        stage.projects(f"&page={number + 1}", after=0.01, connection=number + 1)


@quiet("expiry.ignored", why="it was sent in time")
def _(stage: Stage) -> None:
    stage.exchange()
    stage.get(ME, after=5400.5)


@quiet("refused.hammered", why="a few tries with growing pauses, and other requests that are refused as well")
def _(stage: Stage) -> None:
    refused = Answer(403, (), {"errors": ["App is not connected to this company."]})
    stage.exchange()
    for number in range(5):
        stage.projects(instead=refused, after=2.0**number)
    for number in range(10):
        stage.get(f"/rest/v1.0/projects/{number}", instead=refused)


@quiet("company.no-header", why="me and companies need none, nor does who shows no token, nor other paths")
def _(stage: Stage) -> None:
    stage.exchange()
    stage.get(ME, company=None)
    stage.get("/rest/v1.0/companies?page=1", company=None)
    stage.send("HEAD", f"https://{stage.site.api_hosts[0]}/rest/v1.1/projects")
    stage.send("GET", f"https://{stage.site.api_hosts[0]}/")
    stage.send("GET", f"https://{stage.site.login_host}/favicon.ico")


@quiet("rate.immediate", "rate.early", why="it waits as long as it is told")
def _(stage: Stage) -> None:
    stage.exchange()
    stage.get(ME, instead=limited())
    stage.get(ME, after=3.3)


@quiet("rate.immediate", "rate.early", why="Retry-After: 0 asks for no wait")
def _(stage: Stage) -> None:
    stage.exchange()
    stage.get(ME, instead=limited("0"))
    stage.get(ME, after=0.31)


@quiet("rate.immediate", why="the same request was on its way already, from another thread")
def _(stage: Stage) -> None:
    stage.exchange()
    stage.get(ME, instead=limited(), connection=1)
    stage.get(ME, instead=limited(), connection=2, after=0.01)


@quiet("rate.early", "rate.immediate", why="there is no Retry-After, and it backs off")
def _(stage: Stage) -> None:
    bare = Answer(429).on_wire(PAUSE)
    stage.exchange()
    stage.get(ME, instead=bare)
    stage.get(ME, instead=bare, after=0.8)
    stage.get(ME, after=1.3)


@quiet("rate.keeps-sending", why="ten threads had their requests on the way, and go on when it is over")
def _(stage: Stage) -> None:
    stage.exchange()
    for number in range(10):
        stage.projects(f"&page={number + 1}", instead=limited(), after=0.01, connection=number + 1)
    for number in range(20):
        stage.projects(f"&page={number + 1}", after=3.3 if not number else 0.01)


@quiet("busy.early", why="it waits as long as it is told")
def _(stage: Stage) -> None:
    stage.exchange()
    stage.get(ME, instead=Answer(503, (("Retry-After", "1"),)).on_wire(PAUSE))
    stage.get(ME, after=1.3)


def _paged(stage: Stage, *queries: str) -> None:
    """A list of 250 projects is read with these queries."""
    paged = Stage("pages")
    paged.exchange()
    for query in queries:
        paged.projects(query)
    paged.witness.end(whole=True)
    stage.witness.findings.update(paged.witness.findings)


@quiet("pages.first-only", why="all pages are read")
def _(stage: Stage) -> None:
    _paged(stage, "", "&page=2&per_page=100", "&page=3&per_page=100")


@quiet("pages.first-only", why="all is on one page of 300")
def _(stage: Stage) -> None:
    _paged(stage, "&per_page=300")


@quiet("pages.first-only", why="a look at one item, and the whole afterwards")
def _(stage: Stage) -> None:
    _paged(stage, "&per_page=1", "", "&per_page=300")


@quiet("loop.tight", why="it is asked every second, or other things are asked")
def _(stage: Stage) -> None:
    stage.exchange()
    for _ in range(40):
        stage.get(ME)
    for number in range(40):
        stage.get(f"/rest/v1.0/companies?page={number + 1}", after=0.01)


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
