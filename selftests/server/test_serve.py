"""``python -m standin serve``: what somebody has who starts it and points a client at it."""

from __future__ import annotations

import json
import os
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from dotenv import dotenv_values

from selftests.support.project import ROOT
from selftests.support.serving import Served, served, started

pytestmark = pytest.mark.posix
CA = "authority.pem"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("serve")


@pytest.fixture(scope="module")
def running(place: Path) -> Iterator[Served]:
    options = (
        "--env-file",
        str(place / "client.env"),
        "--log=json",
        "--projects=250",
        "--redirect-uri=http://localhost/cb",
    )
    with served(place / "ca", *options) as serving:
        yield serving


@pytest.fixture(scope="module")
def settings(place: Path, running: Served) -> dict[str, str]:
    assert running.base
    return {name: str(value) for name, value in dotenv_values(place / "client.env").items()}


def _token(base: str, settings: dict[str, str], **changes: str) -> requests.Response:
    form = {
        "grant_type": "client_credentials",
        "client_id": settings["PROCORE_CLIENT_ID"],
        "client_secret": settings["PROCORE_CLIENT_SECRET"],
    }
    return requests.post(f"{base}/oauth/token", data=form | changes, timeout=10)


def test_two_settings_are_enough_for_a_client_that_knows_no_proxy(running: Served, settings: dict[str, str]) -> None:
    assert settings["PROCORE_LOGIN_URL"] == settings["PROCORE_API_URL"] == running.base
    bearer = {"Authorization": f"Bearer {_token(running.base, settings).json()['access_token']}"}
    url = f"{running.base}/rest/v1.1/projects?company_id={settings['PROCORE_COMPANY_ID']}"
    seen = []
    while url:
        answer = requests.get(url, headers=bearer | {"Procore-Company-Id": settings["PROCORE_COMPANY_ID"]}, timeout=10)
        seen += answer.json()
        url = answer.links.get("next", {}).get("url", "")
        assert url.startswith(running.base) or not url, "links lead back here, not to Procore"
    assert len(seen) == 250


def test_the_same_over_tls_with_the_ca_that_stays(running: Served, place: Path) -> None:
    for name in ("localhost", "127.0.0.1"):
        url = running.secure.replace("localhost", name)
        assert requests.get(f"{url}/rest/v1.0/me", verify=str(place / "ca" / CA), timeout=10).status_code == 401
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(running.secure, timeout=10)


def test_localhost_is_this_machine_in_both_protocols(running: Served) -> None:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("this machine has no IPv6")
    for url in (running.base, running.secure):
        parts = urlsplit(url)
        with socket.create_connection(("::1", parts.port or 0), timeout=10):
            pass
    assert requests.get(running.base.replace("127.0.0.1", "localhost"), timeout=10).status_code == 404


def test_procores_names_lead_to_the_same_port(running: Served) -> None:
    """As with an entry in the hosts file: the name in the Host header says which host is meant."""
    answer = requests.get(f"{running.base}/oauth/token/info", headers={"Host": "login-sandbox.procore.com"}, timeout=10)
    assert answer.status_code == 401
    assert "invalid" in answer.json()["error"]


def test_each_request_is_a_line_that_says_what_was_wrong(running: Served, settings: dict[str, str]) -> None:
    _token(running.base, settings, client_secret="wrong-canary")
    line = ""
    while "wrong client_secret" not in line:
        line = running.told.readline()
        assert line, "the log ended"
    told = json.loads(line)
    assert told["grant_type"] == "client_credentials"
    assert (told["method"], told["path"], told["status"]) == ("POST", "/oauth/token", 401)
    assert "canary" not in line


def test_print_env_returns_at_once_with_a_fresh_code(running: Served, settings: dict[str, str]) -> None:
    command = [sys.executable, "-m", "standin", "serve", "--print-env", "--http", running.port]
    codes = set()
    for _ in range(2):
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=20, check=True)
        lines = dict(line.removeprefix("export ").split("=", 1) for line in done.stdout.splitlines())
        assert lines["HTTPS_PROXY"] == running.base
        codes.add(lines["PROCORE_AUTHORIZATION_CODE"])
    assert len(codes) == 2
    form = {"grant_type": "authorization_code", "code": codes.pop(), "redirect_uri": "http://localhost/cb"}
    assert _token(running.base, settings, **form).status_code == 200


def test_what_it_writes_is_for_its_owner_alone(place: Path, settings: dict[str, str]) -> None:
    for path in (place / "client.env", place / "ca" / "authority.key"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
    assert settings["PROCORE_REDIRECT_URI"] == "http://localhost/cb"
    written = (place / "client.env").read_text()
    assert "\n# PROCORE_API_URL=https://localhost:" in written
    assert f"\n# SSL_CERT_FILE={place / 'ca' / CA}" in written


def test_the_ca_stays_and_the_client_may_be_named(tmp_path: Path) -> None:
    seen = []
    for _ in range(2):
        with served(tmp_path, "--client-id=mine", "--client-secret=invented") as running:
            seen.append((tmp_path / CA).read_bytes())
            answer = _token(running.base, {"PROCORE_CLIENT_ID": "mine", "PROCORE_CLIENT_SECRET": "invented"})
            assert answer.status_code == 200
            assert requests.get(running.secure, verify=str(tmp_path / CA), timeout=10).status_code == 404
    assert seen[0] == seen[1]


def test_an_env_file_of_somebody_elses_is_left_alone(tmp_path: Path) -> None:
    mine = tmp_path / ".env"
    mine.write_text("PROCORE_CLIENT_SECRET=real\n")
    with started(tmp_path / "ca", "--env-file", str(mine)) as process:
        _, said = process.communicate(timeout=20)
    assert (process.returncode, mine.read_text()) == (4, "PROCORE_CLIENT_SECRET=real\n")
    assert f"{mine} is there already" in said


def test_a_taken_port_is_one_sentence(running: Served, tmp_path: Path) -> None:
    with started(tmp_path, "--http", running.port) as process:
        _, said = process.communicate(timeout=20)
    assert (process.returncode, len(said.splitlines())) == (4, 1)
    assert "choose others with --http and --port" in said


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"no key", "cannot be used"),
        (b"-----BEGIN EC PRIVATE KEY-----\nx\n-----BEGIN CERTIFICATE-----\nx\n", "cannot be used"),
    ],
)
def test_a_broken_authority_is_one_sentence(content: bytes, words: str, tmp_path: Path) -> None:
    (tmp_path / "authority.key").write_bytes(content)
    with started(tmp_path) as process:
        _, said = process.communicate(timeout=20)
    assert (process.returncode, len(said.splitlines())) == (4, 1)
    assert words in said
    assert "remove it" in said


def test_a_page_of_a_browser_controls_nothing(running: Served) -> None:
    url = f"{running.base}/.standin/env"
    assert requests.get(url, timeout=10).status_code == 200
    for headers in ({"Origin": "https://evil.example"}, {"Host": "evil.example"}, {"Host": "sandbox.procore.com"}):
        assert requests.get(url, headers=headers, timeout=10).status_code in {403, 404}, headers


@pytest.mark.parametrize(("move", "status"), [("5401", 200), ("nan", 400), ("1e99", 400), ("", 400)])
def test_the_clock_can_be_moved_in_any_language(tmp_path: Path, move: str, status: int) -> None:
    with served(tmp_path, "--log=none") as running:
        token = requests.get(f"{running.base}/.standin/env", timeout=10).json()["direct"]
        bearer = {"Authorization": f"Bearer {_token(running.base, token).json()['access_token']}"}
        company = bearer | {"Procore-Company-Id": token["PROCORE_COMPANY_ID"]}
        assert requests.get(f"{running.base}/rest/v1.0/me", headers=company, timeout=10).status_code == 200
        moved = requests.post(f"{running.base}/.standin/clock", data={"move": move}, timeout=10)
        assert moved.status_code == status
        after = requests.get(f"{running.base}/rest/v1.0/me", headers=company, timeout=10).status_code
        assert after == (401 if status == 200 else 200)
        asked = requests.get(f"{running.base}/.standin/requests", timeout=10).json()
        assert [one["path"] for one in asked] == ["/oauth/token", "/rest/v1.0/me", "/rest/v1.0/me"]


def test_what_is_no_request_is_a_line_too(running: Served) -> None:
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(running.base.replace("http:", "https:"), timeout=10)
    line = ""
    while "TLS" not in line:
        line = running.told.readline()
        assert line, "the log ended"
    assert (
        json.loads(line)["note"] == "TLS is spoken to a port that speaks plain HTTP: write http, or name the TLS port."
    )


def test_a_client_that_goes_away_leaves_no_traceback(running: Served) -> None:
    with socket.create_connection(("127.0.0.1", int(running.port))) as raw:
        raw.sendall(b"GET /rest/v1.0/me HTTP/1.1\r\nHost: x\r\n")
    assert requests.get(running.base, timeout=10).status_code == 404
    assert running.process.poll() is None
    assert os.environ.get("PROCORE_CLIENT_ID") is None, "tests run without an account"
