"""Signals that ask a run to end: each breaks it off as Ctrl-C does, once tokens that are on their way are kept."""

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

# Pipelines and containers end a run by SIGTERM, a terminal that is closed by SIGHUP, which Windows has not.
_LIKE_CTRL_C = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))
_AT_ONCE = 1.0  # seconds: a signal that comes so soon after another is the same, told by several


def _break_off(number: int, _: object) -> None:
    raise KeyboardInterrupt(f"it was ended by {signal.Signals(number).name}")


@contextmanager
def heeded() -> Iterator[None]:
    """Let what would kill the process interrupt it, so that it still says how it ended."""
    undone = [number for number in _LIKE_CTRL_C if _handler(number) is signal.SIG_DFL]
    for number in undone:
        signal.signal(number, _break_off)
    try:
        yield
    finally:
        for number in undone:
            with suppress(ValueError):
                signal.signal(number, signal.SIG_DFL)


@contextmanager
def held() -> Iterator[None]:
    """Let a signal wait until the block ends; whoever sends another a second later is not kept waiting."""
    before = {
        number: handler
        for number in (signal.SIGINT, *_LIKE_CTRL_C)
        if (handler := _handler(number)) not in {None, signal.SIG_IGN}
    }
    came: list[tuple[int, float]] = []

    def hold(number: int, _: object) -> None:
        now = time.monotonic()
        if came and now - came[0][1] > _AT_ONCE:
            give_back()
            signal.raise_signal(number)
        came.append((number, now))

    def give_back() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    for number in before:
        signal.signal(number, hold)
    try:
        yield
    finally:
        give_back()
    if came:
        signal.raise_signal(came[0][0])


def _handler(number: int) -> Any:
    """Return what handles a signal; ``None`` where that is not Python, or not ours to change."""
    return signal.getsignal(number) if threading.current_thread() is threading.main_thread() else None
