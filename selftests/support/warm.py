"""Python with what the suite needs imported: runs ``python -m MODULE ARGUMENTS…`` in a fork, without the wait.

A program, which ``processes.py`` starts. The project's own modules are imported as well, and forgotten again where the
run is in a copy of the project. What pytest rewrites (plugins, conftest, tests) is left to each run.
"""

from __future__ import annotations

import atexit
import gc
import os
import runpy
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
LIBRARIES = (
    "_pytest.junitxml", "_pytest.unraisableexception", "filelock", "jinja2", "jsonschema", "platformdirs",
    "pydantic_settings", "pytest", "referencing", "requests", "trustme", "vcr", "vcr.migration", "werkzeug",
)  # fmt: skip
OURS = ("quickstart", "standin")


def warm_up() -> None:
    """Import, and tell the garbage collector that nothing of it ever goes."""
    for name in LIBRARIES:
        try:
            __import__(name)
        except ImportError:
            continue  # then a run needs it as little
    for path in sorted((ROOT / "quickstart").rglob("[!_]*.py")):
        # The report is a plugin of pytest-html, which pytest wants to rewrite first.
        if "report" not in path.parts:
            __import__(".".join(path.relative_to(ROOT).with_suffix("").parts))
    # Each run would collect what we freeze here, over and over, to hear of exceptions in finalizers.
    sys.modules["_pytest.unraisableexception"].gc_collect_harder = lambda _: None  # type: ignore[attr-defined]
    gc.collect()
    gc.freeze()


def run(order: dict[str, Any]) -> int:
    """Be the process of the order: what ``processes.python`` is given, and where the ``output`` goes."""
    gc.disable()  # as in the matrix: it costs more than it yields in a second
    os.environ.clear()
    os.environ.update(order["environment"])
    os.chdir(order["folder"])
    said = os.memfd_create("said")
    os.write(said, order["said"].encode())
    os.lseek(said, 0, os.SEEK_SET)
    output = os.open(order["output"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
    for source, stream in ((said, 0), (output, 1), (output, 2)):
        os.dup2(source, stream)
    sys.path[:1] = [order["folder"], *order["environment"].get("PYTHONPATH", "").split(os.pathsep)]
    if Path(order["folder"]) != ROOT:
        for name in [name for name in sys.modules if name.partition(".")[0] in OURS]:
            del sys.modules[name]
    elif order["at_once"]:
        from selftests.support.passing import Passing

        Passing(None if order["at_once"] is True else Path(order["at_once"])).rule("quickstart")
    sys.argv = [order["module"], *order["arguments"]]
    try:
        runpy.run_module(order["module"], run_name="__main__", alter_sys=True)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0


def main() -> None:
    """Serve runs until there are no more."""
    sys.path[0] = str(ROOT)
    from selftests.support.forks import forked

    warm_up()
    with os.fdopen(int(sys.argv[1]), encoding="utf-8") as orders, os.fdopen(int(sys.argv[2]), "w") as answers:
        order = forked(orders, answers)
    code = 1
    try:
        code = run(order)
        atexit._run_exitfuncs()
    except BaseException:  # noqa: BLE001 - a process ends with the traceback of whatever it died of
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    main()
