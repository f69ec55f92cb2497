"""Processes as a user starts them, ``python -m MODULE ARGUMENTS…``, from one that has done the imports."""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from selftests.support.forks import LONGEST, Forks
from selftests.support.project import ROOT


@cache
def _warm() -> tuple[Forks, Path]:
    """One for each process that tests, ended with it."""
    folder = tempfile.TemporaryDirectory(prefix="warm-")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COV_"))}
    forks = Forks(ROOT / "selftests" / "support" / "warm.py", Path(folder.name, "program.txt"), environment)
    atexit.register(folder.cleanup)
    atexit.register(forks.close)
    return forks, Path(folder.name, "output.txt")


def python(
    module: str,
    *arguments: str,
    environment: Mapping[str, str],
    folder: Path = ROOT,
    said: str = "",
    at_once: bool | Path = False,
) -> tuple[int, str]:
    """Return exit code and output (both streams) of ``python -m MODULE ARGUMENTS…``, which reads ``said``.

    With ``at_once`` what the suite waits for is there at once, if it runs where it stands: not for what waits for
    somebody else. A path is where the seconds that passed stand, for a stand-in whose time passes with it.
    """
    if not hasattr(os, "memfd_create"):  # not Linux: a start costs a second there, and works
        return _started([module, *arguments], environment, folder, said)
    forks, output = _warm()
    code = forks.run(
        module=module,
        arguments=arguments,
        environment=dict(environment),
        folder=str(folder),
        said=said,
        at_once=str(at_once) if isinstance(at_once, Path) else at_once,
        output=str(output),
    )
    return code, output.read_text(encoding="utf-8", errors="replace")


def _started(line: list[str], environment: Mapping[str, str], folder: Path, said: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", *line],
        cwd=folder,
        env=dict(environment),
        input=said,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        timeout=LONGEST,
        check=False,
    )
    return done.returncode, done.stdout
