"""The project as a user has it: where it stands, a copy that a test may break, and an environment without us."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("conftest.py", "pytest.ini", "tests", "schemas", "cassettes", "quickstart", "standin")
# Hypothesis comes with requirements-dev.txt, is every pytest's plugin then and a third of its start; no user has it.
NO_HYPOTHESIS = {"PYTEST_ADDOPTS": "-p no:hypothesispytest"}

# Without SYSTEMROOT no process of Windows has a network; PYTHONUTF8 is how its pipes speak UTF-8.
NEEDED = ("PATH", "SYSTEMROOT", "PATHEXT", "COMSPEC", "TEMP", "TMP", "USERPROFILE", "PYTHONUTF8")


def copy(folder: Path) -> Path:
    """Copy the project, as a user has it, into ``folder``, which is made where it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            # Compiled modules go along, which is what a start costs; those that pytest rewrote name their old place.
            rewritten = ["__pycache__"] if part == "tests" else []
            shutil.copytree(source, folder / part, ignore=shutil.ignore_patterns(*rewritten))
        else:
            shutil.copy(source, folder / part)
    return folder


def modules_in(folder: Path) -> Iterator[Path]:
    """Yield the modules of ours in a folder: what is installed there for the self-tests is not."""
    for path in sorted(folder.iterdir()):
        if path.is_dir() and path.name != "node_modules" and not path.name.startswith("."):
            yield from modules_in(path)
        elif path.suffix == ".py":
            yield path


def bare_environment(home: Path) -> dict[str, str]:
    """Return an environment without any setting of ours, proxy or certificate."""
    kept = {name: os.environ[name] for name in NEEDED if name in os.environ}
    return {**kept, "HOME": str(home), "LANG": "C.UTF-8", **NO_HYPOTHESIS}
