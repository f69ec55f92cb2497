"""Ends a request that takes too long: time-outs of a socket bound the wait for a byte, never the whole answer.

A server that sends a byte a second, in headers, chunks or body, keeps every read within its time-out. So a watcher
shuts down the connection that the request opened; the read that waits for it fails at once.
"""

import contextlib
import os
import socket
import sys
import threading
import time
import weakref
from collections.abc import Iterator


class Deadline:
    """Knows the connections that this thread opens, and shuts them down when a request's time is over.

    Where the system cannot look at a socket by its number (Windows), time-outs of reads remain.
    """

    def __init__(self) -> None:
        self._thread = threading.get_ident()
        self._opened: dict[int, int] = {}  # number to inode, since numbers are used again
        self._until: float | None = None  # when the time of the request that is under way is over
        self._wakes: float | None = None  # when the watcher looks next; None: there is no watcher
        self._watcher: threading.Thread | None = None
        self._changed = threading.Condition()
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
        with self._changed:
            self._until = time.monotonic() + seconds
            if self._wakes is None:
                self._wakes = self._until
                self._watcher = threading.Thread(target=self._watch, daemon=True)
                self._watcher.start()
            elif self._until < self._wakes:
                self._changed.notify()
        try:
            yield
        finally:
            with self._changed:
                self._until = None

    def _watch(self) -> None:
        """Be the watcher: one thread for all requests that follow one another, which ends where none is under way."""
        with self._changed:
            while self._until is not None:
                self._wakes = self._until
                left = self._until - time.monotonic()
                if left > 0:
                    self._changed.wait(left)
                else:
                    self._until = None
                    self._pass()
            self._wakes = None

    def close(self) -> None:
        """End the watcher."""
        with self._changed:
            self._until = None
            self._changed.notify()
        if self._watcher is not None:
            self._watcher.join()

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
