"""How far a long run has come and how long it will take: one line on a terminal, a line now and then in a log."""

import time
from collections.abc import Callable
from typing import Any

import pytest

EVERY = 30.0  # seconds between two lines of a log
_OFTEN = 0.2  # seconds between two looks of a terminal


class Progress:
    """Tells of ``total`` things (``None``: nobody knows), one by one; nothing of a run that is over within moments."""

    def __init__(
        self, config: pytest.Config, total: int | None, what: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._terminal: Any = config.pluginmanager.get_plugin("terminalreporter")
        self._total = total
        self._what = what
        self._clock = clock
        self._begun = self._told = clock()

    def tell(self, done: int, besides: str = "") -> None:
        """Say how far it has come, if it is time to."""
        if self._terminal is None:
            return
        now, on_terminal = self._clock(), self._terminal.isatty
        if now - self._told < (_OFTEN if on_terminal else EVERY):
            return
        self._told = now
        of_all = f" of {self._total:,}" if self._total is not None else ""
        line = f"{self._what}: {done:,}{of_all}{besides}, {self._left(done, now)}"
        if on_terminal:
            self._terminal.rewrite(line, erase=True)
        else:
            self._terminal.write_line(line)
        self._terminal.flush()

    def end(self) -> None:
        """Leave an empty line to whoever writes next."""
        if self._terminal is not None and self._terminal.isatty:
            self._terminal.rewrite("", erase=True)
            self._terminal.flush()

    def _left(self, done: int, now: float) -> str:
        if not done or self._total is None:
            return "time left not known yet"
        seconds = (now - self._begun) / done * (self._total - done)
        return f"about {seconds:.0f} s left" if seconds < 120 else f"about {seconds / 60:.0f} min left"
