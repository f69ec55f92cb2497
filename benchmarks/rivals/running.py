"""One run of one tool against a stand-in of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.rivals.tools import Tool
from selftests.support.forks import Forks
from selftests.support.project import NO_HYPOTHESIS, ROOT, bare_environment
from standin.cases.case import Case
from standin.model.world import World
from standin.server.running import serve

METER = Path(__file__).with_name("meter.py")
LONGEST = 120
"""Seconds that a run may take; it is killed then, which is no success."""
_HANG = "1"
"""Seconds that our suite waits for an answer that never comes, as its matrix does: it asks again, which is slow."""


@dataclass(frozen=True)
class Cost:
    """What one run cost; ``said`` is the end of what it printed, for whom it failed unexpectedly."""

    code: int
    wall: float
    cpu: float
    memory: float
    requests: int
    said: str = ""


def run(tool: Tool, world: World) -> Cost:
    """Run a tool as a user does, in a process of its own, against a world that is served at a plain address."""
    asked: list[object] = []
    world.watchers.append(asked.append)
    with tempfile.TemporaryDirectory(prefix="rivals-") as home, serve(world) as procore:
        settings = tool.settings(procore, Path(home))
        figures, output = Path(home, "figures.json"), Path(home, "output.txt")
        # What it prints goes to a file: a pipe that we read would slow down whoever prints much.
        with output.open("wb") as stream:
            subprocess.run(
                [sys.executable, "-I", "-S", str(METER), str(figures), str(LONGEST), *tool.line(settings)],
                cwd=tool.folder or home,
                env=settings,
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.STDOUT,
                check=True,
            )
        found = json.loads(figures.read_text(encoding="utf-8"))
        said = output.read_text(encoding="utf-8", errors="replace")[-2000:]
        return Cost(**found, requests=len(asked), said=said)


class Judge:
    """Says how a tool ends at a case: a process for a rival, for our own suite a fork of a session that has collected.

    The fork is what the kill matrix uses; a self-test shows that it ends as a process does. Not for several threads.
    """

    def __init__(self, folder: Path) -> None:
        self._forks = Forks(
            ROOT / "selftests" / "support" / "zygote.py",
            folder / "output.txt",
            {**bare_environment(folder), **NO_HYPOTHESIS, "PYTHONPATH": str(ROOT)},
        )

    def code(self, tool: Tool, case: Case) -> int:
        """Return the exit code of a run against the case."""
        if tool.options is None:
            return run(tool, case.world()).code
        with tempfile.TemporaryDirectory(prefix="rivals-") as home, serve(case.world()) as procore:
            settings = tool.settings(procore, Path(home))
            if case.says == "time-out":
                settings["PROCORE_TIMEOUT"] = _HANG
            return self._forks.run(environment=settings, options={"target": "sandbox", **tool.options})

    def close(self) -> None:
        """End what was started."""
        self._forks.close()


@contextmanager
def judge() -> Iterator[Judge]:
    """A judge for the length of a block."""
    with tempfile.TemporaryDirectory(prefix="rivals-") as folder:
        one = Judge(Path(folder))
        try:
            yield one
        finally:
            one.close()
