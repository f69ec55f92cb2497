"""Time that a run waits away passes at once, for the suite and for the stand-in that answers it.

The two are processes of their own, so the seconds that passed stand in a file that both map. Real time goes on as well.
"""

from __future__ import annotations

import mmap
import struct
import sys
import time
from pathlib import Path
from typing import Any

_SECONDS = struct.Struct("d")


class Passing:
    """A clock that is ahead by all that was slept; a stand-in for the module ``time`` of those who look at it.

    Without a ``path`` nobody else sees what passes.
    """

    def __init__(self, path: Path | None = None) -> None:
        if path is None:
            self._shared = mmap.mmap(-1, _SECONDS.size)
            return
        if not path.exists():
            path.write_bytes(_SECONDS.pack(0.0))
        with path.open("r+b") as file:
            self._shared = mmap.mmap(file.fileno(), _SECONDS.size)

    @property
    def seconds(self) -> float:
        """How much has passed since the beginning of the run."""
        passed: float = _SECONDS.unpack_from(self._shared)[0]
        return passed

    def begin(self) -> None:
        """Nothing has passed yet."""
        _SECONDS.pack_into(self._shared, 0, 0.0)

    def sleep(self, seconds: float) -> None:
        """Let so many seconds pass."""
        _SECONDS.pack_into(self._shared, 0, self.seconds + seconds)

    def time(self) -> float:
        """Seconds since 1970."""
        return time.time() + self.seconds

    def monotonic(self) -> float:
        """Seconds since some time."""
        return time.monotonic() + self.seconds

    def __getattr__(self, name: str) -> Any:
        """All else is that of the module."""
        return getattr(time, name)

    def rule(self, package: str) -> None:
        """Be the time of all modules of a package."""
        for name, module in tuple(sys.modules.items()):
            if name.partition(".")[0] == package and getattr(module, "time", None) is time:
                module.time = self  # type: ignore[attr-defined]
