"""Which requests share a connection in a live run, what does not go along with it, and what happens when it is dead."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from quickstart.exchange.client import Client
from quickstart.exchange.messages import Reply, Request


class Host(ThreadingHTTPServer):
    """Answers 200 and sets a cookie. ``patience`` is how many requests a connection gets an answer to."""

    daemon_threads = True
    patience = 100

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.connections = 0
        self.seen: list[tuple[str, str | None]] = []  # method and Cookie header

    def url(self, path: str = "/") -> str:
        return f"http://127.0.0.1:{self.server_address[1]}{path}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Host

    def setup(self) -> None:
        super().setup()
        self.server.connections += 1
        self.left = self.server.patience

    def do_GET(self) -> None:
        self.server.seen.append((self.command, self.headers["Cookie"]))
        self.rfile.read(int(self.headers["Content-Length"] or 0))
        if self.left == 0:
            self.close_connection = True
            return
        self.left -= 1
        if self.path == "/early":
            self.wfile.write(
                b"HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n"
            )
        self.send_response(200)
        self.send_header("Set-Cookie", "session=of-an-earlier-answer; Path=/")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"[]")

    do_POST = do_GET

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def host() -> Iterator[Host]:
    with Host() as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.shutdown()


@contextmanager
def client(*, limit: int = 10, keep_alive: bool = True) -> Iterator[Client]:
    made = Client(hosts=frozenset({"127.0.0.1"}), limit=limit, timeout=5, say=lambda _: None, keep_alive=keep_alive)
    yield made
    made.close()


def asked(by: Client, host: Host, method: str = "GET", *names: str) -> Reply:
    return by.send(Request(method, host.url(), {}, dict.fromkeys(names, "b"), {}, None))


def test_what_may_be_sent_twice_shares_a_connection(host: Host) -> None:
    with client() as ours:
        replies = [asked(ours, host), asked(ours, host, "POST", "client_id"), asked(ours, host)]
    assert ([reply.status for reply in replies], host.connections) == ([200, 200, 200], 1)


def test_what_comes_before_the_final_answer_is_passed_over(host: Host) -> None:
    with client() as by:
        for _ in range(2):
            reply = by.send(Request("GET", host.url("/early"), {}, {}, {}, None))
            assert (reply.status, reply.content) == (200, b"[]")
            assert reply.headers is not None
            assert "Link" not in reply.headers
    assert host.connections == 1


@pytest.mark.parametrize("names", [("code",), ("refresh_token", "client_id"), ()])
def test_what_is_used_up_has_a_connection_of_its_own(host: Host, names: tuple[str, ...]) -> None:
    with client() as ours:
        sent = (("GET",), ("POST", *names), ("POST", *names), ("GET",))
        replies = [asked(ours, host, *one) for one in sent]
    assert ([reply.status for reply in replies], host.connections) == ([200] * 4, 3)


def test_without_keep_alive_nothing_is_shared(host: Host) -> None:
    with client(keep_alive=False) as ours:
        asked(ours, host)
        asked(ours, host)
    assert host.connections == 2


def test_no_cookie_of_an_answer_goes_along(host: Host) -> None:
    with client() as ours:
        asked(ours, host)
        asked(ours, host)
    assert host.seen == [("GET", None), ("GET", None)]


@pytest.mark.parametrize("then", [("GET",), ("POST", "client_id")])
def test_a_connection_that_died_of_age_is_no_failure_of_the_host(host: Host, then: tuple[str, ...]) -> None:
    host.patience = 1
    with client() as ours:
        replies = [asked(ours, host), asked(ours, host, *then)]
    assert ([reply.status for reply in replies], host.connections) == ([200, 200], 2)


def test_a_host_that_closes_without_notice_costs_one_request_more_and_not_each_of_them(host: Host) -> None:
    host.patience = 1
    with client(limit=6) as ours:
        replies = [asked(ours, host) for _ in range(5)]
    assert ([reply.status for reply in replies], len(host.seen)) == ([200] * 5, 6)


def test_what_was_sent_again_counts_as_a_request(host: Host) -> None:
    host.patience = 1
    with client(limit=2) as ours:
        asked(ours, host)
        reply = asked(ours, host)
    assert reply.failure is not None, "the third request would be one more than the limit"
    assert len(host.seen) == 2


def test_a_host_that_does_not_answer_a_fresh_connection_is_asked_once(host: Host) -> None:
    host.patience = 0
    with client() as ours:
        reply = asked(ours, host)
    assert reply.failure is not None
    assert reply.failure.kind == "reset"
    assert len(host.seen) == 1


@pytest.mark.parametrize("name", ["code", "refresh_token"])
def test_what_is_used_up_is_never_sent_twice(host: Host, name: str) -> None:
    with client() as ours:
        asked(ours, host)
        host.patience = 0
        reply = asked(ours, host, "POST", name)
    assert reply.failure is not None
    assert host.seen == [("GET", None), ("POST", None)]
