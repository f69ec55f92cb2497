"""A run that something is wrong with ends with the first cause, and with nothing red but that cause."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from quickstart.judgement import causes
from quickstart.judgement.catalogue import UNSEEN_ADVICE
from quickstart.judgement.causes_on_the_way import ON_THE_WAY
from quickstart.judgement.facts import FACTS
from selftests.support.bench import NO_CODE, PROXIES, QUIET, asked_for_tokens, hurried, suite
from standin.cases.bending import body, header, on, status, wire
from standin.cases.faults.token import HTML, PAGE
from standin.cases.which import foreign_query, login_host, neither
from standin.http.messages import Wire
from standin.model.behaviour import Behaviour
from standin.model.hosts import SANDBOX
from standin.model.world import Modifier, World
from standin.server.certificates import Certificate
from standin.server.running import serve

WRONG = "wrong-" + "5" * 20
NO_PROXY = dict.fromkeys(PROXIES, "")


@dataclass(frozen=True)
class Trouble:
    """What is wrong, and what the run must say: cause, words of the last lines, and the one red requirement."""

    cause: str
    words: str
    red: str = ""
    with_code: bool = False
    changes: Mapping[str, str] = field(default_factory=dict)
    behaviour: Behaviour = field(default_factory=Behaviour)
    modifiers: tuple[Modifier, ...] = ()
    certificate: Certificate = Certificate.RIGHT
    token_requests: int = -1


TROUBLES = {
    "wrong secret, with a code": Trouble(
        "invalid-client",
        "invalid_client from https://login-sandbox.procore.com, for https://sandbox.procore.com",
        red="token.status",
        with_code=True,
        changes={"PROCORE_CLIENT_SECRET": WRONG},
        token_requests=1,
    ),
    "wrong secret, service account": Trouble(
        "invalid-client",
        "My Apps > your app > OAuth Credentials",
        red="client-credentials.status",
        changes={"PROCORE_CLIENT_SECRET": WRONG},
        token_requests=1,
    ),
    "credentials of another environment": Trouble(
        "invalid-client",
        "the Sandbox ones for --target=sandbox",
        red="client-credentials.status",
        changes={"PROCORE_CLIENT_ID": WRONG},
        token_requests=1,
    ),
    "a code that is used up": Trouble(
        "invalid-code",
        "older than ten minutes, was used before, was given to another app or in another environment, or for another",
        red="token.status",
        changes={"PROCORE_AUTHORIZATION_CODE": WRONG},
    ),
    "another redirect URI": Trouble(
        "invalid-code",
        "another redirect URI than https://example.com/callback/",
        red="token.status",
        with_code=True,
        changes={"PROCORE_REDIRECT_URI": "https://example.com/callback/"},
    ),
    "a spent refresh token": Trouble(
        "refresh-refused", "was used or revoked", red="refresh.status", changes={"PROCORE_REFRESH_TOKEN": WRONG}
    ),
    "no step 4": Trouble(
        "not-connected",
        "Company Tools > Admin > App Management > Install App > Install Custom App",
        red="projects.status",
        with_code=True,
        behaviour=Behaviour(app_installed=False),
    ),
    "no step 4, service account": Trouble(
        "not-connected", "guide step 4", red="companies.status", behaviour=Behaviour(app_installed=False)
    ),
    "a company that is not listed": Trouble(
        "company-missing",
        "company 4242 is not among them",
        red="companies.configured",
        with_code=True,
        changes={"PROCORE_COMPANY_ID": "4242"},
    ),
    "a company, and a list without any": Trouble(
        "no-company",
        "list of companies is empty",
        red="projects.status",
        with_code=True,
        modifiers=(
            on("companies", body([]), header("Total", "0"), header("Link", None)),
            on("projects", status(403), body({"errors": ["Forbidden"]})),
        ),
    ),
    "a firewall before the API": Trouble(
        "gateway",
        "as a firewall does",
        red="companies.status",
        with_code=True,
        modifiers=(*(on(each, status(403), PAGE, HTML, ok=None) for each in ("companies", "projects", "me")),),
    ),
    "a portal before the API": Trouble(
        "page",
        "a portal of this network",
        red="companies.json",
        with_code=True,
        modifiers=(on("", status(200), PAGE, HTML, ok=None, when=neither(login_host)),),
    ),
    "a portal before the login host": Trouble(
        "page",
        "a portal of this network",
        red="token.json",
        with_code=True,
        modifiers=(on("", status(200), PAGE, HTML, ok=None, when=login_host),),
    ),
    "an app without users": Trouble(
        "no-user-component",
        "Data Connector Components",
        red="token.status",
        with_code=True,
        modifiers=(on("token", status(400), body({"error": "unauthorized_client"}), grant="authorization_code"),),
    ),
    "a company of nobody, service account": Trouble(
        "company-of-nobody", "/company/home/list", red="companies.status", changes={"PROCORE_COMPANY_ID": "4242"}
    ),
    "hosts of two environments": Trouble(
        "mixed-hosts",
        "https://api.procore.com refuses a token that https://login-sandbox.procore.com has just issued",
        red="token.works",
        with_code=True,
        changes={"PROCORE_API_URL": "https://api.procore.com"},
    ),
    "one host that refuses what it issues": Trouble(
        "token-refused",
        "run once more",
        red="token.works",
        with_code=True,
        changes=dict.fromkeys(("PROCORE_LOGIN_URL", "PROCORE_API_URL"), "https://sandbox.procore.com"),
        modifiers=(*(on(each, status(401), body({"errors": "?"})) for each in ("companies", "projects", "me")),),
    ),
    "a service account that is nobody": Trouble(
        "unexpected-refusal",
        "sandbox.procore.com refuses me (403)",
        red="me.status",
        modifiers=(on("me", status(403), body({"errors": "Forbidden"})),),
    ),
    "no network": Trouble("dns", "login-sandbox.procore.com cannot be resolved", changes=NO_PROXY),
    "a proxy that is closed": Trouble(
        "proxy-unreachable",
        "the proxy 127.0.0.1:9 cannot be reached",
        changes=dict.fromkeys(PROXIES, "http://127.0.0.1:9"),
    ),
    "a certificate of nobody": Trouble(
        "certificate-issuer",
        "REQUESTS_CA_BUNDLE",
        red="transport.certificate",
        certificate=Certificate.UNKNOWN_AUTHORITY,
    ),
    "no answer": Trouble(
        "time-out",
        "login-sandbox.procore.com did not answer in time",
        red="authorize.answers",
        changes={"PROCORE_TIMEOUT": "0.5", "PROCORE_API_URL": "https://sandbox.procore.com"},
        modifiers=(on("", wire(Wire(delay=20)), ok=None),),
    ),
    "a token endpoint that has had too many": Trouble(
        "rate-limit",
        "the rate limit of this account is used up",
        with_code=True,
        modifiers=(on("token", status(429), header("Retry-After", "400"), body({"error": "too many"}), ok=None),),
    ),
    "too many requests, where a refusal was asked for": Trouble(
        "rate-limit",
        "the rate limit of this account is used up",
        with_code=True,
        modifiers=(on("projects", status(429), header("Retry-After", "400"), body({}), ok=None, when=foreign_query),),
    ),
    "an API that goes where advice alone is at stake": Trouble(
        "unavailable",
        "sandbox.procore.com is not available (503)",
        with_code=True,
        modifiers=(on("projects-v1.0", status(503), header("Retry-After", "400"), body({})),),
    ),
    "too many requests": Trouble(
        "rate-limit", "the rate limit of this account is used up", behaviour=Behaviour(rate_limit=4, rate_window=3600)
    ),
}


def run(trouble: Trouble, verdict: Path) -> tuple[int, str, dict[str, Any], int]:
    """Exit code, output, verdict, and how often the token endpoint was asked."""
    world = World(behaviour=trouble.behaviour, modifiers=trouble.modifiers)
    with serve(world, certificate=trouble.certificate) as procore:
        changes = {**({} if trouble.with_code else NO_CODE), **trouble.changes}
        code, output = suite(procore, *QUIET, "--tb=no", f"--verdict-json={verdict}", changes=changes)
        return code, output, json.loads(verdict.read_text()), len(asked_for_tokens(procore.requests))


@pytest.mark.parametrize("name", TROUBLES)
def test_the_first_cause_is_named_and_nothing_else_is_red(name: str, tmp_path: Path) -> None:
    trouble = TROUBLES[name]
    code, output, verdict, token_requests = run(trouble, tmp_path / "verdict.json")
    red = [one["id"] for one in verdict["requirements"] if one["verdict"] == "violated"]
    assert verdict["diagnosis"]["cause"] == trouble.cause, output
    assert red[:1] == ([trouble.red] if trouble.red else []), output
    assert len(red) <= (2 if trouble.cause in {"time-out", "page"} else 1), red
    assert code == (1 if red else 4), output
    assert verdict["conformant"] is (False if red else None)
    last = output.strip().splitlines()[-2:]
    assert last[0].startswith("diagnosis: ")
    assert last[1].startswith("what to do: ")
    assert trouble.words in " ".join(last)
    assert WRONG not in output
    assert token_requests == trouble.token_requests or trouble.token_requests < 0


@pytest.mark.parametrize(
    ("setting", "host", "absent", "cause"),
    [
        ("PROCORE_LOGIN_URL", "sandbox", ("token-info",), "unexpected-refusal"),
        ("PROCORE_API_URL", "api", ("companies", "projects", "me"), "wrong-host"),
    ],
    ids=["one endpoint", "all of the API"],
)
def test_a_host_is_wrong_where_it_has_nothing_that_is_asked_for(
    setting: str, host: str, absent: tuple[str, ...], cause: str, tmp_path: Path
) -> None:
    """One endpoint that is missing where others answer is no matter of settings, though they name the host."""
    trouble = Trouble(
        cause,
        "",
        with_code=True,
        changes={setting: f"https://{host}.procore.com"},
        modifiers=(*(on(each, status(404), PAGE, HTML, ok=None) for each in absent),),
    )
    _, output, verdict, _ = run(trouble, tmp_path / "verdict.json")
    assert verdict["diagnosis"]["cause"] == cause, output


def test_every_case_can_be_worded() -> None:
    names = "login api host target company status redirect_uri reason exchange detail expected to wait request_id"
    words = dict.fromkeys(names.split(), "x")
    rows = (*ON_THE_WAY, *causes.REFUSED, causes.OTHERWISE_REFUSED)
    cases = [*rows, causes.COMPANY_MISSING, causes.BUDGET, causes.NO_TOKEN]
    assert all(case.what.format_map(words) and case.remedy.format_map(words) for case in cases)
    assert {name.removeprefix("no ") for case in cases for name in case.known} <= FACTS.keys()


def test_what_harms_no_run_gives_no_remedy_to_a_broken_promise(tmp_path: Path) -> None:
    """An app need not have a service account; what its refusals break is the server's to mend."""
    only_with_slash = on("token", status(404), ok=None, when=lambda request, _: not request.path.endswith("/"))
    code, output, verdict, _ = run(
        Trouble("", "", with_code=True, modifiers=(only_with_slash,)), tmp_path / "verdict.json"
    )
    red = {one["id"]: one for one in verdict["requirements"] if one["verdict"] == "violated"}
    assert (code, list(red)) == (1, ["token.path-without-slash"]), output
    assert "what to do: Nothing, unless" not in output
    assert "report it to Procore" in output


def test_nobody_is_told_to_waive_a_wrong_secret(tmp_path: Path) -> None:
    """Its remedy is in the reader's hands, and it is the only one; what only Procore can mend may be waived."""
    _, wrong, _, _ = run(TROUBLES["wrong secret, with a code"], tmp_path / "verdict.json")
    assert "  basis:      rfc, documented, not yet seen at Procore\n" in wrong
    assert UNSEEN_ADVICE not in wrong
    down = Trouble("", "", with_code=True, modifiers=(on("token", status(500), ok=None),))
    _, broken, _, _ = run(down, tmp_path / "verdict.json")
    assert f"not yet seen at Procore. {UNSEEN_ADVICE}\n" in broken


def test_an_unavailable_server_is_asked_no_more_than_it_must() -> None:
    with serve(World(modifiers=(on("", status(503), ok=None),))) as procore:
        code, output = hurried(procore, *QUIET, "--tb=no")
        assert (code, "is not available (503)" in output) == (1, True), output
        assert len(procore.requests) <= 8, "one exchange a host, each sent three times at most"


def test_a_sound_run_has_no_diagnosis(tmp_path: Path) -> None:
    code, output, verdict, _ = run(Trouble("", "", with_code=True), tmp_path / "verdict.json")
    assert (code, verdict["diagnosis"]) == (0, None), output
    assert "diagnosis:" not in output
    assert SANDBOX.login_host not in output
