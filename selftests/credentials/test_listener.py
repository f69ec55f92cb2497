"""``authorize`` catches the code where the app's redirect URI is on this machine, and answers nothing else there."""

from __future__ import annotations

import http.client
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from quickstart.credentials.listener import ListenError, can_catch, listening
from selftests.support.bench import cache, environment, quickstart
from selftests.support.project import ROOT
from standin.cases.bending import body, on, status
from standin.model.behaviour import Behaviour
from standin.model.world import World
from standin.server.running import Procore, serve


def free_port() -> int:
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        return int(made.getsockname()[1])


@pytest.fixture
def redirect_uri() -> str:
    return f"http://localhost:{free_port()}/callback"


class Waiting:
    """An ``authorize`` that waits for a browser: what it said so far, and the URL that it printed."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.said = ""
        self.ready = threading.Event()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said += line
            if line.startswith("Waiting for the browser"):
                self.ready.set()

    @property
    def url(self) -> str:
        found = re.search(r"https://\S+", self.said)
        assert found is not None, self.said
        return found[0]

    def end(self) -> int:
        self.process.wait(60)
        self._reader.join(10)
        return self.process.returncode


@contextmanager
def waiting(procore: Procore, **changes: str) -> Iterator[Waiting]:
    process = subprocess.Popen(
        [sys.executable, "-m", "quickstart", "authorize", "--no-browser"],
        cwd=ROOT,
        env=environment(procore, changes),
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    made = Waiting(process)
    try:
        assert made.ready.wait(30), made.said
        yield made
    finally:
        process.kill()
        process.wait()


def get(url: str, host: str | None = None, method: str = "GET") -> tuple[int, str, dict[str, str]]:
    """Ask as a browser would, past any proxy."""
    parts = urlsplit(url)
    asked = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    asked.request(method, url.partition(parts.netloc)[2], headers={"Host": host or parts.netloc})
    answer = asked.getresponse()
    text = answer.read().decode()
    asked.close()
    return answer.status, text, dict(answer.getheaders())


def destination(procore: Procore, url: str) -> str:
    """Where the login host sends the browser of a user who is logged in and approves."""
    answer = requests.get(
        url,
        proxies={"https": procore.server.url},
        verify=procore.variables["REQUESTS_CA_BUNDLE"],
        allow_redirects=False,
        timeout=10,
    )
    return answer.headers["Location"]


def test_the_code_is_caught_and_the_companies_are_listed(redirect_uri: str) -> None:
    world = World(redirect_uris=(redirect_uri,), behaviour=Behaviour(logged_in=True))
    with serve(world) as procore, waiting(procore, PROCORE_COMPANY_ID="") as authorizing:
        there = destination(procore, authorizing.url)
        assert there.startswith(f"{redirect_uri}?code=")
        code, page, headers = get(there)
        assert (code, "The code has arrived" in page) == (200, True)
        assert (headers["Cache-Control"], headers["Referrer-Policy"]) == ("no-store", "no-referrer")
        assert authorizing.end() == 0, authorizing.said
        assert cache(procore).load().refresh_token
        assert f"  PROCORE_COMPANY_ID={procore.variables['PROCORE_COMPANY_ID']}   " in authorizing.said
        issued = re.search(r"code=([^&]+)", there)
        assert issued is not None
        assert issued[1] not in authorizing.said
        with pytest.raises(OSError, match="refused"):
            get(there)


STRANGERS = {
    "another path": ("/other?code=x&state={state}", None, "GET", 404),
    "a path below": ("/callback/x?code=x&state={state}", None, "GET", 404),
    "the icon": ("/favicon.ico", None, "GET", 404),
    "another host": ("/callback?code=x&state={state}", "evil.example:80", "GET", 404),
    "no state": ("/callback?code=x", None, "GET", 400),
    "another state": ("/callback?code=x&state=y", None, "GET", 400),
    "a refusal of another state": ("/callback?error=access_denied&state=y", None, "GET", 400),
    "a POST": ("/callback?code=x&state={state}", None, "POST", 501),
    "a HEAD": ("/callback?code=x&state={state}", None, "HEAD", 501),
}


def test_nothing_else_is_answered_and_the_wait_goes_on(redirect_uri: str) -> None:
    world = World(redirect_uris=(redirect_uri,), behaviour=Behaviour(logged_in=True))
    with serve(world) as procore, waiting(procore) as authorizing:
        state = authorizing.url.partition("state=")[2].partition("&")[0]
        base = redirect_uri.removesuffix("/callback")
        answers = {
            name: get(base + path.format(state=state), host, method)
            for name, (path, host, method, _) in STRANGERS.items()
        }
        assert {name: code for name, (code, _, _) in answers.items()} == {n: s[3] for n, s in STRANGERS.items()}
        assert not [name for name, (code, page, _) in answers.items() if code != 400 and page]
        assert "another attempt" in answers["another state"][1]
        with socket.create_connection((urlsplit(base).hostname, urlsplit(base).port)):  # as browsers do beforehand
            assert authorizing.process.poll() is None
            assert get(destination(procore, authorizing.url))[0] == 200
            assert authorizing.end() == 0, authorizing.said


def test_a_refusal_of_the_user_is_told_in_both_places(redirect_uri: str) -> None:
    with serve(World(redirect_uris=(redirect_uri,))) as procore, waiting(procore) as authorizing:
        state = authorizing.url.partition("state=")[2].partition("&")[0]
        code, page, _ = get(f"{redirect_uri}?error=access_denied&state={state}")
        assert (code, "Procore gave no code" in page) == (200, True)
        assert authorizing.end() == 1
        assert "Procore refused (access_denied)" in authorizing.said


def test_a_code_on_standard_input_goes_before_the_browser(redirect_uri: str) -> None:
    with serve(World(redirect_uris=(redirect_uri,))) as procore:
        said = procore.variables["PROCORE_AUTHORIZATION_CODE"] + "\n"
        assert quickstart(procore, "authorize", said=said)[0] == 0


def test_a_port_that_is_taken_is_told_and_the_code_can_be_given(redirect_uri: str) -> None:
    with serve(World(redirect_uris=(redirect_uri,))) as procore, socket.socket() as taken:
        taken.bind(("127.0.0.1", urlsplit(redirect_uri).port or 0))
        taken.listen()
        said = procore.variables["PROCORE_AUTHORIZATION_CODE"] + "\n"
        code, output = quickstart(procore, "authorize", said=said)
        assert code == 0, output
        assert f"Nobody listens at {redirect_uri} (Address already in use)" in output


def test_a_browser_that_never_comes_ends_the_wait(redirect_uri: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quickstart.credentials.listener.PATIENCE", 0.2)
    began = time.monotonic()
    with listening(redirect_uri, lambda _: True) as caught:
        assert caught.wait() is None
    assert time.monotonic() - began < 3


@pytest.mark.posix
def test_ctrl_c_in_a_terminal_leads_to_pasting(redirect_uri: str) -> None:
    pty = pytest.importorskip("pty")
    with serve(World(redirect_uris=(redirect_uri,))) as procore:
        child, terminal = pty.fork()
        if child == 0:
            os.chdir(ROOT)
            line = [sys.executable, "-m", "quickstart", "authorize", "--no-browser"]
            os.execve(sys.executable, line, environment(procore, {}))  # noqa: S606 - ours
        shown = b""
        while b"for 5 minutes, or until Ctrl-C" not in shown:
            shown += os.read(terminal, 4096)
        time.sleep(0.3)
        os.write(terminal, b"\x03")
        while b"not shown" not in shown:
            shown += os.read(terminal, 4096)
        os.write(terminal, procore.variables["PROCORE_AUTHORIZATION_CODE"].encode() + b"\n")
        try:
            while more := os.read(terminal, 4096):
                shown += more
        except OSError:
            pass  # Linux ends a terminal's output so
        os.close(terminal)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0, shown


@pytest.mark.parametrize(
    ("uri", "can"),
    [
        ("http://localhost:3000/cb", True),
        ("http://127.0.0.1:3000", True),
        ("http://[::1]:3000/cb", True),
        ("http://localhost/cb", False),
        ("https://localhost:3000/cb", False),
        ("https://example.com:3000/cb", False),
        ("urn:ietf:wg:oauth:2.0:oob", False),
    ],
)
def test_only_a_port_of_this_machine_is_listened_at(uri: str, can: bool) -> None:
    assert can_catch(uri) is can


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere 127.0.0.2 is nobody's address")
def test_it_listens_at_its_own_address_alone() -> None:
    """Whoever listens everywhere holds the port of every other address, too."""
    port = free_port()
    with listening(f"http://127.0.0.1:{port}/cb", lambda _: True), socket.socket() as other:
        other.bind(("127.0.0.2", port))
        with pytest.raises(ListenError), listening(f"http://127.0.0.1:{port}/cb", lambda _: True):
            pass


ANSWERS = {
    "none": (body([]), "This token sees no company: guide step 4"),
    "an error": (status(500), "failed on its own side at companies (500): try again; if it stays"),
    "no list": (body({"id": 7}), "answered 200, and no list of them"),
    "many": (body([{"id": number, "name": "C"} for number in range(1, 41)]), "  and 20 more"),
    "controls": (body([{"id": 7, "name": "\x1b[31mred\n::error::x"}]), "PROCORE_COMPANY_ID=7   \\x1b[31mred\\n"),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_whatever_comes_for_companies_the_tokens_are_there(name: str, tmp_path: Path) -> None:
    bent, words = ANSWERS[name]
    with serve(World(modifiers=(on("companies", bent, ok=None),))) as procore:
        changes = {"PROCORE_COMPANY_ID": "", "HOME": str(tmp_path)}
        code, output = quickstart(
            procore, "authorize", procore.variables["PROCORE_AUTHORIZATION_CODE"], changes=changes
        )
        assert code == 0, output
        assert words in output
        assert "Authorized for sandbox" in output
        assert str(cache(procore).load().access_token) not in output
