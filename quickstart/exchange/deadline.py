"""Ends a request that takes too long: time-outs of a socket bound the wait for a byte, never the whole answer.

A server that sends a byte a second, in headers, chunks or body, keeps every read within its time-out. So a timer shuts
down the connection that the request opened; the read that waits for it fails at once.
"""

import contextlib
import os
import socket
import sys
import threading
import weakref
from collections.abc import Iterator


class Deadline:
    """Knows the connections that this thread opens, and shuts them down when a request's time is over.

    Where the system cannot look at a socket by its number (Windows), time-outs of reads remain.
    """

    def __init__(self) -> None:
        self._thread = threading.get_ident()
        self._opened: dict[int, int] = {}  # number to inode, since numbers are used again
        self.passed = False
        _watching.add(self)

    def opened(self, connection: socket.socket) -> None:
        """Remember a connection that this thread has begun to open."""
        if threading.get_ident() == self._thread:
            with contextlib.suppress(OSError):
                self._opened[connection.fileno()] = os.fstat(connection.fileno()).st_ino

    @contextlib.contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Shut down what is open once ``seconds`` are over before the block ends; ``passed`` says that they were."""
        self.passed = False
        timer = threading.Timer(seconds, self._pass)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            timer.join()

    def _pass(self) -> None:
        self.passed = True
        for number, inode in self._opened.items():
            with contextlib.suppress(OSError):
                if os.fstat(number).st_ino == inode:
                    with socket.socket(fileno=os.dup(number)) as connection:
                        connection.shutdown(socket.SHUT_RDWR)
        self._opened.clear()


_watching: weakref.WeakSet[Deadline] = weakref.WeakSet()


def _hear(event: str, arguments: tuple[object, ...]) -> None:
    if event == "socket.connect" and isinstance(arguments[0], socket.socket):
        for one in tuple(_watching):
            one.opened(arguments[0])


sys.addaudithook(_hear)  # it cannot be removed, and does nothing while nobody watches
