"""The server: a CONNECT proxy that knows Procore's hosts only, and ends their TLS itself.

After ``CONNECT host:443`` the same connection goes on as TLS and then as HTTP, so one thread and one socket serve a
client, and nothing is copied between two sockets. The client sees what it would see behind any proxy.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from itertools import count
from typing import BinaryIO, cast

from standin.http.malformed import answered
from standin.http.messages import Answer
from standin.http.parsing import Head, read_body, read_head, request_from
from standin.http.wire import is_reset, send
from standin.model.hosts import HOSTS
from standin.model.world import World
from standin.server.certificates import Certificate, chooser
from standin.server.procore import answer_for

_CLOSING = 0.5
"""Seconds that a client gets for its part of the closing handshake."""


def acknowledge(connection: socket.socket) -> None:
    """Acknowledge what comes next at once.

    urllib3 leaves Nagle's algorithm on towards a proxy: each second small packet then waits for our acknowledgement,
    which Linux would hold back for 40 ms. The option wears off, hence before each read.
    """
    if hasattr(socket, "TCP_QUICKACK"):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)


class Server:
    """Serves a world on a free loopback port. ``certificates`` says which hosts show a bad certificate."""

    def __init__(self, world: World, certificates: dict[str, Certificate] | None = None) -> None:
        self.world = world
        self.refused: list[str] = []
        """Where clients wanted to go that is not Procore."""
        self._tls = chooser(certificates or {})
        self._stopping = threading.Event()
        self._open: set[socket.socket] = set()
        self._numbers = count(1)  # of connections
        self._guard = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self._acceptor = threading.Thread(target=self._accept, name="standin", daemon=True)

    @property
    def url(self) -> str:
        """The proxy's URL."""
        host, port = self._listener.getsockname()[:2]
        return f"http://{host}:{port}"

    def start(self) -> None:
        """Begin to accept connections."""
        self._acceptor.start()

    def stop(self) -> None:
        """Close the port and every connection; wakes answers that hang."""
        self._stopping.set()
        # close() alone would leave accept() asleep.
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._guard:
            for connection in self._open:
                # Not SSLSocket.shutdown: that would pull the TLS state from under the thread that serves it.
                with contextlib.suppress(OSError):
                    socket.socket.shutdown(connection, socket.SHUT_RDWR)
        self._acceptor.join()

    def _accept(self) -> None:
        while not self._stopping.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with self._guard:
            self._open.add(connection)
        try:
            with connection, answered(connection):
                self._first_request(connection)
        except OSError:
            # The client went away, or refused our certificate: its business, not ours.
            return
        finally:
            with self._guard:
                self._open.discard(connection)

    def _first_request(self, connection: socket.socket) -> None:
        # A buffer here is safe: after CONNECT the client waits for the 200 before it sends anything.
        with connection.makefile("rb") as stream:
            head = read_head(stream)
            if head is None:
                return
            if head.method != "CONNECT":
                self._plain(connection, stream, head)
                return
        host, _, port = head.target.rpartition(":")
        if host not in HOSTS or port != "443":
            self._refuse(connection, head.target)
            return
        connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        self._encrypted(connection, host)

    def _refuse(self, connection: socket.socket, target: str) -> None:
        self.refused.append(target)
        reason = b"The stand-in knows Procore's hosts only.\n"
        answer = Answer(403, (("Content-Type", "text/plain; charset=utf-8"), ("Proxy-Agent", "standin")), reason)
        send(connection, answer, "CONNECT", keep_alive=False)

    def _plain(self, connection: socket.socket, stream: BinaryIO, head: Head) -> None:
        """A plain request through the proxy: Procore's port 80."""
        body = read_body(stream, head.headers)
        request = request_from(head, body, scheme="http", host="")
        if not head.target.startswith("http://") or request.host not in HOSTS:
            self._refuse(connection, head.target)
            return
        self._answer(connection, head, body, "http", request.host, last=True)

    def _encrypted(self, connection: socket.socket, host: str) -> None:
        with self._tls.wrap_socket(connection, server_side=True, do_handshake_on_connect=False) as secure:
            # wrap_socket took the descriptor over: from now on this one is to be closed on stop.
            with self._guard:
                self._open.add(secure)
            try:
                secure.do_handshake()
                acknowledge(secure)
                with answered(secure):
                    self._converse(secure, host)
            finally:
                with self._guard:
                    self._open.discard(secure)

    def _converse(self, secure: ssl.SSLSocket, host: str) -> None:
        number = next(self._numbers)
        with secure.makefile("rb") as stream:
            reader = cast(BinaryIO, stream)
            while head := read_head(reader):
                acknowledge(secure)
                if not self._answer(secure, head, read_body(reader, head.headers), "https", host, number=number):
                    break
                acknowledge(secure)
        if not is_reset(secure):
            # Say goodbye in TLS, or the client takes the end of a body for an attack.
            secure.settimeout(_CLOSING)
            with contextlib.suppress(OSError):
                secure.unwrap()

    def _answer(
        self,
        connection: socket.socket,
        head: Head,
        body: bytes,
        scheme: str,
        host: str,
        *,
        last: bool = False,
        number: int = 0,
    ) -> bool:
        """Answer one request; False when the connection is over."""
        request = request_from(head, body, scheme=scheme, host=host, connection=number)
        answer = answer_for(self.world, request)
        if answer.wire.delay and self._stopping.wait(answer.wire.delay):
            return False
        return send(connection, answer, head.method, keep_alive=head.keep_alive and not last)
