"""How long a replay takes, next to what pytest itself needs: ``python -m benchmarks.replay [RUNS]``.

Prints medians of whole processes, in seconds, side by side, and their ratio.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
EMPTY = "import pytest\n@pytest.mark.parametrize('n', range(104))\ndef test_nothing(n):\n    pass\n"


def median_seconds(command: list[str], folder: Path, runs: int) -> float:
    """Return the median time of ``runs`` runs of ``command`` in ``folder``, after one that warms the caches."""
    times = []
    for _ in range(runs + 1):
        started = time.perf_counter()
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
        times.append(time.perf_counter() - started)
    return statistics.median(times[1:])


def main(runs: int) -> None:
    """Measure and print."""
    pytest = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    with tempfile.TemporaryDirectory() as empty:
        Path(empty, "test_nothing.py").write_text(EMPTY, encoding="utf-8")
        base = median_seconds([*pytest, "--rootdir=."], Path(empty), runs)
    print(f"{'pytest, 104 empty tests':<32}{base:6.2f} s   1.0")
    for title, arguments in (("replay", []), ("replay, -n 2", ["-n", "2"])):
        seconds = median_seconds([*pytest, *arguments], ROOT, runs)
        print(f"{title:<32}{seconds:6.2f} s {seconds / base:5.1f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
