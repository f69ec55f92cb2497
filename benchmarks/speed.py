"""What runs of the suite take, beside pytest itself: ``python -m benchmarks.speed [RUNS]`` (5 without a number; Linux).

Each command is a whole process, as a user starts it, all of them in turn; medians. Writes ``results/speed.json`` and
the section of docs/benchmarks.md; with ``--table`` the section alone, from the results that are there.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks import figures
from benchmarks.figures import ROOT
from selftests.support.matrix_runs import suite_runner
from standin.cases.variations import VARIATIONS
from standin.server.running import serve

NAME = "speed"
DOCUMENT = ROOT / "docs" / "benchmarks.md"
# What a contributor has and no user: plugins that every pytest would load.
WITHOUT = [word for name in ("hypothesispytest", "xdist", "xdist.looponfail") for word in ("-p", f"no:{name}")]
PYTEST = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *WITHOUT]
QUICKSTART = [sys.executable, "-m", "quickstart"]
SANDBOX = ["--target=sandbox"]
LIBRARIES = ("pytest", "pytest-html", "pytest-recording", "pytest-timeout", "requests", "jsonschema", "vcrpy", "PyYAML")
EMPTY = {  # as many tests that judge nothing, with the libraries that the claims rest on
    "conftest.py": "import jsonschema, referencing, requests, vcr, yaml\n",
    "test_empty.py": "import pytest\n@pytest.mark.parametrize('n', range({tests}))\ndef test_empty(n):\n    pass\n",
}
HEAD = """\
{cores} cores of {processor}, {memory_gib} GiB, {system}, Python {python}; {day}, commit {commit}; load {load}.

Medians of {runs} runs of each, in turn, whole processes; wall times say something where the load was below 1. CPU is
that of the process, the stand-in's own apart. *pytest alone* has the plugins of the suite, imports its libraries, and
runs {tests} empty tests ({libraries}).

|  | wall (s) | CPU (s) | CPU over pytest alone (s) | goal |
| --- | ---: | ---: | ---: | --- |
"""
FORKED = """
A run of the kill matrix, forked after collection, live and disruptive over TLS, of {requests} requests: {client:.2f} s
of CPU for the suite, {standin:.2f} s for the stand-in.
"""


@dataclass(frozen=True)
class Case:
    """A command. ``base`` is the case that has all but our own code; ``live`` ones ask a stand-in of this process."""

    title: str
    command: list[str]
    base: str = ""
    goal: str = ""
    live: bool = False
    empty: bool = False


CASES = {
    "empty-start": Case("pytest alone, `--collect-only`", [*PYTEST, "--collect-only", "--rootdir=."], empty=True),
    "start": Case("start: `pytest --collect-only`", [*PYTEST, "--collect-only"], "empty-start", "0.08 s over"),
    "empty": Case("pytest alone", [*PYTEST, "--rootdir=."], empty=True),
    "replay": Case("replay: `pytest`", PYTEST, "empty", "0.75 s wall"),
    "smoke": Case(
        "smoke: `procore-quickstart smoke`",
        [*QUICKSTART, "smoke", *SANDBOX, "-q", *WITHOUT],
        "empty-start",
        "0.5 s wall",
        True,
    ),
    "live": Case("live: `pytest --target=sandbox`", [*PYTEST, *SANDBOX], "empty", live=True),
    "disruptive": Case(
        "live, with `--disruptive`", [*PYTEST, *SANDBOX, "--disruptive"], "empty", "0.7 × newman's wall", True
    ),
    "status": Case("`procore-quickstart status`", [*QUICKSTART, "status"], live=True),
    "help": Case("`procore-quickstart --help`", [*QUICKSTART, "--help"]),
}


def timed(command: list[str], folder: Path, environment: Mapping[str, str]) -> dict[str, float]:
    """Return wall and CPU seconds of one process. Raises CalledProcessError where it fails."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
    wall, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    return {"wall": wall, "cpu": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime}


def measured(case: Case, empty: Path) -> dict[str, float]:
    """Return wall and CPU seconds of one run of a case, against a stand-in of its own where it asks one."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PROCORE_")}
    if not case.live:
        return timed(case.command, empty if case.empty else ROOT, environment)
    with serve() as procore:
        return timed(case.command, ROOT, procore.environment)


def forked(runs: int) -> dict[str, float]:
    """Return the CPU seconds of a run of the matrix, and of the stand-in meanwhile."""
    spent = []
    for number in (1, 1 + runs):
        before, own = resource.getrusage(resource.RUSAGE_CHILDREN), time.process_time()
        with suite_runner() as runner:
            for _ in range(number):
                runner.run(VARIATIONS[0])
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        spent.append((cpu, time.process_time() - own))
    (once, own_once), (often, own_often) = spent
    with serve(VARIATIONS[0].world()) as procore:
        timed(CASES["disruptive"].command, ROOT, procore.environment)
        requests = len(procore.requests)
    return {"client": (often - once) / runs, "standin": (own_often - own_once) / runs, "requests": requests}


def measure(runs: int) -> dict[str, Any]:
    """Return the results: ``cases`` by name with ``wall`` and ``cpu`` in seconds, and ``forked``."""
    load = round(os.getloadavg()[0], 1)  # of the machine, before anything is measured
    tests = len((ROOT / "tests" / "catalogue.toml").read_text(encoding="utf-8").split("\n[")) - 1
    found: dict[str, list[dict[str, float]]] = {name: [] for name in CASES}
    with tempfile.TemporaryDirectory() as name:
        for file, text in EMPTY.items():
            Path(name, file).write_text(text.format(tests=tests), encoding="utf-8")
        for _ in range(runs + 1):  # the first one warms the caches
            for case in CASES:
                found[case].append(measured(CASES[case], Path(name)))
    medians = {
        case: {kind: round(statistics.median(one[kind] for one in some[1:]), 3) for kind in ("wall", "cpu")}
        for case, some in found.items()
    }
    versions = {name: version(name) for name in LIBRARIES}
    spent = {key: round(value, 3) for key, value in forked(runs).items()}
    about = {**figures.origin(), "load": load, "runs": runs, "tests": tests, "versions": versions}
    return {**about, "cases": medians, "forked": spent}


def section(results: Mapping[str, Any]) -> str:
    """Return the text of the page."""
    versions = ", ".join(f"{name} {number}" for name, number in results["versions"].items())
    head = HEAD.format(**{**results, "day": results["when"][:10], "libraries": versions})
    cases = results["cases"]
    rows = []
    for name, case in CASES.items():
        wall, cpu = (cases[name][kind] for kind in ("wall", "cpu"))
        over = f"{cpu - cases[case.base]['cpu']:+.2f}" if case.base else ""
        rows.append(f"| {case.title} | {wall:.2f} | {cpu:.2f} | {over} | {case.goal} |\n")
    return head + "".join(rows) + FORKED.format(**results["forked"])


def main(arguments: list[str]) -> None:
    """Measure, unless the table alone is wanted, and write."""
    if "--table" not in arguments:
        figures.write(NAME, measure(int(arguments[0]) if arguments else 5))
    page = DOCUMENT.read_text(encoding="utf-8")
    DOCUMENT.write_text(figures.with_section(page, NAME, section(figures.read(NAME))), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
