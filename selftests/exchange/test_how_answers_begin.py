"""What comes before an answer, and what is none: interim answers are read past, and a broken beginning is named."""

from __future__ import annotations

from http.client import BadStatusLine
from pathlib import Path

import pytest
import requests
import vcr
from urllib3 import exceptions as urllib3

from quickstart.exchange.failures import classify
from quickstart.exchange.session import MOST_INTERIM
from selftests.exchange.test_bounds import HEAD, client, request, server

HINTS = b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\nContent-Length: 7\r\n\r\n"
ANSWER = HEAD + b"Content-Length: 2\r\n\r\n[]"
INTERIM = {
    "early hints": HINTS,
    "early hints, three times": HINTS * 3,
    "two of them": b"HTTP/1.1 100 Continue\r\n\r\n" + HINTS,
    "processing": b"HTTP/1.1 102 Processing\r\n\r\n",
    "one that nobody knows": b"HTTP/1.1 199 Later\r\nX-A: a\r\n\r\n",
}


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("name", INTERIM)
def test_interim_answers_are_read_past(name: str, method: str) -> None:
    with server(lambda: iter([INTERIM[name] + ANSWER])) as port:
        reply = client().send(request(port, method))
    assert (reply.failure, reply.status, reply.content) == (None, 200, b"[]")
    assert reply.headers is not None
    assert "Link" not in reply.headers, "of an interim answer"


def test_a_recording_holds_the_final_answer(tmp_path: Path) -> None:
    with server(lambda: iter([HINTS + ANSWER])) as port, vcr.use_cassette(str(tmp_path / "one.yaml")) as cassette:
        reply = client().send(request(port, "POST"))
    assert (reply.status, reply.content) == (200, b"[]")
    assert [answer["status"]["code"] for answer in cassette.responses] == [200]


@pytest.mark.parametrize("more", [0, 1])
def test_interim_answers_are_bounded(more: int) -> None:
    with server(lambda: iter([HINTS * (MOST_INTERIM + more) + ANSWER])) as port:
        reply = client().send(request(port))
    assert (reply.failure.kind if reply.failure else reply.status) == ("size" if more else 200)


def test_another_protocol_is_no_interim_answer() -> None:
    upgrade = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\n"
    with server(lambda: iter([upgrade + ANSWER])) as port:
        assert client().send(request(port)).status == 101


@pytest.mark.parametrize("first", [b"HTTP/2.0 200 OK", b"HTTP/1.1 20 OK", b"HTTP/1.1 2000 OK", b"ICY 200 OK", b""])
def test_what_is_no_answer_is_called_so(first: bytes) -> None:
    with server(lambda: iter([ANSWER.replace(b"HTTP/1.1 200 OK", first, 1)])) as port:
        failure = client().send(request(port)).failure
    assert failure
    assert failure.detail == "what came is no answer of HTTP/1.1"


@pytest.mark.parametrize("line", [b"no colon", b"X-A : a", b"X-\xe9: a"])
def test_no_header_is_lost_without_a_word(line: bytes) -> None:
    """The parser of http.client takes such a line for the end of the headers."""
    with server(lambda: iter([HEAD + line + b"\r\nContent-Length: 2\r\n\r\n[]"])) as port:
        failure = client().send(request(port)).failure
    assert failure
    assert (failure.kind, failure.detail) == ("incomplete", "there is a line among the headers that is none")


@pytest.mark.parametrize("marker", ["CERTIFICATE_VERIFY_FAILED", "ProxyError", "gaierror", "Read timed out"])
@pytest.mark.parametrize(
    ("wrap", "kind"),
    [
        (BadStatusLine, "reset"),
        (lambda said: urllib3.ProtocolError(f"InvalidChunkLength(got length b'{said}')"), "incomplete"),
        (lambda said: urllib3.DecodeError(f"Received response with content-encoding: gzip, {said}"), "encoding"),
        (lambda said: urllib3.ProxyError("x", OSError(f"Tunnel connection failed: 502 {said}")), "proxy"),
    ],
    ids=["a status line", "a chunk", "an encoding", "a proxy"],
)
def test_who_answers_does_not_choose_the_cause(wrap: type[Exception], kind: str, marker: str) -> None:
    assert classify(requests.ConnectionError(wrap(marker)), 1, "https://sandbox.procore.com/").kind == kind
