"""The server: what is spoken on its two ports.

The plain port is three things at once, told apart by the request line: a CONNECT proxy that knows Procore's hosts only
and ends their TLS itself, Procore's port 80 for those who come through that proxy, and, for clients that know no proxy,
both hosts by path. The TLS port is the last of these, encrypted.

After ``CONNECT host:443`` the same connection goes on as TLS and then as HTTP, so one thread and one socket serve a
client, and nothing is copied between two sockets. The client sees what it would see behind any proxy.
"""

from __future__ import annotations

import contextlib
import re
import socket
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import count
from typing import BinaryIO, cast

from standin.http.malformed import answered
from standin.http.messages import Answer, Request
from standin.http.parsing import Head, read_body, read_head, request_from
from standin.http.wire import is_reset, send
from standin.model.hosts import HOSTS, SANDBOX, Site
from standin.model.world import World
from standin.server.certificates import Authorities, Certificate, authorities, chooser
from standin.server.listener import Listener
from standin.server.procore import answer_for, host_for

_CLOSING = 0.5
"""Seconds that a client gets for its part of the closing handshake."""
_REMEMBERED = 1000
_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+)(:\d{1,5})?")
CONTROL = "/.standin/"
Control = Callable[[Request, str], Answer | None]
"""Gets a request and the address that it came from; None leaves the answer to Procore."""


def acknowledge(connection: socket.socket) -> None:
    """Acknowledge what comes next at once.

    urllib3 leaves Nagle's algorithm on towards a proxy: each second small packet then waits for our acknowledgement,
    which Linux would hold back for 40 ms. The option wears off, hence before each read.
    """
    if hasattr(socket, "TCP_QUICKACK"):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)


@dataclass(frozen=True)
class Place:
    """Where a request arrived: ``host`` is Procore's, or empty for this machine's own address."""

    scheme: str
    host: str
    port: int = 0


class Server:
    """Serves a world on loopback ports. ``certificates`` says which hosts show a bad certificate.

    ``http`` and ``https`` are ports, 0 is any free one; without ``https`` TLS is there behind the proxy alone.
    """

    def __init__(
        self,
        world: World,
        certificates: dict[str, Certificate] | None = None,
        *,
        site: Site = SANDBOX,
        issuers: Authorities | None = None,
        host: str = "127.0.0.1",
        http: int = 0,
        https: int | None = None,
    ) -> None:
        """Bind the ports. Raises OSError."""
        self.world = world
        self.site = site
        self.refused: deque[str] = deque(maxlen=_REMEMBERED)
        """Where clients wanted to go that is not Procore."""
        self.control: Control | None = None
        """Answers what is asked of the stand-in itself, on this machine's own address alone."""
        self.complain: Callable[[Answer], None] | None = None
        """Gets what was answered to bytes that are no request."""
        self.issuers = issuers or authorities()
        self._tls = chooser(certificates or {}, self.issuers)
        self._numbers = count(1)  # of connections
        self.plain = Listener(host, http, self._first_request)
        try:
            self.encrypted = None if https is None else Listener(host, https, self._local_tls)
        except OSError:
            self.plain.stop()
            raise
        self.listeners = [self.plain]
        if self.encrypted:
            twins = (_twin(self.plain, self._first_request), _twin(self.encrypted, self._local_tls))
            self.listeners += [self.encrypted, *filter(None, twins)]

    @property
    def url(self) -> str:
        """The URL of the plain port: proxy, and base of both hosts."""
        return f"http://{_reachable(self.plain)}"

    @property
    def secure_url(self) -> str:
        """The base URL of the TLS port; empty when there is none."""
        return f"https://localhost:{self.encrypted.address[1]}" if self.encrypted else ""

    def start(self) -> None:
        """Begin to accept connections."""
        for listener in self.listeners:
            listener.start()

    def stop(self) -> None:
        """Close the ports and every connection; wakes answers that hang."""
        for listener in self.listeners:
            listener.stop()

    def _first_request(self, connection: socket.socket) -> None:
        # A buffer here is safe: after CONNECT the client waits for the 200 before it sends anything.
        head = None
        with answered(connection, self._tell), connection.makefile("rb") as stream:
            head = read_head(stream)
            if head and head.method != "CONNECT":
                self._plain(connection, stream, head)
        if head is None or head.method != "CONNECT":
            return
        host, _, port = head.target.rpartition(":")
        if host not in HOSTS or port != "443":
            self._refuse(connection, head.target)
            return
        connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        self._encrypted(connection, Place("https", host), self.plain)

    def _tell(self, answer: Answer) -> None:
        if self.complain is not None:
            self.complain(answer)

    def _refuse(self, connection: socket.socket, target: str) -> None:
        self.refused.append(target)
        reason = b"The stand-in knows Procore's hosts only.\n"
        answer = Answer(403, (("Content-Type", "text/plain; charset=utf-8"), ("Proxy-Agent", "standin")), reason)
        send(connection, answer, "CONNECT", keep_alive=False)

    def _plain(self, connection: socket.socket, stream: BinaryIO, head: Head) -> None:
        """A plain request: for Procore's port 80 through the proxy, or for this machine."""
        local = Place("http", "", self.plain.address[1])
        if not head.target.startswith("http://"):
            self._converse(connection, stream, local, head)
            return
        body = read_body(stream, head.headers)
        request = request_from(head, body, scheme="http", host="")
        if request.host in HOSTS:
            self._answer(connection, head, request, last=True)
        else:
            self._refuse(connection, head.target)

    def _local_tls(self, connection: socket.socket) -> None:
        assert self.encrypted is not None
        self._encrypted(connection, Place("https", "", self.encrypted.address[1]), self.encrypted)

    def _encrypted(self, connection: socket.socket, place: Place, listener: Listener) -> None:
        secure = self._tls.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        # wrap_socket took the descriptor over: from now on this one is to be closed on stop.
        with secure, listener.watching(secure):
            secure.do_handshake()
            acknowledge(secure)
            with secure.makefile("rb") as stream:
                self._converse(secure, cast(BinaryIO, stream), place)
            if not is_reset(secure):
                # Say goodbye in TLS, or the client takes the end of a body for an attack.
                secure.settimeout(_CLOSING)
                with contextlib.suppress(OSError):
                    secure.unwrap()

    def _converse(self, connection: socket.socket, stream: BinaryIO, place: Place, head: Head | None = None) -> None:
        """Answer one request after the other until the connection is over; ``head`` was read already."""
        number = next(self._numbers)
        with answered(connection, self._tell):
            head = head or read_head(stream)
            while head:
                acknowledge(connection)
                body = read_body(stream, head.headers)
                request = self._request(head, body, place, number)
                if not self._answer(connection, head, request):
                    break
                acknowledge(connection)
                head = read_head(stream)

    def _request(self, head: Head, body: bytes, place: Place, number: int) -> Request:
        """What was asked. On this machine's own address, the path says which of Procore's hosts is meant."""
        request = request_from(head, body, scheme="https", host=place.host, connection=number)
        if place.host:
            return request
        asked = head.headers.get("host", "")
        if not _HOST.fullmatch(asked):
            asked = f"localhost:{place.port}"
        host = request.host if request.host in HOSTS else host_for(self.site, request.path)
        return replace(request, host=host, origin=f"{place.scheme}://{asked}")

    def _answer(self, connection: socket.socket, head: Head, request: Request, *, last: bool = False) -> bool:
        """Answer one request; False when the connection is over."""
        answer = self._controlled(connection, request) or answer_for(self.world, request)
        if answer.wire.delay and self.plain.stopping.wait(answer.wire.delay):
            return False
        return send(connection, answer, head.method, keep_alive=head.keep_alive and not last)

    def _controlled(self, connection: socket.socket, request: Request) -> Answer | None:
        if not request.origin or not request.path.startswith(CONTROL) or self.control is None:
            return None
        return self.control(request, str(connection.getpeername()[0]))


def _twin(listener: Listener, serve: Callable[[socket.socket], None]) -> Listener | None:
    """The same port of ``::1``, where some clients look for localhost first; None where it cannot be had."""
    host, port = listener.address
    if host == "127.0.0.1":
        with contextlib.suppress(OSError):
            return Listener("::1", port, serve)
    return None


def _reachable(listener: Listener) -> str:
    """Host and port for an URL; who listens everywhere is reached on loopback, too."""
    host, port = listener.address
    if host in {"0.0.0.0", "::"}:  # noqa: S104 - compared, not bound
        host = "127.0.0.1" if host == "0.0.0.0" else "::1"  # noqa: S104
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
