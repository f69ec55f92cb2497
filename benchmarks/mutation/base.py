"""A process that is ready to judge mutants: libraries imported, nothing of the rooms, forked for each attempt.

A program, which ``desk.py`` starts in a copy of the project: ``python base.py SOCKET MODULE[:FUNCTION]…``. An order is
a JSON object, with the descriptors that its process works with; the answers are the id of that process, and its exit
code.

- ``selftests``: run pytest with ``arguments``; the exit code is pytest's.
- ``bench``: let many mutants, in the file ``panel``, meet these self-tests (``bench.py``).
- ``claims``: be the zygote of the kill matrix (``selftests/support/zygote.py``), which serves runs of the suite.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import socket
import sys
from typing import Any

LIBRARIES = (
    "_pytest.junitxml", "cryptography.x509", "filelock", "hypothesis", "jinja2", "jsonschema", "platformdirs",
    "pydantic_settings", "pytest", "referencing", "requests", "trustme", "vcr", "vcr.migration", "werkzeug", "yaml",
    "standin.server.running", "standin.cases.faults", "standin.cases.variations",
)  # fmt: skip
LONGEST_CASE = 40  # seconds of one run of the suite
LONGEST_PANEL = 1800  # seconds of one after which many mutants are judged


def selftests(order: dict[str, Any]) -> int:
    """Run pytest on self-tests."""
    import pytest

    sys.argv = ["pytest", *order["arguments"]]
    return int(pytest.main(list(order["arguments"])))


def bench(order: dict[str, Any]) -> int:
    """Judge many mutants of claims by the self-tests of claims."""
    import pytest

    from benchmarks.mutation.bench import Bench

    return int(pytest.main(list(order["arguments"]), [Bench(order["panel"])]))


def claims(order: dict[str, Any], orders: int, answers: int) -> int:
    """Collect the suite once, and serve its runs until there are no more."""
    import pytest

    from benchmarks.mutation.panel import Panel
    from selftests.support import forks, zygote

    forks.LONGEST = LONGEST_PANEL if order["panel"] else LONGEST_CASE
    with os.fdopen(orders, encoding="utf-8") as reading, os.fdopen(answers, "w") as writing:
        plugins = [zygote.Zygote(reading, writing), Panel()]
        quick = ["-q", "-s", "-p", "no:logging", "-p", "no:cacheprovider", "-o", "session_timeout="]
        code = pytest.main([f"--rootdir={zygote.ROOT}", *quick], plugins)
        sys.stdout.flush()
        os._exit(int(code))


def _work(order: dict[str, Any], descriptors: list[int]) -> None:
    code = 1
    try:
        os.setsid()
        output, orders, answers = descriptors
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(output, 1)
        os.dup2(output, 2)
        os.environ.update(order["environment"])
        if order["kind"] == "claims":
            code = claims(order, orders, answers)
        else:
            code = selftests(order) if order["kind"] == "selftests" else bench(order)
        sys.stdout.flush()
    except BaseException:  # noqa: BLE001 - a process ends with the traceback of whatever it died of
        sys.excepthook(*sys.exc_info())
    finally:
        os._exit(code)


def main() -> None:
    """Serve attempts until there are no more."""
    root = os.getcwd()  # noqa: PTH109 - as a text
    sys.path[:1] = [root]
    for name in (*LIBRARIES, *sys.argv[2:]):
        module, _, called = name.partition(":")
        imported = importlib.import_module(module)
        if called:
            getattr(imported, called)()
    gc.collect()
    gc.freeze()
    control = socket.socket(fileno=int(sys.argv[1]))
    control.send(b"ready")
    while True:
        data, descriptors, _, _ = socket.recv_fds(control, 1 << 20, 3)
        if not data:
            return
        child = os.fork()
        if child == 0:
            control.close()
            _work(json.loads(data), list(descriptors))
        for one in descriptors:
            os.close(one)
        control.send(json.dumps(child).encode())
        _, status = os.waitpid(child, 0)
        control.send(json.dumps(os.waitstatus_to_exitcode(status)).encode())


if __name__ == "__main__":
    main()
