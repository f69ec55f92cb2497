"""Why there was no answer, in a name and in words: each exception that requests and urllib3 raise, as they wrap it."""

from __future__ import annotations

import os
import socket
import ssl
import threading
from contextlib import suppress
from http.client import IncompleteRead, RemoteDisconnected
from pathlib import Path

import pytest
import requests
import trustme
from urllib3 import exceptions as urllib3

from quickstart.exchange.failures import classify

URL = "https://sandbox.procore.com/rest/v1.0/me"
PROXY = "http://user:secret@proxy.example:3128"
POOL = type("Pool", (), {"host": "h", "__str__": lambda _: "Pool(h)"})()


def wrapped(error: BaseException) -> BaseException:
    """The error as requests hands it on: in an argument, under ``reason``."""
    return requests.ConnectionError(urllib3.MaxRetryError(POOL, "/", error))  # type: ignore[arg-type]


def unverified(words: str) -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, "[SSL: CERTIFICATE_VERIFY_FAILED]")
    error.verify_message = words
    return error


NOT_VALID = "the certificate is not valid for this host"
REFUSED = "the host refuses connections"
UNENCODED = "the body is not encoded as Content-Encoding says"


@pytest.mark.parametrize(
    ("error", "kind", "words"),
    [
        (wrapped(unverified("certificate has expired.")), "certificate", "certificate has expired"),
        (wrapped(urllib3.SSLError(unverified("self-signed"))), "certificate", "self-signed"),
        (wrapped(unverified("")), "certificate", NOT_VALID),
        (wrapped(ssl.SSLCertVerificationError(1, "of the system's store")), "certificate", NOT_VALID),
        (ssl.SSLError("CERTIFICATE_VERIFY_FAILED"), "certificate", NOT_VALID),
        (requests.exceptions.SSLError("CertificateError('x')"), "certificate", NOT_VALID),
        (wrapped(urllib3.SSLError("bad handshake")), "tls", "the TLS handshake failed"),
        (wrapped(urllib3.NameResolutionError("h", POOL, OSError())), "dns", "the host name cannot be resolved"),  # type: ignore[arg-type]
        (OSError("socket.gaierror: -2"), "dns", "the host name cannot be resolved"),
        (requests.ConnectTimeout("slow"), "timeout", "no connection within 20 s"),
        (requests.ReadTimeout("slow"), "timeout", "no answer within 20 s"),
        (requests.ConnectionError("Read timed out."), "timeout", "no answer within 20 s"),
        (IncompleteRead(b"", 5), "incomplete", "the body ended before its announced length"),
        (ValueError("InvalidChunkLength"), "incomplete", "the body ended in the middle of a chunk"),
        (
            ValueError("read length must be non-negative or -1"),
            "incomplete",
            "the body has a chunk of a length that is none",
        ),
        (requests.exceptions.ContentDecodingError("the body is larger than 5 bytes"), "size", "the body is too large"),
        (requests.ConnectionError("LineTooLong: header line"), "size", "a header is longer than anybody writes"),
        (requests.ConnectionError("got more than 100 headers"), "size", "there are more headers than anybody writes"),
        (requests.exceptions.ContentDecodingError("gzip"), "encoding", UNENCODED),
        (
            requests.exceptions.ContentDecodingError("the body is encoded as nobody asked for"),
            "encoding",
            "the body is encoded in a way that was not asked for",
        ),
        (urllib3.DecodeError("gzip"), "encoding", UNENCODED),
        (wrapped(urllib3.NewConnectionError(POOL, "111")), "connect", REFUSED),
        (ConnectionRefusedError(111, "no"), "connect", REFUSED),
        (ConnectionResetError(104, "no"), "reset", "the connection was closed before the answer was complete"),
        (
            wrapped(urllib3.ProxyError("Unable to connect to proxy", RemoteDisconnected("x"))),
            "reset",
            "the connection was closed without an answer",
        ),
        (
            wrapped(urllib3.ProxyError("Unable to connect to proxy", ConnectionResetError(104, "x"))),
            "reset",
            "the connection was closed without an answer",
        ),
    ],
    ids=lambda one: repr(one)[:60] if isinstance(one, BaseException) else None,
)
def test_a_failure_has_the_name_of_its_first_cause(error: BaseException, kind: str, words: str) -> None:
    failure = classify(error, 20.0, URL)
    assert (failure.kind, failure.detail) == (kind, words)


def test_a_cause_is_found_wherever_it_is_kept() -> None:
    deep = ValueError("a")
    deep.__cause__ = RuntimeError("b")
    deep.__cause__.__context__ = unverified("not yet valid")
    assert classify(deep, 1, URL).detail == "not yet valid"
    circle = ValueError("a")
    circle.__context__ = circle
    assert classify(circle, 1, URL).kind == "reset"


def through_proxy(error: BaseException) -> BaseException:
    return wrapped(urllib3.ProxyError("Unable to connect to proxy", error))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            OSError("Tunnel connection failed: 407 Proxy Authentication Required"),
            "asks for a user name and a password (407)",
        ),
        (OSError("Tunnel connection failed: 403 Forbidden"), "refuses the way to sandbox.procore.com (403)"),
        (urllib3.NewConnectionError(POOL, "111"), "cannot be reached"),
        (ConnectionRefusedError(111, "no"), "cannot be reached"),
        (urllib3.NameResolutionError("h", POOL, OSError()), "cannot be reached"),  # type: ignore[arg-type]
        (OSError("gaierror"), "cannot be reached"),
        (urllib3.ConnectTimeoutError("ConnectTimeout"), "cannot be reached"),
        (OSError("what else"), "lets nothing through"),
    ],
    ids=lambda one: repr(one)[:60] if isinstance(one, BaseException) else None,
)
def test_a_proxy_is_named_without_its_password(
    error: BaseException, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    assert classify(through_proxy(error), 1, URL).detail == f"the proxy {words}"
    for written, port in ((PROXY, 3128), ("http://proxy.example", 80)):
        monkeypatch.setenv("https_proxy", written)
        failure = classify(through_proxy(error), 1, URL)
        assert (failure.kind, failure.detail) == ("proxy", f"the proxy proxy.example:{port} {words}")


@pytest.mark.parametrize("said", [b"no record of TLS\r\n" * 9, b"\x15\x03\x03\x00\x02\x02\x28"], ids=["text", "alert"])
def test_tls_that_breaks_after_the_handshake_may_have_brought_the_request_there(said: bytes, tmp_path: Path) -> None:
    """The refresh token in it may be spent: what is *tls* never left this machine."""
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))

    def serve(listening: socket.socket) -> None:
        with suppress(OSError), context.wrap_socket(listening.accept()[0], server_side=True) as secure:
            while b"a=b" not in secure.recv(65536):
                pass
            os.write(secure.fileno(), said)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=serve, args=(listening,), daemon=True).start()
        url = f"https://localhost:{listening.getsockname()[1]}/"
        session = requests.Session()
        session.trust_env = False
        with pytest.raises(requests.RequestException) as caught:
            session.post(url, {"a": "b"}, verify=str(tmp_path / "ca.pem"), timeout=5)
    for error in (caught.value, urllib3.ProxyError("Unable to connect to proxy", caught.value)):
        assert classify(error, 5, url).kind == "reset"
