"""The project as a user has it: where it stands, a copy that a test may break, and an environment without us."""

from __future__ import annotations

import marshal
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from types import CodeType

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
            # Compiled modules go along, which is what a start costs.
            rewritten = ["__pycache__"] if part == "tests" else []
            shutil.copytree(source, folder / part, ignore=shutil.ignore_patterns(*rewritten))
        else:
            shutil.copy2(source, folder / part)
    take_along_rewritten(folder)
    return folder


def take_along_rewritten(folder: Path) -> None:
    """Spare a copy of the project in ``folder`` that pytest rewrites its claims anew."""
    ours = f"{sys.implementation.cache_tag}-pytest-*.pyc"  # to read those of another Python may end this one
    for compiled in (*ROOT.glob(f"__pycache__/conftest.{ours}"), *ROOT.glob(f"tests/__pycache__/*.{ours}")):
        _take_along(compiled, folder)


_HEADER = 16  # bytes, before the code: which Python, and which state of the source


def _take_along(compiled: Path, folder: Path) -> None:
    """Copy a module that pytest rewrote, which names its source, so that it names the one in ``folder``."""
    place = folder / compiled.relative_to(ROOT)
    source = place.parent.parent / f"{compiled.name.partition('.')[0]}.py"
    data = compiled.read_bytes()
    try:
        code = marshal.loads(data[_HEADER:])  # noqa: S302 - what pytest wrote beside our own source
    except (EOFError, TypeError, ValueError):
        return  # half written: pytest rewrites the source anew
    place.parent.mkdir(exist_ok=True)
    place.write_bytes(data[:_HEADER] + marshal.dumps(_at(str(source), code)))


def _at(source: str, code: CodeType) -> CodeType:
    inner = (_at(source, one) if isinstance(one, CodeType) else one for one in code.co_consts)
    return code.replace(co_filename=source, co_consts=tuple(inner))


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
