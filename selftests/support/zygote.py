"""Runs the suite many times in fresh processes that need not import it again: one fork for each run.

A program, not a module: ``matrix_runs.py`` starts it, outside of the pytest session that asks, so that nothing of that
session (plugins, audit hooks, capture, xdist's variables) reaches the suite under test. It reads one JSON object a line
(``environment``, ``arguments``, ``output``) and answers one exit code a line.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
# What a run imports in the end; all but the suite's own conftest and tests, which each run collects itself.
PRELOADED = (
    "_pytest.junitxml",
    "jinja2",
    "jsonschema",
    "pytest",
    "pytest_html.plugin",
    "pytest_recording.plugin",
    "pytest_timeout",
    "requests",
    "rfc3339_validator",
    "vcr",
    "xdist.plugin",
)


def _preload() -> None:
    sys.path.insert(0, str(ROOT))
    for name in PRELOADED:
        __import__(name)
    for path in sorted((ROOT / "quickstart").rglob("[!_]*.py")):
        __import__(".".join(path.relative_to(ROOT).with_suffix("").parts))
    from quickstart.exchange import contract

    for path in sorted(contract.SCHEMAS.glob("*.schema.json")):
        contract.violations(None, path.name.removesuffix(".schema.json"))
    gc.collect()
    gc.freeze()


def _run(order: dict[str, Any]) -> None:
    """The child: a pytest session like any other, whose output goes to a file."""
    import pytest

    os.environ.clear()
    os.environ.update(order["environment"])
    os.chdir(ROOT)
    output = os.open(order["output"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    for stream in (1, 2):
        os.dup2(output, stream)
    gc.disable()  # it costs more than it yields in a process of half a second
    code = pytest.main(order["arguments"])
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(int(code))


def main() -> None:
    """Serve runs until there are no more."""
    _preload()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _run(json.loads(line))
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main()
