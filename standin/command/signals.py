"""Signals that ask the command to end: told once, as an exception."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interrupted(Exception):
    """A signal asked us to end."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.number = number


@contextmanager
def listening() -> Iterator[None]:
    """SIGINT and SIGTERM raise Interrupted in the main thread, as long as the block lasts."""
    before = {number: signal.signal(number, _interrupt) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def held() -> Iterator[None]:
    """What comes in the block interrupts at its end: an exception in the midst of a start loses what was started."""
    came: list[int] = []
    before = {number: signal.signal(number, lambda number, _: came.append(number)) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if came:
        signal.raise_signal(came[0])


def _interrupt(number: int, _: FrameType | None) -> None:
    # Once is enough: a second one must not cut the cleaning up short.
    for each in _SIGNALS:
        signal.signal(each, signal.SIG_IGN)
    raise Interrupted(number)


def wait() -> None:
    """Do nothing until a signal comes."""
    while True:
        time.sleep(3600)  # not signal.pause: Windows has none
