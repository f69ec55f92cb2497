"""A process that is ready to run, and is forked for each run: what a start costs is paid once.

The one side is a program (``zygote.py``, ``warm.py``), which calls :func:`forked`; the other side starts it with
:class:`Forks` and gives it orders. An order is a JSON object on a line; the exit code of its run comes back on a line.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TextIO

LONGEST = 120  # seconds of one run; it is killed then, and its exit code is -9


class Forks:
    """Starts the program ``program`` with ``more``, its output going to the file ``output``, and gives it orders."""

    def __init__(self, program: Path, output: Path, environment: Mapping[str, str], *more: str) -> None:
        self._output = output
        self.used = 0.0
        """CPU seconds of the last run."""
        (its_orders, orders), (answers, its_answers) = os.pipe(), os.pipe()
        with output.open("ab") as stream:
            self._process = subprocess.Popen(
                [sys.executable, str(program), str(its_orders), str(its_answers), *more],
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.STDOUT,
                pass_fds=(its_orders, its_answers),
                env=environment,
            )
        os.close(its_orders)
        os.close(its_answers)
        self._orders, self._answers = os.fdopen(orders, "w"), os.fdopen(answers)

    def run(self, **order: Any) -> int:
        """Return the exit code of the run that ``order`` asks for.

        Raises:
            RuntimeError: the program died; the message ends with what it said.
        """
        with contextlib.suppress(BrokenPipeError):
            print(json.dumps(order), file=self._orders, flush=True)
        answer = self._answers.readline()
        if not answer:
            raise RuntimeError(
                f"the program died: {self._output.read_text(encoding='utf-8', errors='replace')[-2000:]}"
            )
        code, self.used = told(answer)
        return code

    def close(self) -> None:
        """End the program."""
        with contextlib.suppress(BrokenPipeError):
            self._orders.close()
        self._answers.close()
        self._process.wait(10)


def told(answer: str) -> tuple[int, float]:
    """Return exit code and CPU seconds of a run, as :func:`forked` tells them."""
    code, used = answer.split()
    return int(code), float(used)


def forked(orders: TextIO, answers: TextIO) -> dict[str, Any]:
    """Fork for each order and return it in the child. The parent answers with exit code and CPU seconds, and ends
    with the orders.
    """
    for line in orders:
        sys.stdout.flush()
        child = os.fork()
        if child == 0:
            order: dict[str, Any] = json.loads(line)
            return order
        signal.signal(signal.SIGALRM, lambda *_, child=child: os.kill(child, signal.SIGKILL))
        signal.alarm(LONGEST)
        _, status, used = os.wait4(child, 0)
        signal.alarm(0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        print(os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime, file=answers, flush=True)
    os._exit(0)
