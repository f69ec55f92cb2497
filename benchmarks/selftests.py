"""What one run of the matrix costs, collection apart: ``python -m benchmarks.selftests [RUNS]``.

Each run is the whole suite, live and disruptive, over TLS, against the stand-in. Side by side: a fork of
a session that has collected, as the matrix does it, and a process of its own, as a user starts it. Medians, in seconds;
of the fork also the CPU seconds, which say the same on a machine that does other things besides.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable

from selftests.support.matrix_runs import suite_runner
from selftests.support.project import NO_HYPOTHESIS, ROOT
from standin.cases.case import Case
from standin.cases.variations import VARIATIONS
from standin.server.running import serve


def median_seconds(run: Callable[[], object], runs: int) -> float:
    """Return the median time of ``runs`` calls of ``run``, after one that warms the caches."""
    times = []
    for _ in range(runs + 1):
        started = time.perf_counter()
        run()
        times.append(time.perf_counter() - started)
    return statistics.median(times[1:])


def as_a_user(case: Case, *arguments: str) -> None:
    """Run the suite in a process of its own."""
    with serve(case.world(), certificate=case.certificate) as procore:
        subprocess.run(
            [sys.executable, "-m", "pytest", "--target=sandbox", "--disruptive", "-q", *arguments],
            cwd=ROOT,
            env={**procore.environment, **NO_HYPOTHESIS},
            check=True,
            capture_output=True,
        )


def main(runs: int) -> None:
    """Measure and print."""
    case = VARIATIONS[0]
    started = time.perf_counter()
    with suite_runner() as runner:
        runner.run(case)
        first = time.perf_counter() - started
        used: list[float] = []

        def run() -> None:
            runner.run(case)
            used.append(runner.used)

        ours = time.process_time()
        forked = median_seconds(run, runs)
        served = (time.process_time() - ours) / len(used)
    whole = median_seconds(lambda: as_a_user(case), runs)
    collection = median_seconds(lambda: as_a_user(case, "--collect-only"), runs)
    for title, seconds in (
        ("a fork after collection", forked),
        ("of which CPU of the suite", statistics.median(used)),
        ("of which CPU of the stand-in", served),
        ("a process of its own", whole),
        ("of which start and collection", collection),
        ("once: start, collection, one run", first),
    ):
        print(f"{title:<34}{seconds:6.2f} s {seconds / forked:5.1f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 9)
