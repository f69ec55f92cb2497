"""Bytes that are no request, and requests without measure: an answer each time, never a traceback or silence."""

# ruff: noqa: E501 - the tables have one case a line
from __future__ import annotations

import io
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from selftests.support.desk import desk
from standin.http.numbers import MOST, whole
from standin.http.parsing import MAX_BODY, Malformed, read_body, read_head, request_from
from standin.http.wire import render
from standin.model.behaviour import Behaviour
from standin.model.dialects import DIALECTS
from standin.model.world import World
from standin.server.procore import answer_for
from standin.server.running import Procore, serve

HOST = "sandbox.procore.com"
LONG = b"9" * 5000
STATUSES = {400, 413, 414, 431, 501, 505}


def status_of(data: bytes, world: World | None = None) -> int:
    """The status of the answer to the first request in these bytes; 0 where there is none."""
    stream = io.BytesIO(data)
    try:
        head = read_head(stream)
        if head is None:
            return 0
        request = request_from(head, read_body(stream, head.headers), scheme="https", host=HOST)
    except Malformed as problem:
        return problem.status
    answer = answer_for(world or desk().world, request)
    return int(render(answer, head.method).head.split()[1])


def get(path: bytes) -> bytes:
    return b"GET " + path + b" HTTP/1.1\r\n\r\n"


def post(*headers: bytes, body: bytes = b"") -> bytes:
    lines = [b"POST /oauth/token HTTP/1.1", *headers]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


MALFORMED = {
    "noise": (b"\x16\x03\x01\x02\r\n\r\n", 400),
    "two words": (b"GET /\r\n\r\n", 400),
    "four words": (b"GET / x HTTP/1.1\r\n\r\n", 400),
    "no HTTP": (b"GET / FTP/1.1\r\n\r\n", 400),
    "no such version": (b"GET / HTTP/2.0\r\n\r\n", 505),
    "no such method": (b"BREW /pot HTTP/1.1\r\n\r\n", 501),
    "small method": (b"get / HTTP/1.1\r\n\r\n", 501),
    "method of other signs": (b"G@T / HTTP/1.1\r\n\r\n", 400),
    "NUL in the target": (get(b"/\x00"), 400),
    "target no URL": (get(b"//[/"), 400),
    "long target": (get(b"/" + b"a" * 70_000), 414),
    "no colon": (b"GET / HTTP/1.1\r\nHost sandbox\r\n\r\n", 400),
    "space before the colon": (b"GET / HTTP/1.1\r\nHost : x\r\n\r\n", 400),
    "folded header": (b"GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n", 400),
    "NUL in a header": (b"GET / HTTP/1.1\r\nA: b\x00c\r\n\r\n", 400),
    "bare CR in a header": (b"GET / HTTP/1.1\r\nA: b\rc: d\r\n\r\n", 400),
    "long header": (b"GET / HTTP/1.1\r\nA: " + b"a" * 70_000 + b"\r\n\r\n", 431),
    "many headers": (b"GET / HTTP/1.1\r\n" + b"A: 1234567890\r\n" * 20_000 + b"\r\n", 431),
    "head breaks off": (b"GET / HTTP/1.1\r\nHost: x\r\n", 400),
    "line breaks off": (b"GET / HT", 400),
    "negative length": (post(b"Content-Length: -1"), 400),
    "length no number": (post(b"Content-Length: ten"), 400),
    "length in other digits": (post("Content-Length: ٣".encode()), 400),
    "empty length": (post(b"Content-Length:"), 400),
    "two lengths": (post(b"Content-Length: 1", b"Content-Length: 2", body=b"ab"), 400),
    "length of 5,000 digits": (post(b"Content-Length: " + LONG), 413),
    "body of 2 MB": (post(b"Content-Length: 2000000", body=b"a" * 2_000_000), 413),
    "body breaks off": (post(b"Content-Length: 9", body=b"a"), 400),
    "chunks and length": (post(b"Transfer-Encoding: chunked", b"Content-Length: 5", body=b"0\r\n\r\n"), 400),
    "other coding": (post(b"Transfer-Encoding: gzip, chunked"), 501),
    "chunk size no number": (post(b"Transfer-Encoding: chunked", body=b"x\r\n"), 400),
    "negative chunk": (post(b"Transfer-Encoding: chunked", body=b"-5\r\nabcde\r\n0\r\n\r\n"), 400),
    "chunk size in Python's words": (post(b"Transfer-Encoding: chunked", body=b"0x1\r\na\r\n0\r\n\r\n"), 400),
    "empty chunk size": (post(b"Transfer-Encoding: chunked", body=b"\r\n\r\n"), 400),
    "chunk too long": (post(b"Transfer-Encoding: chunked", body=b"1\r\nab\r\n0\r\n\r\n"), 400),
    "chunk breaks off": (post(b"Transfer-Encoding: chunked", body=b"5\r\nab"), 400),
    "chunks of 2 MB": (post(b"Transfer-Encoding: chunked", body=(b"10000\r\n" + b"a" * 65536 + b"\r\n") * 31), 413),
    "huge chunk": (post(b"Transfer-Encoding: chunked", body=b"FFFFFFFFFFFF\r\n"), 413),
    "many trailers": (post(b"Transfer-Encoding: chunked", body=b"0\r\n" + b"A: 1234567890\r\n" * 20_000), 431),
}  # fmt: skip


@pytest.mark.parametrize(("data", "status"), MALFORMED.values(), ids=MALFORMED.keys())
def test_malformed_bytes_have_the_status_that_fits(data: bytes, status: int) -> None:
    assert status_of(data) == status


JSON, FORM = b"Content-Type: application/json", b"Content-Type: application/x-www-form-urlencoded"
LEGAL = {
    "nothing": (b"", 0),
    "an empty line before": (b"\r\n\r\n" + get(b"/nothing"), 404),
    "chunks of one byte": (post(b"Transfer-Encoding: chunked", body=b"1\r\na\r\n" * 5_000 + b"0\r\nT: x\r\n\r\n"), 401),
    "a body of 1 MiB": (post(b"Content-Length: %d" % MAX_BODY, body=b"a" * MAX_BODY), 401),
    "a number of 5,000 digits in JSON": (post(JSON, b"Content-Length: 5006", body=b'{"a":' + LONG + b"}"), 400),
    "JSON nested beyond measure": (post(JSON, b"Content-Length: 200000", body=b"[" * 200_000), 400),
    "half a character in JSON": (post(JSON, b"Content-Length: 14", body=b'{"a":"\\ud800"}'), 401),
    "Basic of other letters": (post(b"Authorization: Basic \xfc\xfc", FORM, b"Content-Length: 29", body=b"grant_type=client_credentials"), 401),
    "a query of 10,000 parameters": (get(b"/rest/v1.0/me?" + b"&a=1" * 10_000), 401),
}  # fmt: skip


@pytest.mark.parametrize(("data", "status"), LEGAL.values(), ids=LEGAL.keys())
def test_requests_without_measure_are_answered(data: bytes, status: int) -> None:
    assert status_of(data) == status


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/rest/v1.1/projects?company_id={company}&per_page={long}", 200),
        ("/rest/v1.1/projects?company_id={company}&page={long}", 200),
        ("/rest/v1.1/projects?company_id={company}&per_page=-{long}", 200),
        ("/rest/v1.1/projects?company_id={company}&page=٣", 200),
        ("/rest/v1.1/projects?company_id={long}", 404),
        ("/rest/v1.0/companies?per_page={long}&page={long}", 200),
        ("/rest/v1.0/companies/{long}/projects", 404),
    ],
)
def test_numbers_of_5000_digits_are_answered(path: str, status: int) -> None:
    procore = desk()
    asked = path.format(company=procore.company, long=LONG.decode())
    assert procore.get(asked, procore.access()).status == status


def test_a_header_of_5000_digits_is_answered() -> None:
    procore = desk()
    assert procore.get("/rest/v1.0/me", procore.access(), LONG.decode()).ok
    own = procore.bend(service_account_needs_header=True).own_token().body["access_token"]
    assert procore.get("/rest/v1.0/me", own, LONG.decode()).status == 404


@pytest.mark.parametrize(
    ("text", "number"),
    [(None, None), ("", None), ("-1", None), ("1.0", None), ("٣", None), ("²", None), ("007", 7), ("0" * 6000, 0), ("9" * 6000, MOST), (str(MOST - 1), MOST - 1), (str(2**63), 2**63)],
)  # fmt: skip
def test_numbers_are_read_however_long(text: str | None, number: int | None) -> None:
    assert whole(text) == number


def near_requests() -> st.SearchStrategy[bytes]:
    """Bytes that are nearly a request: pieces of real ones, put together in any order."""
    pieces = [
        *(b"GET", b"POST", b"HEAD", b" ", b"/", b"?", b"&", b"=", b"%00", b"%FF", b"HTTP/1.1", b"HTTP/1.0", b"\r\n", b"\n"),
        *(b"/oauth/token", b"/oauth/authorize?", b"/oauth/introspect", b"/rest/v1.0/me", b"/rest/v1.1/projects?company_id="),
        *(b"/rest/v1.0/projects/", b"redirect_uri=", b"code_challenge=", b"filters[id]=", b"sort=-", b"per_page=", b"[", b"]", b"://"),
        *(b"Content-Length: ", b"Content-Type: ", b"multipart/form-data; boundary=x", b"application/json", b"Host: ", b"Transfer-Encoding: chunked"),
        *(b"application/x-www-form-urlencoded", b"Authorization: ", b"Basic ", b"Bearer ", b"5", b"--x", b"{", b"}", b'"', b"0", LONG),
        b"Content-Disposition: form-data; name=a; filename*=utf-8''%FF",
    ]  # fmt: skip
    return st.lists(st.sampled_from(pieces) | st.binary(max_size=12), max_size=40).map(b"".join)


WORLDS = [World(dialect=one, behaviour=Behaviour(logged_in=True)) for one in DIALECTS.values()]


@settings(max_examples=400, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.binary(max_size=200) | near_requests() | near_requests().map(lambda data: b"GET /" + data),
    st.sampled_from(WORLDS),
)
@example(
    b"POST / HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 9\r\n\r\n--x\r\n\r\n\r\n",
    WORLDS[0],
)
def test_any_bytes_have_an_answer(data: bytes, world: World) -> None:  # fmt: skip
    status = status_of(data, world)
    assert status == 0 or 200 <= status < 500 or status in STATUSES


@settings(max_examples=200, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.binary(max_size=300),
    st.sampled_from(
        [
            "multipart/form-data; boundary=x",
            "application/json",
            "application/x-www-form-urlencoded",
            "multipart/form-data",
            "a/b; charset=\xff",
        ]
    ),
)
def test_any_body_has_an_answer(body: bytes, kind: str) -> None:  # fmt: skip
    data = post(b"Content-Type: " + kind.encode("latin-1"), b"Content-Length: %d" % len(body), body=body)
    assert status_of(data, WORLDS[0]) in {400, 401}


@pytest.fixture(scope="module")
def procore() -> Iterator[Procore]:
    with serve() as running:
        yield running


@contextmanager
def proxy(procore: Procore) -> Iterator[socket.socket]:
    host, port = procore.server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as raw:
        yield raw


@contextmanager
def encrypted(procore: Procore) -> Iterator[socket.socket]:
    trusted = ssl.create_default_context(cafile=procore.variables["REQUESTS_CA_BUNDLE"])
    with proxy(procore) as raw:
        raw.sendall(f"CONNECT {HOST}:443 HTTP/1.1\r\n\r\n".encode())
        assert raw.recv(100).startswith(b"HTTP/1.1 200")
        with trusted.wrap_socket(raw, server_hostname=HOST) as secure:
            yield secure


@pytest.mark.parametrize("way", [proxy, encrypted])
@pytest.mark.parametrize("name", ["no such method", "long header", "negative length", "body of 2 MB", "noise"])
def test_the_answer_arrives_whole_and_the_connection_ends(procore: Procore, way: object, name: str) -> None:
    data, status = MALFORMED[name]
    with way(procore) as connection:  # type: ignore[operator]
        connection.sendall(data)
        answer = connection.makefile("rb").read()
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 %d " % status)
    assert b"Connection: close" in head
    assert b"Content-Length: %d" % len(body) in head
    assert body.endswith(b".\n")


@pytest.mark.parametrize("way", [proxy, encrypted])
def test_what_follows_a_right_request_is_answered_too(procore: Procore, way: object) -> None:
    with way(procore) as connection:  # type: ignore[operator]
        connection.sendall(b"GET /rest/v1.0/me HTTP/1.1\r\nHost: sandbox.procore.com\r\n\r\nBREW /pot HTTP/1.1\r\n\r\n")
        answers = connection.makefile("rb").read()
    assert answers.startswith(b"HTTP/1.1 401 ")
    assert b"HTTP/1.1 501 " in answers
