"""Catches the code where the app's redirect URI is on this machine: one answer, on loopback alone, for some minutes."""

import errno
import html
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Empty, SimpleQueue
from socket import AF_INET, AF_INET6
from threading import Thread
from urllib.parse import SplitResult, parse_qs, urlsplit

from quickstart.exchange.targets import LOOPBACK

PATIENCE = 300.0  # seconds; a code is valid for ten minutes, and to log in takes one or two
_STALLED = 10.0  # seconds that a browser may hold a connection without asking for anything
_ADDRESSES = {"127.0.0.1": ["127.0.0.1"], "::1": ["::1"], "localhost": ["127.0.0.1", "::1"]}
_NO_SUCH_ADDRESS = {errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT, errno.EPROTONOSUPPORT}
_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>
<body style="font: 1.1rem/1.5 sans-serif; max-width: 36rem; margin: 4rem auto; padding: 0 1rem">
<h1>{title}</h1><p>{text}</p></body></html>
"""
_HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "Referrer-Policy": "no-referrer",
    "Connection": "close",
}
ARRIVED = "The code has arrived", "Close this page. What came of the code stands in the terminal."
REFUSED = "Procore gave no code", "Close this page. What to do stands in the terminal."
STRANGE = "This is of another attempt", "Open the last URL that the terminal shows. It still waits for that one."


class ListenError(Exception):
    """Nobody can be listened to; the message says why, in a few words."""


class Caught:
    """What came, once it comes."""

    def __init__(self) -> None:
        self._urls: SimpleQueue[str] = SimpleQueue()

    def put(self, url: str) -> None:
        """Take the URL that the browser was sent to."""
        self._urls.put(url)

    def wait(self) -> str | None:
        """Return that URL, or ``None`` when nothing came in time."""
        try:
            return self._urls.get(timeout=PATIENCE)
        except Empty:
            return None


def can_catch(redirect_uri: str) -> bool:
    """Whether the browser is sent to a port of this machine, which is ours to open."""
    parts = urlsplit(redirect_uri)
    return parts.scheme == "http" and parts.hostname in LOOPBACK and parts.port is not None


@contextmanager
def listening(redirect_uri: str, is_ours: Callable[[str], bool]) -> Iterator[Caught]:
    """Answer the redirect URI, and nothing else, until the block ends; ``is_ours`` knows the state that was sent.

    Raises:
        ListenError: the port is taken, or may not be opened.
    """
    parts = urlsplit(redirect_uri)
    caught = Caught()
    servers: list[ThreadingHTTPServer] = []
    problem = ""
    for address in _ADDRESSES[parts.hostname or ""]:
        try:
            servers.append(_server(address, parts, caught, is_ours))
        except OSError as error:
            if error.errno not in _NO_SUCH_ADDRESS:  # of localhost, a machine may have one address alone
                problem = error.strerror or str(error)
    for server in servers:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        if problem or not servers:
            raise ListenError(problem or "this machine has no such address")
        yield caught
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()


def _server(address: str, parts: SplitResult, caught: Caught, is_ours: Callable[[str], bool]) -> ThreadingHTTPServer:
    """Return a server of one address, which does not serve yet."""

    class _Handler(BaseHTTPRequestHandler):
        timeout = _STALLED
        server_version, sys_version = "quickstart", ""

        def do_GET(self) -> None:
            """Take the answer of the login host; the address of anything else is not ours."""
            asked = urlsplit(self.path)
            if asked.path != (parts.path or "/") or self.headers.get("Host", "").lower() != parts.netloc.lower():
                self.send_error(404)
                return
            query = parse_qs(asked.query)
            if not is_ours(query.get("state", [""])[0]):
                self._page(400, *STRANGE)
                return
            self._page(200, *(REFUSED if "error" in query else ARRIVED))
            caught.put(parts._replace(query=asked.query).geturl())

        def _page(self, status: int, title: str, text: str) -> None:
            content = _PAGE.format(title=html.escape(title), text=html.escape(text)).encode()
            self.send_response(status)
            for name, value in {**_HEADERS, "Content-Length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def send_error(self, code: int, *_: object) -> None:
            """Say no, and nothing of what was asked."""
            self.close_connection = True
            self.send_response(code)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Write nothing: the address holds the code."""

    class _Server(ThreadingHTTPServer):
        address_family = AF_INET6 if ":" in address else AF_INET
        allow_reuse_address = False
        daemon_threads = True
        block_on_close = False

        def handle_error(self, *_: object) -> None:
            """A browser that went away is nobody's trouble."""

    return _Server((address, parts.port or 0), _Handler)
