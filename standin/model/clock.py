"""The stand-in's own time: real time that a test may move."""

from __future__ import annotations

import time
from collections.abc import Callable
from email.utils import formatdate


class Clock:
    """Seconds since 1970. ``offset`` makes the whole server's clock wrong; ``move`` lets time pass at once."""

    def __init__(self, offset: float = 0.0, source: Callable[[], float] = time.time) -> None:
        self._offset = offset
        self._source = source

    @classmethod
    def stopped(cls, at: float) -> Clock:
        """A clock that shows ``at`` until it is moved."""
        return cls(source=lambda: at)

    @property
    def now(self) -> int:
        """Whole seconds since 1970, as every ``created_at`` has them."""
        return int(self._source() + self._offset)

    def move(self, seconds: float) -> None:
        """Let so many seconds pass (negative: go back)."""
        self._offset += seconds

    @property
    def date(self) -> str:
        """The ``Date`` header (RFC 9110 6.6.1)."""
        return formatdate(self.now, usegmt=True)
