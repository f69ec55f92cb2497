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
        self._ahead: Callable[[], float] = lambda: 0.0
        self.stands = source is not time.time
        """Whether it shows the same until it is moved."""

    @classmethod
    def stopped(cls, at: float, offset: float = 0.0) -> Clock:
        """A clock that shows ``at`` until it is moved."""
        return cls(offset, source=lambda: at)

    @property
    def now(self) -> int:
        """Whole seconds since 1970, as every ``created_at`` has them."""
        return int(self._source() + self._offset + self._ahead())

    def move(self, seconds: float) -> None:
        """Let so many seconds pass (negative: go back)."""
        self._offset += seconds

    def follow(self, ahead: Callable[[], float]) -> None:
        """Be ahead by as many seconds as ``ahead`` says when it is asked, besides."""
        self._ahead = ahead

    @property
    def date(self) -> str:
        """The ``Date`` header (RFC 9110 6.6.1)."""
        return formatdate(self.now, usegmt=True)
