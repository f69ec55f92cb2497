"""A copy of the project in which one file is a mutant's, and attempts to kill it, each in a process of its own."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from selftests.support.forks import told
from selftests.support.project import NO_HYPOTHESIS, ROOT

NOT_COPIED = (".git", ".venv", "build", "node_modules", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis")
TOO_LONG = -100  # the exit code of what was killed for its time
_NOT_OURS = ("PYTEST_", "COV_", "COVERAGE_", "HYPOTHESIS_", "PROCORE_")
_times = count(1_000_000_000)  # a time of its own for each mutant, or Python would take what it compiled before


class Desk:
    """The copy, and the processes that are ready to judge it: with the rooms imported, and without them."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "project"
        self.output = folder / "output.txt"
        self.verdict = folder / "verdict.json"
        shutil.copytree(ROOT, self.root, ignore=shutil.ignore_patterns(*NOT_COPIED), symlinks=True)
        self._bases: dict[tuple[str, ...], Base] = {}

    @contextmanager
    def holding(self, path: str, text: str) -> Iterator[None]:
        """Put the mutant in place for the duration of a block."""
        file = self.root / path
        right, before = file.read_bytes(), file.stat()
        file.write_text(text, encoding="utf-8")
        mark = next(_times)
        os.utime(file, (mark, mark))
        try:
            yield
        finally:
            file.write_bytes(right)
            os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))

    def base(self, *modules: str) -> Base:
        """Return the process that has imported ``modules`` besides the libraries."""
        if modules not in self._bases:
            self._bases[modules] = Base(self.root, self.output, modules)
        return self._bases[modules]

    def close(self) -> None:
        """End all processes."""
        for base in self._bases.values():
            base.close()


class Base:
    """A process that forks (base.py)."""

    def __init__(self, root: Path, output: Path, modules: Sequence[str]) -> None:
        self._output = output
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        clean = {name: value for name, value in os.environ.items() if not name.startswith(_NOT_OURS)}
        with output.open("ab") as stream:
            self._process = subprocess.Popen(
                [sys.executable, str(Path(__file__).with_name("base.py")), str(theirs.fileno()), *modules],
                cwd=root,
                env={**clean, **NO_HYPOTHESIS, "PYTHONPATH": str(root), "TMPDIR": str(output.parent)},
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.STDOUT,
                pass_fds=(theirs.fileno(),),
            )
        theirs.close()
        self._child = 0
        if self._receive(60) != "ready":
            raise RuntimeError(f"the base did not start: {output.read_text(errors='replace')[-2000:]}")

    def _receive(self, seconds: float) -> Any:
        self._control.settimeout(seconds)
        data = self._control.recv(1 << 16)
        return "ready" if data == b"ready" else json.loads(data) if data else None

    def start(self, order: dict[str, Any], orders: int = -1, answers: int = -1) -> None:
        """Fork for an order, which may speak through two descriptors."""
        self._output.write_bytes(b"")
        with self._output.open("ab") as output:
            nothing = os.open(os.devnull, os.O_RDWR)
            given = [output.fileno(), *(one if one >= 0 else nothing for one in (orders, answers))]
            socket.send_fds(self._control, [json.dumps(order).encode()], given)
            os.close(nothing)
        self._child = self._receive(60)

    def wait(self, seconds: float) -> int:
        """Return the exit code, or TOO_LONG once it was killed for its time."""
        try:
            code = int(self._receive(seconds))
            self._child = 0
            return code
        except TimeoutError:
            self.kill()
            return TOO_LONG

    def kill(self) -> None:
        """Kill what the last order started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._child, signal.SIGKILL)
        self._receive(60)
        self._child = 0

    def selftests(self, arguments: Sequence[str], seconds: float) -> int:
        """Return pytest's exit code of these arguments."""
        self.start({"kind": "selftests", "environment": {}, "arguments": list(arguments)})
        return self.wait(seconds)

    def bench(self, arguments: Sequence[str], panel: Path, seconds: float) -> int:
        """Return pytest's exit code of a session in which many mutants meet the same self-tests."""
        self.start({"kind": "bench", "environment": {}, "arguments": list(arguments), "panel": str(panel)})
        return self.wait(seconds)

    def close(self) -> None:
        """End the process, and what it has started."""
        if self._child:
            self.kill()
        self._control.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(10)
        self._process.kill()


class Claims:
    """The suite, collected with the mutant in it: what ``SuiteRunner`` takes for its ``Forks``."""

    def __init__(self, base: Base, *, panel: bool = False) -> None:
        self._base = base
        self.used = 0.0
        self._longest = 1900 if panel else 90
        (its_orders, orders), (answers, its_answers) = os.pipe(), os.pipe()
        base.start({"kind": "claims", "environment": {}, "panel": panel}, its_orders, its_answers)
        os.close(its_orders)
        os.close(its_answers)
        self._orders, self._answers = os.fdopen(orders, "w"), os.fdopen(answers)

    def run(self, **order: Any) -> int:
        """Return the exit code of a run; raise RuntimeError where the suite could not be collected."""
        with contextlib.suppress(BrokenPipeError):
            print(json.dumps(order), file=self._orders, flush=True)
        previous = signal.signal(signal.SIGALRM, self._too_long)
        signal.alarm(self._longest)
        try:
            answer = self._answers.readline()
        finally:
            signal.alarm(0)
            signal.signal(signal.SIGALRM, previous)
        if not answer:
            raise RuntimeError("the suite could not be collected")
        code, self.used = told(answer)
        return code

    def _too_long(self, *_: object) -> None:
        raise RuntimeError("the suite could not be collected in time")

    def close(self) -> None:
        """End it."""
        with contextlib.suppress(BrokenPipeError):
            self._orders.close()
        self._answers.close()
        self._base.wait(10)
