"""Every field of Behaviour bends its one rule: what is refused by default is not, or the reverse."""

# ruff: noqa: E501 - the table has one rule a line
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any

import pytest

from selftests.support.desk import Desk, desk
from standin.http.messages import Answer, Request
from standin.model.behaviour import Behaviour, Flaw, Hiccup, Paging
from standin.model.hosts import HOSTS, PRODUCTION, SANDBOX, SITES
from standin.model.world import Application
from standin.server.procore import answer_for
from standin.server.running import serve

LOGIN = "https://login-sandbox.procore.com"
ME, COMPANIES, INFO = "/rest/v1.0/me", "/rest/v1.0/companies", "/oauth/token/info"
AUTHORIZE = "/oauth/authorize?response_type=code&client_id={}&redirect_uri={}"


def _other(procore: Desk) -> dict[str, str]:
    other = procore.realm.register(Application("other", "its secret"))
    return {"client_id": other.uid, "client_secret": other.secret}


def _twice(procore: Desk) -> int:
    code = procore.code()
    procore.exchange(code)
    return procore.exchange(code).status


def _late(procore: Desk) -> int:
    code = procore.code()
    procore.world.clock.move(601)
    return procore.exchange(code).status


def _after_failure(procore: Desk) -> int:
    code = procore.code()
    procore.exchange(code, redirect_uri="https://evil.example.com")
    return procore.exchange(code).status


def _refreshed(procore: Desk, look: Callable[[Desk, Any, Any], Any]) -> Any:
    old = procore.exchange().body
    return look(procore, old, procore.refresh(old["refresh_token"]).body)


def _revoked(procore: Desk, half: str) -> int:
    pair = procore.exchange().body
    procore.post("/oauth/revoke", token=pair["access_token"])
    return procore.refresh(pair["refresh_token"]).status if half == "refresh" else _me(procore, pair["access_token"])


def _revoked_by_stranger(procore: Desk) -> int:
    token = procore.access()
    procore.post("/oauth/revoke", token=token, client_secret="wrong")
    return _me(procore, token)


def _revoked_by_another(procore: Desk) -> int:
    token = procore.access()
    procore.post("/oauth/revoke", token=token, **_other(procore))
    return _me(procore, token)


def _revoked_beside(procore: Desk) -> int:
    token = procore.access()
    procore.post("/oauth/revoke", token=procore.access())
    return _me(procore, token)


def _multipart(procore: Desk) -> int:
    form = {"grant_type": "client_credentials", "client_id": procore.application.uid}
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    right = {**form, "client_secret": procore.application.secret}
    return answer_for(procore.world, Request.to("POST", f"{LOGIN}/oauth/token", form=right, headers=headers)).status


def _me(procore: Desk, token: str | None) -> int:
    return procore.get(ME, token).status


def _worn(procore: Desk) -> tuple[int, int]:
    token = procore.access()
    procore.world.clock.move(5401)
    return _me(procore, token), procore.get(INFO, token).status


def _foreign_token(procore: Desk) -> int:
    return _me(procore, Desk(procore.world, PRODUCTION).access())


def _remembered(procore: Desk) -> tuple[int, ...]:
    """With a token, then without one over the same connection, then over another."""
    right = {"authorization": f"Bearer {procore.access()}"}
    request = Request.to("GET", f"https://sandbox.procore.com{ME}")
    asked = (
        replace(request, headers=right, connection=1),
        replace(request, connection=1),
        replace(request, connection=2),
    )
    return tuple(answer_for(procore.world, one).status for one in asked)


def _stranger_of_the_service_account(procore: Desk) -> int:
    return procore.projects(procore.own_token().body["access_token"], procore.realm.directory.foreign.id).status


def _asked(procore: Desk, header: int | None, query: int | None) -> Any:
    asked = "" if query is None else f"?company_id={query}"
    answer = procore.get(f"/rest/v1.1/projects{asked}", procore.access(), header)
    return answer.body[0]["company"]["id"] - procore.company if answer.ok else answer.status


def _company(procore: Desk, place: int) -> int:
    return procore.realm.directory.companies[place].id


def _header(procore: Desk, name: str) -> str | None:
    return procore.get(ME, procore.access()).header(name)


def _http(procore: Desk) -> int:
    return answer_for(procore.world, Request.to("GET", f"http://sandbox.procore.com{ME}")).status


@dataclass(frozen=True)
class Rule:
    """One field bent to ``value``; ``probe`` sees ``right`` by default and ``bent`` after."""

    name: str
    value: Any
    probe: Callable[[Desk], Any]
    right: Any
    bent: Any


def gives_a_code(desk: Desk) -> bool:
    with serve(desk.world) as procore:
        return "PROCORE_AUTHORIZATION_CODE" in procore.variables


SECOND = 562949953424313 - 4265001
RULES = [
    Rule("gives_code", False, gives_a_code, True, False),
    Rule("logged_in", True, lambda p: "login" in (p.get(AUTHORIZE.format(p.application.uid, p.application.redirect_uri)).header("Location") or "/login").rpartition("/")[2], True, False),
    Rule("authorize_any_client", True, lambda p: p.bend(logged_in=True).get(AUTHORIZE.format("x", p.application.redirect_uri)).status, 200, 302),
    Rule("authorize_any_redirect_uri", True, lambda p: p.bend(logged_in=True).get(AUTHORIZE.format(p.application.uid, "https://x.example.com")).status, 200, 302),
    Rule("accept_wrong_secret", True, lambda p: p.own_token(client_secret="wrong").status, 401, 200),
    Rule("accept_missing_secret", True, lambda p: p.own_token(client_secret=None).status, 401, 200),
    Rule("accept_unknown_client", True, lambda p: p.own_token(client_id="x").status, 401, 200),
    Rule("accept_near_secret", True, lambda p: p.own_token(client_secret=p.application.secret[:-1] + "!").status, 401, 200),
    Rule("accept_missing_client_id", True, lambda p: p.own_token(client_id=None).status, 401, 200),
    Rule("ignore_multipart_at", frozenset({"token"}), _multipart, 200, 401),
    Rule("accept_missing_grant_type", True, lambda p: p.own_token(grant_type=None).status, 401, 200),
    Rule("accept_unknown_grant_type", True, lambda p: p.own_token(grant_type="x").status, 401, 200),
    Rule("refuse_grants", frozenset({"client_credentials"}), lambda p: p.own_token().status, 200, 401),
    Rule("code_lifetime", 700, _late, 401, 200),
    Rule("code_length", 12, lambda p: len(p.code()), 64, 12),
    Rule("accept_used_code", True, _twice, 401, 200),
    Rule("accept_expired_code", True, _late, 401, 200),
    Rule("accept_unknown_code", True, lambda p: p.exchange("bogus").status, 401, 200),
    Rule("accept_other_clients_code", True, lambda p: p.exchange(**_other(p)).status, 401, 200),
    Rule("accept_wrong_redirect_uri", True, lambda p: p.exchange(redirect_uri="https://x").status, 401, 200),
    Rule("accept_missing_redirect_uri", True, lambda p: p.exchange(redirect_uri=None).status, 401, 200),
    Rule("burn_code_on_failure", True, _after_failure, 200, 401),
    Rule("token_lifetime", 900, lambda p: p.exchange().body["expires_in"], 5400, 900),
    Rule("issue_dead_tokens", True, lambda p: _me(p, p.access()), 200, 401),
    Rule("reuse_access_token", True, lambda p: p.access() == p.access(), False, True),
    Rule("rotate_access_token", False, lambda p: _refreshed(p, lambda _, old, new: old["access_token"] == new["access_token"]), False, True),
    Rule("rotate_refresh_token", False, lambda p: _refreshed(p, lambda _, old, new: old["refresh_token"] == new["refresh_token"]), False, True),
    Rule("revoke_old_access_token", False, lambda p: _refreshed(p, lambda q, old, _: _me(q, old["access_token"])), 401, 200),
    Rule("revoke_old_refresh_token", False, lambda p: _refreshed(p, lambda q, old, _: q.refresh(old["refresh_token"]).status), 401, 200),
    Rule("old_pair_lives_until_use", True, lambda p: _refreshed(p, lambda q, old, _: _me(q, old["access_token"])), 401, 200),
    Rule("accept_unknown_refresh_token", True, lambda p: p.refresh("bogus").status, 401, 200),
    Rule("accept_other_clients_refresh_token", True, lambda p: p.refresh(p.exchange().body["refresh_token"], **_other(p)).status, 401, 200),
    Rule("accept_access_token_as_refresh", True, lambda p: p.refresh(p.access()).status, 401, 200),
    Rule("revokes", frozenset({"refresh"}), lambda p: (_revoked(p, "access"), _revoked(p, "refresh")), (401, 401), (200, 401)),
    Rule("revoke_checks_client", False, _revoked_by_stranger, 200, 401),
    Rule("revoke_checks_owner", False, _revoked_by_another, 200, 401),
    Rule("revokes_everything", True, _revoked_beside, 200, 401),
    Rule("accept_bearer", frozenset({Flaw.MISSING}), lambda p: (_me(p, None), _me(p, "garbage")), (401, 401), (200, 401)),
    Rule("bearer_kinds", frozenset({"refresh", "code", "near"}), lambda p: (_me(p, p.exchange().body["refresh_token"]), _me(p, p.code()), _me(p, p.access()[:-1] + "!")), (401, 401, 401), (200, 200, 200)),
    Rule("accept_bearer_at", frozenset({"token-info"}), lambda p: _worn(p.bend(accept_bearer=frozenset({Flaw.EXPIRED}))), (200, 200), (401, 200)),
    Rule("accept_other_sites_tokens", True, _foreign_token, 401, 200),
    Rule("connections_remember_token", True, _remembered, (200, 401, 401), (200, 200, 401)),
    Rule("app_installed", False, lambda p: p.projects().status, 200, 403),
    Rule("hide_uninstalled_companies", True, lambda p: len(p.get(COMPANIES, p.access()).body), 3, 2),
    Rule("list_foreign_company", True, lambda p: len(p.get(COMPANIES, p.access()).body), 3, 4),
    Rule("list_configured_company", False, lambda p: len(p.get(COMPANIES, p.access()).body), 3, 2),
    Rule("require_company_header", True, lambda p: (_asked(p, None, p.company), _asked(p, None, None)), (0, 400), (404, 404)),
    Rule("require_company_query", False, lambda p: _asked(p, p.company, None), 400, 0),
    Rule("refuse_company_mismatch", False, lambda p: _asked(p, _company(p, 1), p.company), 400, SECOND),
    Rule("company_from", "query", lambda p: _asked(p.bend(refuse_company_mismatch=False), _company(p, 1), p.company), SECOND, 0),
    Rule("serve_foreign_company", True, lambda p: _asked(p, _company(p, 3), _company(p, 3)), 404, 98),
    Rule("serve_uninstalled_company", True, lambda p: _asked(p, _company(p, 2), _company(p, 2)), 403, 2),
    Rule("foreign_projects", 1, lambda p: len({each["company"]["id"] for each in p.projects().body}), 1, 2),
    Rule("list_inactive", True, lambda p: len(p.projects().body), 5, 6),
    Rule("service_account_needs_header", True, lambda p: _me(p, p.own_token().body["access_token"]), 200, 404),
    Rule("service_account_sees_everything", True, _stranger_of_the_service_account, 404, 200),
    Rule("paging", Paging(total_error=1), lambda p: p.projects().header("Total"), "5", "6"),
    Rule("rate_limit", 0, lambda p: _me(p, p.access()), 200, 429),
    Rule("rate_window", 60, lambda p: int(_header(p, "X-Rate-Limit-Reset") or 0) - p.world.clock.now, 3600, 60),
    Rule("rate_headers", False, lambda p: _header(p, "X-Rate-Limit-Limit"), "3600", None),
    Rule("rate_counts", False, lambda p: [_header(p, "X-Rate-Limit-Remaining") for _ in "12"], ["3599", "3598"], ["3599", "3599"]),
    Rule("retry_after", False, lambda p: _header(p.bend(rate_limit=0), "Retry-After"), "3600", None),
    Rule("hiccups", (Hiccup(Answer(503)),), lambda p: (p.get(ME).status, p.get(ME).status), (401, 401), (503, 401)),
    Rule("oauth_on_api_hosts", False, lambda p: answer_for(p.world, Request.to("GET", f"https://sandbox.procore.com{INFO}")).status, 401, 404),
    Rule("redirect_http", False, _http, 301, 401),
]  # fmt: skip


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_each_field_bends_its_rule(rule: Rule) -> None:
    assert rule.probe(desk()) == rule.right
    assert rule.probe(desk(**{rule.name: rule.value})) == rule.bent


def test_every_field_has_its_row() -> None:
    assert [rule.name for rule in RULES] == [each.name for each in fields(Behaviour)]


@pytest.mark.parametrize(
    ("paging", "headers"),
    [
        (Paging(link=False), {"Total", "Per-Page"}),
        (Paging(total=False), {"Link", "Per-Page"}),
        (Paging(per_page=False), {"Link", "Total"}),
    ],
)
def test_each_paging_header_can_be_missing(paging: Paging, headers: set[str]) -> None:
    answer = desk(paging=paging).projects(query="&per_page=2")
    assert {name for name, _ in answer.headers} & {"Link", "Total", "Per-Page"} == headers


@pytest.mark.parametrize(
    ("paging", "link"),
    [
        (Paging(), 'per_page=2&page=2>; rel="next"'),
        (Paging(links_forget=frozenset({"per_page"})), 'page=2>; rel="next"'),
        (Paging(last_error=4), 'per_page=2&page=7>; rel="last"'),
    ],
)
def test_links_can_be_bent(paging: Paging, link: str) -> None:
    assert link in (desk(paging=paging).projects(query="&per_page=2").header("Link") or "")


def test_a_hiccup_leaves_the_state_alone() -> None:
    procore = desk(hiccups=(Hiccup(Answer(429), endpoint="token", times=2),))
    code = procore.code()
    assert [procore.exchange(code).status for _ in range(3)] == [429, 429, 200]


@pytest.mark.parametrize("site", [SANDBOX, PRODUCTION], ids=lambda site: site.name)
def test_an_environment_knows_nothing_of_another(site: Any) -> None:
    here = desk(site=site)
    there = Desk(here.world, PRODUCTION if site is SANDBOX else SANDBOX)
    assert there.exchange(client_id=here.application.uid).body["error"] == "invalid_client"
    assert there.exchange(here.code()).body["error"] == "invalid_grant"
    assert _me(there, here.access()) == 401


@pytest.mark.parametrize(("everywhere", "on_api_hosts"), [(True, 200), (False, 404)])
def test_each_environment_answers_on_its_own_hosts(everywhere: bool, on_api_hosts: int) -> None:
    world = desk(oauth_on_api_hosts=everywhere).world
    found = {
        host: [answer_for(world, Request.to("GET", f"https://{host}{path}")).status for path in ("/login", ME)]
        for host in (*HOSTS, "unknown.example.com")
    }
    for site in SITES:
        assert found[site.login_host] == [200, 404]
        assert [found[host] for host in site.api_hosts] == [[on_api_hosts, 401]] * len(site.api_hosts)
    assert found["app.procore.com"] == [200, 401]
    assert found["unknown.example.com"] == [404, 404]


def test_the_web_application_is_of_production() -> None:
    procore = desk(site=PRODUCTION)
    form = {"grant_type": "client_credentials", "client_id": procore.application.uid}
    right = {**form, "client_secret": procore.application.secret}
    token = answer_for(procore.world, Request.to("POST", "https://app.procore.com/oauth/token", form=right)).body
    headers = {"Authorization": f"Bearer {token['access_token']}"}
    for host in ("app.procore.com", "api.procore.com"):
        assert answer_for(procore.world, Request.to("GET", f"https://{host}{COMPANIES}", headers=headers)).ok
