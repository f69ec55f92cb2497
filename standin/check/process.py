"""The user's command: started with its own environment, ended with all that it started, its last words kept."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from standin.command import signals

_PATIENCE = 5.0
"""Seconds that a command gets to end when it is told to."""
_LAST = 20_000
"""Bytes of its output that are looked at, from the end."""
_TICK = 0.05
"""Seconds between two looks at whether it has ended."""
_POSIX = os.name == "posix"


@dataclass(frozen=True)
class Ended:
    """How a command ended: its exit code (negative: by that signal; None: it had to be stopped), and its last lines."""

    code: int | None
    seconds: float
    said: str

    @property
    def words(self) -> str:
        """The end in words."""
        took = f"after {self.seconds:.1f} s"
        if self.code is None:
            return f"it had not ended {took}, and was stopped"
        if self.code < 0:
            return f"signal {-self.code} ended it {took}"
        return f"it ended with exit code {self.code} {took}"


def run(
    command: Sequence[str], environment: Mapping[str, str], timeout: float, meanwhile: Callable[[float], None]
) -> Ended:
    """Run the command for ``timeout`` seconds at most; ``meanwhile`` is told how long it may take, again and again.

    The command reads nothing, and no process of its group outlives it. Raises OSError if it cannot be started.
    """
    began = time.monotonic()
    with tempfile.TemporaryFile() as output:
        child: subprocess.Popen[bytes] | None = None
        try:
            with signals.held():
                child = subprocess.Popen(
                    list(command),
                    env=dict(environment),
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=_POSIX,
                )
            while child.poll() is None and time.monotonic() < began + timeout:
                meanwhile(_TICK)
            code = child.poll()
            seconds = time.monotonic() - began
        finally:
            if child is not None:
                _end(child)
        output.seek(0, os.SEEK_END)
        output.seek(max(0, output.tell() - _LAST))
        return Ended(code, seconds, output.read().decode("utf-8", "replace"))


def _end(child: subprocess.Popen[bytes]) -> None:
    """End the command if it runs, and all that it left behind: nobody may ask a server that is gone."""
    if child.poll() is None:
        _signal(child, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(_PATIENCE)
    _signal(child, signal.SIGKILL if _POSIX else signal.SIGTERM)
    child.wait()


def _signal(child: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if _POSIX:
            os.killpg(child.pid, number)
        else:
            child.send_signal(number)
