"""Authorize, walked by a person in a browser: login, consent, code; over TLS with the CA trusted, and without."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from selftests.support.browser import CHROMIUM, DRIVER, Browser, browser
from selftests.support.serving import Served, served

CERTUTIL = shutil.which("certutil")
CALLBACK = "http://localhost:1/callback"  # nobody listens there: the address bar is what counts
pytestmark = [
    pytest.mark.posix,
    pytest.mark.skipif(
        not (CHROMIUM and DRIVER and CERTUTIL),
        reason="chromium, chromedriver or certutil is missing: run selftests/server/install.sh",
    ),
]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("walk")


@pytest.fixture(scope="module")
def running(place: Path) -> Iterator[Served]:
    with served(
        place / "ca", "--log=none", "--redirect-uri", "urn:ietf:wg:oauth:2.0:oob", "--redirect-uri", CALLBACK
    ) as it:
        yield it


@pytest.fixture(scope="module")
def chromium(place: Path, running: Served) -> Iterator[Browser]:
    """A browser of somebody who trusts the CA."""
    assert running.secure
    store = place / "home" / ".pki" / "nssdb"
    store.mkdir(parents=True)
    for words in (
        ["-N", "--empty-password"],
        ["-A", "-t", "C,,", "-n", "standin", "-i", str(place / "ca/authority.pem")],
    ):
        subprocess.run([CERTUTIL or "", "-d", f"sql:{store}", *words], check=True, capture_output=True)
    with browser(place / "profile", home=place / "home") as it:
        yield it


def _walk(chromium: Browser, url: str, button: str) -> None:
    chromium.cdp("Network.clearBrowserCookies")
    chromium.driver.get(url)
    chromium.run("document.querySelector('form').submit()")
    chromium.wait_for("return location.pathname.startsWith('/oauth/authorize') && document.readyState == 'complete'")
    assert chromium.run("return [...document.querySelectorAll('button')].map(one => one.innerText)") == [
        "Allow",
        "Deny",
    ]
    assert "not Procore" in chromium.text("body")
    chromium.run(f"[...document.querySelectorAll('button')].find(one => one.innerText == '{button}').click()")


@pytest.mark.parametrize("way", ["secure", "plain"])
def test_allow_shows_the_code(chromium: Browser, running: Served, way: str) -> None:
    url = running.authorize if way == "plain" else running.authorize.replace(running.base, running.secure)
    _walk(chromium, url, "Allow")
    chromium.wait_for("return document.getElementById('authorization_code') != null")
    assert len(chromium.text("#authorization_code")) == 64
    assert not [line for line in chromium.errors() if "favicon" not in line]


def _redirected(chromium: Browser, running: Served, button: str) -> dict[str, list[str]]:
    url = running.authorize.replace("urn%3Aietf%3Awg%3Aoauth%3A2.0%3Aoob", CALLBACK) + "&state=xyz"
    _walk(chromium, url, button)
    chromium.wait_until(lambda: chromium.driver.current_url.startswith(CALLBACK))
    return parse_qs(urlsplit(chromium.driver.current_url).query)


def test_allow_sends_the_code_to_the_registered_uri_with_the_state(chromium: Browser, running: Served) -> None:
    told = _redirected(chromium, running, "Allow")
    assert set(told) == {"code", "state"}
    assert told["state"] == ["xyz"]


def test_deny_tells_the_client(chromium: Browser, running: Served) -> None:
    """RFC 6749 4.1.2.1: error and state, and no code."""
    told = _redirected(chromium, running, "Deny")
    assert (told["error"], told["state"]) == (["access_denied"], ["xyz"])
    assert "code" not in told
