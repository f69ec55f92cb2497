"""The doctor: each thing that a live run needs has a tick or a remedy, and no secret is shown."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from quickstart.command import visits
from quickstart.credentials.settings import load
from quickstart.credentials.token_cache import VERSION, State, TokenCache
from selftests.support.bench import NO_CODE, plant, quickstart, user_pair, write
from selftests.support.processes import python
from selftests.support.project import ROOT, bare_environment
from standin.cases.bending import body, on
from standin.model.behaviour import Behaviour
from standin.model.clock import Clock
from standin.model.world import World
from standin.server.certificates import Certificate
from standin.server.running import Procore, serve


def found(procore: Procore, **changes: str) -> tuple[int, dict[str, list[dict[str, Any]]]]:
    """Exit code, and the findings by what they are of."""
    code, output = quickstart(procore, "doctor", "--json", changes=NO_CODE | changes)
    listed: dict[str, list[dict[str, Any]]] = {}
    for one in json.loads(output):
        listed.setdefault(one["check"], []).append(one)
    return code, listed


def states(findings: dict[str, list[dict[str, Any]]]) -> dict[str, set[str]]:
    return {check: {one["state"] for one in some} for check, some in findings.items()}


def test_all_is_well_with_the_stand_in() -> None:
    with serve() as procore:
        code, findings = found(procore)
        sent = len(procore.requests)
    assert code == 0, findings
    assert {check for check, some in states(findings).items() if some == {"well"}} >= {
        "settings", "proxy", "CA file", "DNS", "TLS", "clock", "token", "company", "projects",
    }  # fmt: skip
    assert sent <= 5
    assert "by OU=Testing CA" in findings["TLS"][0]["words"]
    assert "valid until" in findings["TLS"][0]["words"]


def test_a_person_sees_ticks() -> None:
    with serve() as procore:
        code, output = quickstart(procore, "doctor", changes=NO_CODE)
    assert code == 0
    assert "✓ company      4265001 is one of the" in output


def test_what_is_ill_has_a_remedy_each() -> None:
    with serve() as procore:
        _, output = quickstart(procore, "doctor", changes=NO_CODE | {"PROCORE_COMPANY_ID": "no number"})
    lines = output.splitlines()
    ill = [
        line
        for line, after in zip(lines, [*lines[1:], ""], strict=True)
        if line[0] == "✗" and "what to do" not in after
    ]
    assert any(line.startswith("✗ settings") for line in lines)
    assert ill == []


@pytest.mark.parametrize(
    ("changes", "check", "words", "code"),
    [
        ({"PROCORE_CLIENT_ID": ""}, "settings", "PROCORE_CLIENT_ID is not set", 4),
        ({"PROCORE_CLIENT_SECRET": "short"}, "settings", "PROCORE_CLIENT_SECRET cannot be used", 4),
        ({"HTTPS_PROXY": "http://a b", "https_proxy": ""}, "surroundings", "HTTPS_PROXY cannot be used", 4),
        ({"REQUESTS_CA_BUNDLE": "/no/such"}, "surroundings", "REQUESTS_CA_BUNDLE names /no/such", 4),
        ({"PROCORE_CLIENT_SECRET": "another-secret-of-nobody"}, "token", "", 1),
        ({"PROCORE_COMPANY_ID": "99"}, "company", "99", 1),
        ({"https_proxy": "http://127.0.0.1:9", "HTTPS_PROXY": "http://127.0.0.1:9"}, "TLS", "127.0.0.1:9", 1),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_what_is_wrong_is_named(changes: dict[str, str], check: str, words: str, code: int) -> None:
    with serve() as procore:
        ended, findings = found(procore, **changes)
    ill = [one for one in findings[check] if one["state"] == "ill"]
    assert any(words in one["words"] and one["remedy"] for one in ill), findings
    assert ended == code


def test_an_unknown_name_is_told_with_the_nearest_one() -> None:
    with serve() as procore:
        code, findings = found(procore, PROCORE_TIMEOUTS="3")
    assert code == 0
    assert any(
        "PROCORE_TIMEOUTS" in one["words"] and "PROCORE_TIMEOUT" in one["remedy"] for one in findings["settings"]
    )


@pytest.mark.parametrize("kind", [kind for kind in Certificate if kind is not Certificate.RIGHT])
def test_a_certificate_that_is_not_believed_ends_the_visit(kind: Certificate) -> None:
    with serve(certificate=kind) as procore:
        code, findings = found(procore)
        assert procore.requests == ()
    assert code == 1
    assert states(findings)["TLS"] == {"ill"}
    assert "company" not in findings


def test_a_clock_that_is_wrong_is_told() -> None:
    with serve(World(clock=Clock(3600.0))) as procore:
        code, findings = found(procore)
    (clock,) = findings["clock"]
    assert (code, clock["state"]) == (4, "ill")
    assert re.search(r"(3599|3600|3601) s behind", clock["words"])


def test_a_cached_token_is_used_and_what_works_once_is_not_spent() -> None:
    with serve(World(behaviour=Behaviour())) as procore:
        plant(procore)  # a user's pair whose access token is about to expire
        before = [one for one in procore.requests if one.form.get("grant_type") == "refresh_token"]
        _, findings = found(procore)
        after = [one for one in procore.requests if one.form.get("grant_type") == "refresh_token"]
    assert before == after
    assert findings["tokens"], "its age is told"


def test_a_cache_without_a_token_is_no_tick() -> None:
    with serve() as procore:
        plant(procore, access_token=None, refresh_token=None)
        _, findings = found(procore)
    assert [(one["state"], one["words"]) for one in findings["tokens"]] == [
        ("unknown", "sandbox         this app: no token")
    ]


def test_a_long_name_of_a_host_stands_apart_from_what_is_cached(tmp_path: Path) -> None:
    login = "https://procore.example.com"
    with serve() as procore:
        changes = {"PROCORE_LOGIN_URL": login, "PROCORE_TOKEN_CACHE": str(tmp_path)}
        mine = TokenCache(login, procore.variables["PROCORE_CLIENT_ID"], tmp_path)
        write(mine.path, json.dumps({"version": VERSION, **asdict(State(refresh_token="r" * 43))}))
        _, output = quickstart(procore, "status", changes=changes)
    assert f"  {login} this app: refresh token until it is used" in output


@pytest.mark.parametrize("content", [b"PROCORE_COMPANY_ID=\xff\xfe", None], ids=["not UTF-8", "a folder"])
def test_an_env_file_that_cannot_be_read_is_told(tmp_path: Path, content: bytes | None) -> None:
    if content is None:
        (tmp_path / ".env").mkdir()
    else:
        (tmp_path / ".env").write_bytes(content)
    environment = {**bare_environment(tmp_path), "PYTHONPATH": str(ROOT)}
    code, output = python("quickstart", "doctor", "--json", environment=environment, folder=tmp_path)
    (finding,) = [one for one in json.loads(output) if one["check"] == "settings"]
    assert (code, finding["state"]) == (4, "ill")
    assert ".env" in finding["words"]


@pytest.mark.posix
@pytest.mark.parametrize(("command", "state", "code"), [("true", "unknown", 0), ("false", "ill", 4)])
def test_the_store_is_asked_too(command: str, state: str, code: int) -> None:
    with serve() as procore:
        ended, findings = found(procore, PROCORE_TOKEN_STORE=command)
    assert [one["state"] for one in findings["token store"]] == [state], findings
    assert ended == code


def test_an_app_that_was_never_installed_is_told_though_token_and_company_are_there() -> None:
    """Days are lost in it: of a user's token only the projects are refused."""
    with serve(World(behaviour=Behaviour(app_installed=False))) as procore:
        pair = user_pair(procore)
        plant(procore, access_token=pair.access_token, refresh_token=None, expires_at=9e9)
        code, findings = found(procore)
    assert (code, states(findings)["company"], states(findings)["projects"]) == (1, {"well"}, {"ill"}), findings
    assert "Install Custom App" in findings["projects"][0]["remedy"]


def test_no_company_that_is_seen_is_none_to_choose() -> None:
    with serve(World(modifiers=(on("companies", body([])),))) as procore:
        _, findings = found(procore)
    assert findings["company"][0]["remedy"].startswith("add the user to the company: guide step 4")
    assert "projects" not in findings


def test_no_more_requests_are_sent_than_there_are_to_send(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the server asks to come again, the list may be left."""
    with serve() as procore:
        for name, value in {**procore.variables, **NO_CODE}.items():
            monkeypatch.setenv(name, value)
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.setattr(visits, "REQUESTS", 2)
        given = load(Path(os.devnull))
        last = [*visits.Visit(given.target("sandbox"), given).findings()][-1]
        assert len(procore.requests) == 2
    assert (last.check, last.state) == ("requests", "unknown")


def test_no_secret_is_shown() -> None:
    with serve() as procore:
        secrets = [procore.variables[f"PROCORE_{name}"] for name in ("CLIENT_SECRET", "OTHER_CLIENT_SECRET")]
        proxy = procore.variables["HTTPS_PROXY"].replace("http://", "http://somebody:hunter2-hunter2@")
        changes = dict.fromkeys(("HTTPS_PROXY", "https_proxy"), proxy)
        _, output = quickstart(procore, "doctor", changes=changes)
        secrets += [procore.variables["PROCORE_AUTHORIZATION_CODE"], "hunter2"]
        tokens = _tokens(procore)
    assert "company" in output
    assert [one for one in (*secrets, *tokens) if one in output] == []


def _tokens(procore: Procore) -> list[str]:
    found = [request.header("Authorization") or "" for request in procore.requests]
    return [one.removeprefix("Bearer ") for one in found if one]


@pytest.mark.parametrize("url", ["http://[::1", "http://u:p@[::1"])
def test_a_proxy_that_is_no_url_has_a_remedy(url: str) -> None:
    with serve() as procore:
        code, findings = found(procore, HTTPS_PROXY=url, https_proxy=url)
    assert code == 4
    assert "it is not a URL" in findings["surroundings"][0]["words"]


@pytest.mark.posix
@pytest.mark.parametrize("command", ["doctor", "status", "run"])
def test_a_folder_that_is_gone_is_told(command: str, tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    line = ["sh", "-c", 'rmdir "$PWD" && exec "$0" -m quickstart "$1"', sys.executable, command]
    environment = {**bare_environment(tmp_path), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(line, cwd=gone, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 4
    assert done.stderr == "python -m quickstart: the working folder is gone: change to one that is there.\n"
