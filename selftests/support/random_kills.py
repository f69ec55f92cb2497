"""``python random_kills.py FOLDER NUMBER SEED``: refreshes that die by SIGKILL, each at another random line of Python.

Each search for a token is a process of its own, forked from this one, which has the imports behind it. A first one,
which lives, counts the lines that it executes in the standard library, in packages and in ours; the others are killed
before one of these, chosen at random. After each, a new process searches again. A line of JSON says what was left.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from quickstart.credentials.token_cache import CacheError
from selftests.support.refreshing import FIRST, Bench, exchanges, left_half_written


class Lines:
    """Counts the lines that are executed, and dies before line number ``deadly``."""

    def __init__(self, deadly: int = -1) -> None:
        self.seen = 0
        self._deadly = deadly

    def __call__(self, _: FrameType, event: str, __: Any) -> Callable[..., Any]:
        """Be the trace function of the interpreter."""
        if event == "line":
            self.seen += 1
            if self.seen == self._deadly:
                os.kill(os.getpid(), signal.SIGKILL)
        return self


def forked(work: Callable[[], None]) -> int:
    """Do ``work`` in a process of its own; return how it ended."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def searching(bench: Bench, report: Path, lines: Lines | None = None) -> Callable[[], None]:
    """A search for a token that writes down what it came to, if it lives."""

    def work() -> None:
        found = bench.find(trace=lines)
        seen = lines.seen if lines else 0
        report.write_text(json.dumps({"way": found.way, "said": found.said, "lines": seen}), encoding="utf-8")

    return work


def killed_once(folder: Path, deadly: int) -> dict[str, Any]:
    """Kill a refresh, look at what it left, and search again twice."""
    folder.mkdir()
    bench, report = Bench(folder), folder / "report"
    bench.plant()
    ended = forked(searching(bench, folder / "nothing", Lines(deadly)))
    try:
        left = bool(bench.cache.load().refresh_token)
    except CacheError:
        left = False
    sent = bench.endpoint.sent
    again = []
    for _ in range(2):
        report.unlink(missing_ok=True)
        forked(searching(bench, report))
        again.append(json.loads(report.read_text(encoding="utf-8")) if report.exists() else {})
    return {
        "line": deadly,
        "ended": ended,
        "whole": left,
        "sent": sent,
        "again": again,
        "sent at last": bench.endpoint.sent,
        "half written": left_half_written(bench),
    }


def main() -> None:
    """Kill, and tell."""
    folder, number, seed = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    exchanges()
    alive = folder / "alive"
    alive.mkdir()
    bench = Bench(alive)
    bench.plant()
    for _ in range(2):  # the first one fills caches
        bench.plant()
        forked(searching(bench, folder / "counted", Lines()))
    lines = json.loads((folder / "counted").read_text(encoding="utf-8"))["lines"]
    assert bench.endpoint.sent == [FIRST, FIRST]
    chance = random.Random(seed)  # noqa: S311 - no secret
    # Most lines take the lock and read: half of the points are where the note, the request and the tokens are.
    points = chance.sample(range(1, lines + 1), number // 2) + chance.sample(
        range(lines * 2 // 3, lines + 1), number // 2
    )
    for index, deadly in enumerate(points):
        print(json.dumps({**killed_once(folder / str(index), deadly), "of": lines}), flush=True)


if __name__ == "__main__":
    main()
