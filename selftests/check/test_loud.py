"""Each thing that a good client does not do is seen, and nothing else beside it."""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest

from selftests.check.stage import ME, PAUSE, Stage, limited
from standin.check.rules import RULES
from standin.http.messages import Answer
from standin.model.world import OUT_OF_BAND

Script = Callable[[Stage], object]
LOUD: dict[str, Script] = {}


def loud(rule: str) -> Callable[[Script], Script]:
    """The script breaks this rule, and no other."""

    def keep(script: Script) -> Script:
        LOUD[rule] = script
        return script

    return keep


@loud("refresh.reused")
def _(stage: Stage) -> None:
    stage.exchange()
    old = stage.refresh_token
    stage.refresh()
    stage.refresh(old)


@loud("code.reused")
def _(stage: Stage) -> None:
    stage.exchange()
    stage.exchange()


@loud("code.redirect-uri")
def _(stage: Stage) -> None:
    stage.token({"grant_type": "authorization_code", "code": stage.code, "redirect_uri": OUT_OF_BAND + "/"})


@loud("grant.refused-again")
def _(stage: Stage) -> None:
    for _ in range(3):
        stage.refresh("0" * 64)


@loud("secret.in-url")
def _(stage: Stage) -> None:
    stage.send("GET", f"https://{stage.site.login_host}/oauth/authorize?client_secret={stage.app['client_secret']}")


@loud("token.in-url")
def _(stage: Stage) -> None:
    stage.exchange()
    stage.send("GET", f"https://{stage.site.api_hosts[0]}{ME}?access_token={stage.access}")


@loud("refresh.in-url")
def _(stage: Stage) -> None:
    stage.exchange()
    stage.send("POST", f"https://{stage.site.login_host}/oauth/revoke?token={stage.refresh_token}", form=stage.app)


@loud("code.in-url")
def _(stage: Stage) -> None:
    query = f"grant_type=authorization_code&code={stage.code}&redirect_uri={OUT_OF_BAND}"
    stage.send("POST", f"https://{stage.site.login_host}/oauth/token?{query}", form=stage.app)


@loud("client.two-ways")
def _(stage: Stage) -> None:
    pair = ":".join(stage.app.values()).encode()
    stage.own_token(headers={"Authorization": f"Basic {base64.b64encode(pair).decode()}"})


@loud("token.not-post")
def _(stage: Stage) -> None:
    stage.send("GET", f"https://{stage.site.login_host}/oauth/token?grant_type=client_credentials")


@loud("authorize.no-state")
def _(stage: Stage) -> None:
    query = f"response_type=code&client_id={stage.app['client_id']}&redirect_uri=https://example.com/cb"
    stage.send("GET", f"https://{stage.site.login_host}/oauth/authorize?{query}")


@loud("environment.mixed")
def _(stage: Stage) -> None:
    stage.exchange()
    stage.get(ME, host="api.procore.com")
    stage.get(ME)


@loud("transport.http")
def _(stage: Stage) -> None:
    stage.send("GET", f"http://{stage.site.api_hosts[0]}{ME}")


@loud("transport.certificate")
def _(stage: Stage) -> None:
    untrusting = Stage(untrusted=True)
    untrusting.exchange()
    stage.witness.findings.update(untrusting.witness.findings)


@loud("token.each-call")
def _(stage: Stage) -> None:
    for _ in range(6):
        stage.own_token()
        stage.get(ME)


@loud("token.dead-again")
def _(stage: Stage) -> None:
    stage.exchange()
    stage.expire()
    stage.get(ME)
    stage.projects(after=2.0)


@loud("expiry.ignored")
def _(stage: Stage) -> None:
    stage.exchange()
    stage.get(ME, after=5402)


@loud("refused.hammered")
def _(stage: Stage) -> None:
    refused = Answer(403, (), {"errors": ["App is not connected to this company."]})
    stage.exchange()
    for _ in range(6):
        stage.projects(instead=refused, after=0.5)


@loud("company.no-header")
def _(stage: Stage) -> None:
    stage.exchange()
    stage.projects(company=None)


@loud("rate.immediate")
def _(stage: Stage) -> None:
    stage.exchange()
    stage.get(ME, instead=limited())
    stage.get(ME, after=0.31)


@loud("rate.early")
def _(stage: Stage) -> None:
    stage.exchange()
    stage.get(ME, instead=limited())
    stage.get(ME, after=2.0)


@loud("rate.keeps-sending")
def _(stage: Stage) -> None:
    stage.exchange()
    stage.get(ME, instead=limited("60"))
    for number in range(6):
        stage.projects(f"&page={number + 1}", after=1.5)


@loud("busy.early")
def _(stage: Stage) -> None:
    busy = Answer(503, (("Retry-After", "2"),)).on_wire(PAUSE)
    stage.exchange()
    stage.get(ME, instead=busy)
    stage.get(ME, after=0.4)


@loud("pages.first-only")
def _(stage: Stage) -> None:
    paged = Stage("pages")
    paged.exchange()
    paged.projects()
    paged.witness.end(whole=True)
    stage.witness.findings.update(paged.witness.findings)


@loud("loop.tight")
def _(stage: Stage) -> None:
    stage.exchange()
    for _ in range(30):
        stage.get(ME, after=0.1)


@pytest.mark.parametrize("rule", LOUD)
def test_what_a_good_client_does_not_do_is_found_alone(rule: str) -> None:
    stage = Stage()
    LOUD[rule](stage)
    assert stage.found() == {rule}


def test_each_rule_can_be_broken() -> None:
    assert [*LOUD] == [rule.id for rule in RULES]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_each_rule_names_a_document_by_https_and_its_words(rule: object) -> None:
    one = next(known for known in RULES if known is rule)
    assert one.source.startswith(
        ("https://developers.procore.com/documentation/", "https://www.rfc-editor.org/rfc/rfc")
    )
    assert len(one.quote) > 20


def test_no_secret_is_in_what_is_told() -> None:
    """All scripts, and all that a report would print of them."""
    for script in LOUD.values():
        stage = Stage()
        script(stage)
        stage.witness.end(whole=True)
        told = repr([*stage.witness.findings.values()]) + repr(stage.witness.lines)
        secrets = {*stage.realm.by_access, *stage.realm.by_refresh, *stage.realm.codes, stage.app["client_secret"]}
        assert not [secret for secret in secrets if secret[:12] in told]
