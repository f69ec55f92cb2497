"""``python -m standin serve`` as a user starts it, on free ports."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from selftests.support.project import ROOT

_URLS = re.compile(r"^  (login and API|over TLS|authorize) +(\S+)")


@dataclass(frozen=True)
class Served:
    """A running ``serve``: what its first lines said, and the stream of what it says next."""

    base: str
    secure: str
    authorize: str
    process: subprocess.Popen[str]
    told: IO[str]

    @property
    def port(self) -> str:
        """The plain port."""
        return self.base.rpartition(":")[2]


def started(ca: Path, *options: str, environment: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
    """Start it, with its CA in a folder of its own."""
    command = [sys.executable, "-m", "standin", "serve", "--http=0", "--port=0", "--ca", str(ca), *options]
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, cwd=ROOT, env={**os.environ, **(environment or {})}, text=True, **streams)  # type: ignore[call-overload, no-any-return]


@contextmanager
def served(ca: Path, *options: str) -> Iterator[Served]:
    """Serve until the block ends."""
    with started(ca, *options) as process:
        try:
            assert process.stderr is not None
            found = {}
            for line in process.stderr:
                if match := _URLS.match(line):
                    found[match[1]] = match[2]
                if line.startswith("  credentials"):
                    break
            yield Served(found["login and API"], found["over TLS"], found["authorize"], process, process.stderr)
        finally:
            process.terminate()
