"""``python -m quickstart authorize`` and ``status``, as a person or a script meets them."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from quickstart.credentials.authorize import has_display
from selftests.support.bench import (
    LOGIN,
    NO_CODE,
    PROXIES,
    SMOKE,
    asked_for_tokens,
    cache,
    environment,
    plant,
    quickstart,
    suite,
    write,
)
from selftests.support.project import ROOT
from standin.model.behaviour import Behaviour
from standin.model.world import World
from standin.server.certificates import Certificate
from standin.server.running import Procore, serve


def code_of(procore: Procore) -> str:
    return procore.variables["PROCORE_AUTHORIZATION_CODE"]


def test_a_code_as_argument_is_exchanged_and_cached() -> None:
    with serve() as procore:
        code, output = quickstart(procore, "authorize", code_of(procore))
        assert code == 0, output
        assert re.search(r"lives until \d\d:\d\d \(90 minutes\)", output)
        assert code_of(procore) not in output
        assert suite(procore, *SMOKE)[0] == 0
        assert len(asked_for_tokens(procore.requests)) == 1, "the run uses what was cached"


def test_the_code_may_come_on_standard_input_after_the_url_was_printed() -> None:
    with serve() as procore:
        code, output = quickstart(procore, "authorize", said=code_of(procore) + "\n")
        assert code == 0, output
        url = re.search(r"https://\S+", output)
        assert url is not None
        query = parse_qs(urlsplit(url[0]).query)
        assert url[0].startswith(f"{LOGIN}/oauth/authorize?response_type=code&")
        assert query["client_id"] == [procore.variables["PROCORE_CLIENT_ID"]]
        assert len(query["state"][0]) >= 16
        assert code_of(procore) not in output


def test_the_whole_redirect_url_is_taken_and_its_state_is_checked() -> None:
    with serve() as procore:
        _, output = quickstart(procore, "authorize", said="\n")
        found = re.search(r"state=(\S+)", output)
        assert found is not None
        wrong = f"https://example.com/cb?code={code_of(procore)}&state=other"
        code, output = quickstart(procore, "authorize", wrong)
        assert (code, output.count("\n")) == (1, 1)
        assert "state" in output
        code, output = quickstart(procore, "authorize", wrong.replace("other", found[1]))
        assert code == 0, output


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("https://example.com/cb#code={code}&state={state}", "behind a #"),
        ("https://example.com/cb?state={state}#access_token={code}", "behind a #"),
        ("https://example.com/cb?code={code}", "carries no state"),
    ],
)
def test_an_answer_that_no_server_may_give_is_refused_before_the_code_is_spent(given: str, words: str) -> None:
    with serve(World(redirect_uris=("https://example.com/cb",))) as procore:
        _, output = quickstart(procore, "authorize", said="\n")
        found = re.search(r"state=(\S+)", output)
        assert found is not None
        url = given.format(code=code_of(procore), state=found[1])
        code, output = quickstart(procore, "authorize", url)
        assert (code, output.count("\n")) == (1, 1), output
        assert words in output
        assert code_of(procore) not in output
        assert quickstart(procore, "authorize", code_of(procore))[0] == 0


def test_the_page_that_shows_the_code_has_it_in_its_address() -> None:
    with serve() as procore:
        assert quickstart(procore, "authorize", f"{LOGIN}/oauth/authorize/native?code={code_of(procore)}")[0] == 0
    with serve() as procore:
        assert quickstart(procore, "authorize", f"{LOGIN}/oauth/authorize/{code_of(procore)}")[0] == 0


@pytest.mark.posix
def test_a_terminal_does_not_show_the_pasted_code() -> None:
    pty = pytest.importorskip("pty")
    with serve() as procore:
        child, terminal = pty.fork()
        if child == 0:
            os.chdir(ROOT)
            line = [sys.executable, "-m", "quickstart", "authorize", "--no-browser"]
            os.execve(sys.executable, line, environment(procore, {}))  # noqa: S606 - ours
        shown = b""
        while b"not shown" not in shown:
            shown += os.read(terminal, 4096)
        os.write(terminal, code_of(procore).encode() + b"\n")
        try:
            while more := os.read(terminal, 4096):
                shown += more
        except OSError:
            pass  # Linux ends a terminal's output so
        os.close(terminal)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0, shown
        assert b"Authorized for sandbox" in shown
        assert code_of(procore).encode() not in shown


REFUSALS = {
    "used or expired code": ("x" * 43, {}, 1, "older than ten minutes"),
    "wrong redirect URI": ("", {"PROCORE_REDIRECT_URI": "https://example.com/cb"}, 1, "https://example.com/cb"),
    "wrong environment of the URL": ("https://login.procore.com/oauth/authorize/native?code=x", {}, 1, "--target=prod"),
    "wrong secret": ("", {"PROCORE_CLIENT_SECRET": "x" * 43}, 1, "invalid_client from https://login-sandbox"),
    "refusal by the user": ("https://example.com/cb?error=access_denied", {}, 1, "access_denied"),
    "not a code": ("two words", {}, 1, "That is no code"),
    "no network": ("", dict.fromkeys(PROXIES, ""), 1, "cannot be resolved"),
    "closed proxy": ("", dict.fromkeys(PROXIES, "http://127.0.0.1:9"), 1, "HTTPS_PROXY"),
    "missing secret": ("", {"PROCORE_CLIENT_SECRET": ""}, 4, "PROCORE_CLIENT_SECRET is not set"),
    "cache in a file": ("", {"PROCORE_TOKEN_CACHE": __file__}, 4, "PROCORE_TOKEN_CACHE cannot be used (it is a file"),
    "cache below a file": ("", {"PROCORE_TOKEN_CACHE": f"{__file__}/x"}, 4, "set PROCORE_TOKEN_CACHE to a folder"),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_a_refusal_is_one_sentence_that_says_what_to_do(name: str) -> None:
    given, changes, expected, words = REFUSALS[name]
    with serve() as procore:
        code, output = quickstart(procore, "authorize", given or code_of(procore), changes=changes)
        assert (code, output.count("\n")) == (expected, 1), output
        assert words in output
        assert code_of(procore) not in output
        assert not cache(procore).load().access_token


def test_a_certificate_that_is_not_valid_gets_no_code() -> None:
    with serve(certificate=Certificate.EXPIRED) as procore:
        code, output = quickstart(procore, "authorize", code_of(procore))
        assert code == 1
        assert "certificate" in output
        assert not procore.requests


def test_an_expired_code_is_told_apart_from_nothing() -> None:
    with serve(World(behaviour=Behaviour(code_lifetime=0))) as procore:
        procore.world.clock.move(700)
        code, output = quickstart(procore, "authorize", code_of(procore))
        assert code == 1
        assert "python -m quickstart authorize" in output


def test_authorizing_again_ends_an_interrupted_refresh() -> None:
    with serve() as procore:
        plant(procore, pending="0" * 64)
        assert "interrupted" in quickstart(procore, "status")[1]
        assert quickstart(procore, "authorize", code_of(procore))[0] == 0
        assert "interrupted" not in quickstart(procore, "status")[1]


def test_status_shows_what_is_set_and_cached_and_no_secret() -> None:
    with serve() as procore:
        planted = plant(procore, expires_at=9e9)
        code, output = quickstart(procore, "status")
        assert code == 0
        assert re.search(r"PROCORE_CLIENT_SECRET +set in environment\n", output)
        assert re.search(r"PROCORE_REFRESH_TOKEN +not set\n", output)
        assert "sandbox         this app: access token for" in output
        hidden = [planted.access_token, planted.refresh_token, code_of(procore)]
        hidden += [procore.variables[name] for name in ("PROCORE_CLIENT_ID", "PROCORE_CLIENT_SECRET")]
        assert not [secret for secret in hidden if str(secret) in output]


def test_status_needs_no_settings(tmp_path: Path) -> None:
    with serve() as procore:
        nothing = {name: "" for name in procore.variables if name.startswith("PROCORE_")}
        changes = nothing | {"PROCORE_TOKEN_CACHE": str(tmp_path)}
        code, output = quickstart(procore, "status", changes=changes)
        assert code == 0
        assert "none; to get some" in output


def test_a_profile_reads_its_own_file() -> None:
    path = ROOT / ".env.selftest"
    with serve() as procore:
        write(path, f"PROCORE_CLIENT_SECRET={procore.variables['PROCORE_CLIENT_SECRET']}\n")
        try:
            changes = NO_CODE | {"PROCORE_CLIENT_SECRET": ""}
            assert suite(procore, *SMOKE, changes=changes)[0] == 4
            assert suite(procore, *SMOKE, "--profile=selftest", changes=changes)[0] == 0
            _, output = quickstart(procore, "status", "--profile=selftest", changes=changes)
            assert re.search(r"PROCORE_CLIENT_SECRET +set in \.env\.selftest\n", output)
        finally:
            path.unlink()


@pytest.mark.parametrize(("name", "words"), [("absent", ".env.absent"), ("../x", "letters, digits")])
def test_a_profile_that_cannot_be_is_one_sentence(name: str, words: str) -> None:
    with serve() as procore:
        for code, output in (
            suite(procore, *SMOKE, f"--profile={name}"),
            quickstart(procore, "status", f"--profile={name}"),
            quickstart(procore, "authorize", f"--profile={name}"),
        ):
            assert (code, len(output.strip().splitlines())) == (4, 1), output
            assert words in output


@pytest.mark.parametrize(
    ("variables", "shown"),
    [
        ({}, False),
        ({"DISPLAY": ":0"}, True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, True),
        ({"DISPLAY": ":0", "SSH_CONNECTION": "a b"}, False),
        ({"DISPLAY": ":0", "CI": "true"}, False),
    ],
)
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is always a display")
def test_a_browser_is_opened_where_somebody_sits(variables: dict[str, str], shown: bool) -> None:
    assert has_display(variables) is shown
