"""Processes as a user starts them, ``python -m MODULE ARGUMENTS…``, from one that has done the imports."""

from __future__ import annotations

import atexit
import os
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from selftests.support.forks import Forks
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
    module: str, *arguments: str, environment: Mapping[str, str], folder: Path = ROOT, said: str = ""
) -> tuple[int, str]:
    """Return exit code and output (both streams) of ``python -m MODULE ARGUMENTS…``, which reads ``said``."""
    forks, output = _warm()
    code = forks.run(
        module=module,
        arguments=arguments,
        environment=dict(environment),
        folder=str(folder),
        said=said,
        output=str(output),
    )
    return code, output.read_text(encoding="utf-8", errors="replace")
