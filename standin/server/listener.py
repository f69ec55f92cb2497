"""A listening socket: a thread for each connection, and an end that waits for nobody."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Listener:
    """Accepts connections on an address, and hands each to ``serve`` in a thread of its own."""

    def __init__(self, host: str, port: int, serve: Callable[[socket.socket], None]) -> None:
        """Bind the address; port 0 is any free one. Raises OSError."""
        self._serve = serve
        self.stopping = threading.Event()
        self._open: set[socket.socket] = set()
        self._guard = threading.Lock()
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.create_server((host, port), family=family, backlog=128)
        self._acceptor = threading.Thread(target=self._accept, name="standin", daemon=True)

    @property
    def address(self) -> tuple[str, int]:
        """Host and port."""
        host, port = self._socket.getsockname()[:2]
        return host, port

    def start(self) -> None:
        """Begin to accept connections."""
        self._acceptor.start()

    def stop(self) -> None:
        """Close the port and every connection; wakes answers that hang."""
        self.stopping.set()
        # close() alone would leave accept() asleep.
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        with self._guard:
            for connection in self._open:
                # Not SSLSocket.shutdown: that would pull the TLS state from under the thread that serves it.
                with contextlib.suppress(OSError):
                    socket.socket.shutdown(connection, socket.SHUT_RDWR)
        if self._acceptor.is_alive():
            self._acceptor.join()

    @contextmanager
    def watching(self, connection: socket.socket) -> Iterator[None]:
        """Close this connection on stop, too, as long as the block lasts."""
        with self._guard:
            self._open.add(connection)
        try:
            yield
        finally:
            with self._guard:
                self._open.discard(connection)

    def _accept(self) -> None:
        while not self.stopping.is_set():
            try:
                connection, _ = self._socket.accept()
            except OSError:
                if self.stopping.is_set():
                    return
                continue  # the client was gone before we looked, or we have too many files open: others may come
            threading.Thread(target=self._handle, args=(connection,), daemon=True).start()

    def _handle(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection, self.watching(connection):
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._serve(connection)
