"""The stand-in through its proxy and its TLS, with the client that the suite uses."""

from __future__ import annotations

import json
import os
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import requests

from standin.cases.bending import header, on, wire
from standin.http.messages import Wire
from standin.model.dialects import DIALECTS
from standin.model.hosts import HOSTS, MONTHLY_SANDBOX
from standin.model.world import Modifier, World
from standin.server.certificates import Certificate
from standin.server.running import Procore, serve

ME = "https://sandbox.procore.com/rest/v1.0/me"
LOGIN = "https://login-sandbox.procore.com"


@contextmanager
def client(procore: Procore) -> Iterator[requests.Session]:
    """A session that finds the stand-in as a child process would."""
    with requests.Session() as session:
        session.trust_env = False
        session.proxies = {"https": procore.variables["HTTPS_PROXY"], "http": procore.variables["HTTP_PROXY"]}
        session.verify = procore.variables["REQUESTS_CA_BUNDLE"]
        yield session


@pytest.fixture(scope="module")
def procore() -> Iterator[Procore]:
    with serve() as running:
        yield running


@pytest.fixture
def session(procore: Procore) -> Iterator[requests.Session]:
    with client(procore) as made:
        yield made


def _exchange(procore: Procore, session: requests.Session, **kind: object) -> requests.Response:
    variables = procore.variables
    form = {
        "grant_type": "client_credentials",
        "client_id": variables["PROCORE_CLIENT_ID"],
        "client_secret": variables["PROCORE_CLIENT_SECRET"],
    }
    encodings = {
        "form": {"data": form},
        "json": {"json": form},
        "multipart": {"files": {name: (None, value) for name, value in form.items()}},
        "query": {"params": form},
        "chunked": {
            "data": iter([b"grant_type=client_credentials&client_id=" + form["client_id"].encode(),
                          b"&client_secret=" + form["client_secret"].encode()]),
            "headers": {"Content-Type": "application/x-www-form-urlencoded"},
        },
    }  # fmt: skip
    return session.post(f"{LOGIN}/oauth/token/", **encodings[str(kind["encoding"])])  # type: ignore[arg-type]


@pytest.mark.parametrize("encoding", ["form", "json", "multipart", "query", "chunked"])
def test_a_token_request_may_be_encoded_in_every_way(
    procore: Procore, session: requests.Session, encoding: str
) -> None:
    answer = _exchange(procore, session, encoding=encoding)
    assert answer.status_code == 200
    assert answer.json()["token_type"] == "bearer"


def test_broken_json_is_400_and_empty(session: requests.Session) -> None:
    answer = session.post(f"{LOGIN}/oauth/token", data="{not", headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.content) == (400, b"")


@pytest.mark.parametrize("host", HOSTS)
def test_every_host_has_a_certificate_of_its_own(session: requests.Session, host: str) -> None:
    assert session.get(f"https://{host}/nothing").status_code == 404


def test_one_connection_serves_many_requests(session: requests.Session) -> None:
    for _ in range(3):
        assert session.get(ME).headers.get("Connection") is None
    assert session.head(ME).content == b""


def test_port_80_sends_to_https(session: requests.Session) -> None:
    answer = session.get("http://sandbox.procore.com/rest/v1.0/me?a=1", allow_redirects=False)
    assert (answer.status_code, answer.headers["Location"]) == (301, f"{ME}?a=1")


@pytest.mark.parametrize("url", ["https://example.com/", "https://sandbox.procore.com:8443/"])
def test_the_proxy_knows_no_other_host(procore: Procore, session: requests.Session, url: str) -> None:
    with pytest.raises(requests.exceptions.ProxyError):
        session.get(url)
    assert any(target in url or target == "example.com:443" for target in procore.refused)


def test_the_proxy_fetches_no_other_host_in_plain_text(session: requests.Session) -> None:
    assert session.get("http://example.com/").status_code == 403


def test_requests_are_recorded_as_they_came(procore: Procore, session: requests.Session) -> None:
    session.get(f"{ME}?page=2", headers={"Procore-Company-Id": "7"})
    last = procore.requests[-1]
    assert (last.method, last.host, last.path, last.query) == (
        "GET",
        "sandbox.procore.com",
        "/rest/v1.0/me",
        {"page": "2"},
    )
    assert last.header("Procore-Company-Id") == "7"


@pytest.mark.parametrize("kind", [kind for kind in Certificate if kind is not Certificate.RIGHT])
def test_a_bad_certificate_is_refused(kind: Certificate) -> None:
    with serve(certificate=kind) as procore, client(procore) as session:
        with pytest.raises(requests.exceptions.SSLError):
            session.get(ME)
        assert procore.requests == ()


@contextmanager
def _bent(*modifiers: Modifier) -> Iterator[requests.Session]:
    with serve(World(modifiers=modifiers)) as procore, client(procore) as session:
        yield session


def _login_page(way: Wire) -> Modifier:
    return on("login", wire(way))


@pytest.mark.parametrize("way", [Wire(chunked=True), Wire(gzip=True), Wire(chunked=True, gzip=True)])
def test_a_body_may_travel_in_other_wrappings(way: Wire) -> None:
    with _bent(_login_page(way)) as session:
        answer = session.get(f"{LOGIN}/login")
        assert "Log In" in answer.text
        assert ("Transfer-Encoding" in answer.headers, "Content-Encoding" in answer.headers) == (way.chunked, way.gzip)
        assert session.get(f"{LOGIN}/login").ok


@pytest.mark.parametrize("way", [Wire(truncate_at=10), Wire(truncate_at=10, chunked=True), Wire(truncate_at=0)])
def test_a_truncated_body_is_noticed(way: Wire) -> None:
    with _bent(_login_page(way)) as session, pytest.raises(requests.exceptions.ChunkedEncodingError):
        session.get(f"{LOGIN}/login")


def test_a_reset_is_noticed() -> None:
    noticed = (requests.exceptions.ConnectionError, requests.exceptions.ChunkedEncodingError)
    with _bent(_login_page(Wire(reset_at=10))) as session, pytest.raises(noticed):
        session.get(f"{LOGIN}/login")


def test_a_reset_is_no_orderly_end() -> None:
    with serve(World(modifiers=(_login_page(Wire(reset_at=10)),))) as procore:
        trusted = ssl.create_default_context(cafile=procore.variables["REQUESTS_CA_BUNDLE"])
        host, port = procore.server.url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as raw:
            raw.sendall(b"CONNECT login-sandbox.procore.com:443 HTTP/1.1\r\n\r\n")
            assert raw.recv(100).startswith(b"HTTP/1.1 200")
            # With ragged ends allowed, Python's ssl would show a reset as an orderly end.
            with trusted.wrap_socket(
                raw, server_hostname="login-sandbox.procore.com", suppress_ragged_eofs=False
            ) as secure:
                secure.sendall(b"GET /login HTTP/1.1\r\nHost: login-sandbox.procore.com\r\n\r\n")
                with pytest.raises((ConnectionResetError, ssl.SSLEOFError)):
                    secure.makefile("rb").read()


def test_an_answer_can_fail_to_come() -> None:
    with _bent(_login_page(Wire(drop=True))) as session, pytest.raises(requests.exceptions.ConnectionError):
        session.get(f"{LOGIN}/login")


def test_a_connection_may_end_without_notice() -> None:
    with _bent(_login_page(Wire(close=True))) as session:
        first = session.get(f"{LOGIN}/login")
        assert (first.ok, first.headers.get("Connection")) == (True, None)
        time.sleep(0.1)  # until the end has arrived: a client that sends into a closing connection may fail
        assert session.get(f"{LOGIN}/login").ok


@pytest.mark.parametrize("length", ["5", "50000"])
def test_a_false_content_length_is_sent_as_it_is(length: str) -> None:
    with _bent(on("login", header("Content-Length", length))) as session:
        if length == "5":
            assert len(session.get(f"{LOGIN}/login").content) == 5
        else:
            with pytest.raises(requests.exceptions.ChunkedEncodingError):
                session.get(f"{LOGIN}/login")


def test_an_answer_may_be_late() -> None:
    with _bent(_login_page(Wire(delay=0.2))) as session:
        started = time.monotonic()
        assert session.get(f"{LOGIN}/login").ok
        assert time.monotonic() - started >= 0.2


def test_a_hang_ends_with_the_standin() -> None:
    started = time.monotonic()
    with _bent(_login_page(Wire(delay=30))) as session, pytest.raises(requests.exceptions.ReadTimeout):
        session.get(f"{LOGIN}/login", timeout=0.1)
    assert time.monotonic() - started < 5


def test_many_clients_at_once() -> None:
    with serve() as procore:
        codes = []

        def ask() -> None:
            with client(procore) as session:
                codes.append(_exchange(procore, session, encoding="form").json()["access_token"])

        threads = [threading.Thread(target=ask) for _ in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(set(codes)) == 16


def test_noise_does_not_disturb_the_server(procore: Procore, session: requests.Session) -> None:
    address = procore.server.url.removeprefix("http://").split(":")
    for noise in (b"", b"\x16\x03\x01", b"GET\r\n\r\n", b"CONNECT sandbox.procore.com:443 HTTP/1.1\r\n\r\nnoise"):
        with socket.create_connection((address[0], int(address[1]))) as raw:
            raw.sendall(noise)
    assert session.get(ME).status_code == 401


def test_the_environment_is_complete_and_nothing_of_ours_leaks_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROCORE_REFRESH_TOKEN", "from outside")
    monkeypatch.setenv("PROCORE_LOGIN_URL", "https://login.procore.com")
    monkeypatch.setenv("PROCORE_TIMEOUT", "7")
    monkeypatch.setenv("NO_PROXY", "*")
    with serve() as procore:
        environment = procore.environment
        assert not {"PROCORE_REFRESH_TOKEN", "PROCORE_LOGIN_URL"} & set(environment)
        assert environment["PROCORE_TIMEOUT"] == "7", "it leads to no host"
        assert environment["NO_PROXY"] == environment["no_proxy"] == "localhost,127.0.0.1,::1"
        assert environment["PATH"] == os.environ["PATH"]
        assert environment["PROCORE_EVIDENCE"] == "the local stand-in"
        assert environment["PROCORE_COMPANY_ID"] != environment["PROCORE_FOREIGN_COMPANY_ID"]
        assert os.path.isdir(environment["PROCORE_TOKEN_CACHE"])  # noqa: PTH112
    assert not os.path.exists(environment["PROCORE_TOKEN_CACHE"])  # noqa: PTH110


def test_the_credentials_can_be_another_environments() -> None:
    with serve(site=MONTHLY_SANDBOX) as procore, client(procore) as session:
        form = {
            "grant_type": "authorization_code",
            "code": procore.variables["PROCORE_AUTHORIZATION_CODE"],
            "client_id": procore.variables["PROCORE_CLIENT_ID"],
            "client_secret": procore.variables["PROCORE_CLIENT_SECRET"],
            "redirect_uri": procore.variables["PROCORE_REDIRECT_URI"],
        }
        assert session.post(f"https://{MONTHLY_SANDBOX.login_host}/oauth/token", data=form).ok
        assert session.post(f"{LOGIN}/oauth/token", data=form).json()["error"] == "invalid_client"


def test_bodies_are_compact_utf_8_json() -> None:
    with serve(World(dialect=DIALECTS["5.5.0"])) as procore, client(procore) as session:
        answer = _exchange(procore, session, encoding="form")
        assert answer.content == json.dumps(answer.json(), separators=(",", ":"), ensure_ascii=False).encode()
