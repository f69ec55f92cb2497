"""What is answered to bytes that are no request that we understand: a status and a sentence, never silence."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Callable, Iterator

from standin.http.messages import Answer
from standin.http.parsing import Malformed
from standin.http.wire import send

_PATIENCE = 1.0
"""Seconds in all, and"""
_SILENCE = 0.2
"""seconds of silence, that a client gets to stop sending and to read the answer."""
_READ = 1 << 16


def answer_to(problem: Malformed) -> Answer:
    """Say what is wrong with a request that could not be read, in one line of text."""
    kind = ("Content-Type", "text/plain; charset=utf-8")
    return Answer(problem.status, (kind,), f"{problem}\n".encode()).noting(str(problem))


@contextlib.contextmanager
def answered(connection: socket.socket, tell: Callable[[Answer], None]) -> Iterator[None]:
    """Answer a request that turns out malformed in this block, and ``tell`` of it; the connection is over then.

    Whoever closes while bytes are still on their way makes the system reset the connection, and the client
    never sees the answer (RFC 9112 9.6): what it still sends is read and thrown away for a moment.
    """
    try:
        yield
    except Malformed as problem:
        answer = answer_to(problem)
        tell(answer)
        send(connection, answer, "GET", keep_alive=False)
        _drain(connection)


def _drain(connection: socket.socket) -> None:
    until = time.monotonic() + _PATIENCE
    connection.settimeout(_SILENCE)
    with contextlib.suppress(OSError):  # silence, or the client is gone
        while time.monotonic() < until and connection.recv(_READ):
            pass
