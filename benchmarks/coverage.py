"""``python -m benchmarks.coverage``: lines and branches that the self-tests reach, by room, → results/coverage.json.

Measured are the self-tests themselves, the processes that they start and those that these fork (coverage.ini). What
runs in an environment that a self-test emptied on purpose, or is killed by SIGKILL, is not. ``--from FOLDER`` only
reads what an earlier run has left.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.contexts import SECONDS

ROOT = Path(__file__).resolve().parents[1]
CONFIGURATION = Path(__file__).with_name("coverage.ini")
KEPT = ROOT / "build" / "coverage"
WRITTEN = ROOT / "benchmarks" / "results" / "coverage.json"
COUNTED = ("num_statements", "covered_lines", "num_branches", "covered_branches")


def measured(folder: Path, arguments: list[str]) -> int:
    """Run the self-tests with coverage; leave its data in ``folder`` and return pytest's exit code."""
    folder.mkdir(parents=True, exist_ok=True)
    line = ["coverage", "run", f"--rcfile={CONFIGURATION}", f"--data-file={folder / 'data'}", "-m", "pytest"]
    tests = ["-p", "benchmarks.contexts", "-p", "no:cacheprovider", "-q", *arguments]
    environment = {**os.environ, SECONDS: str(folder / "seconds.json")}
    return subprocess.run([sys.executable, "-m", *line, *tests], cwd=ROOT, env=environment, check=False).returncode


def combined(folder: Path) -> Path:
    """Return the one file of all data in ``folder``, where a run is mapped onto the project."""
    data = folder / "data"
    if any(folder.glob("data.*")):
        line = ["coverage", "combine", f"--rcfile={CONFIGURATION}", f"--data-file={data}", "--append", str(folder)]
        # What a process that was killed has half written cannot be read: the rest counts.
        subprocess.run([sys.executable, "-m", *line], cwd=ROOT, check=not data.exists(), stdout=subprocess.DEVNULL)
    return data


def by_room(data: Path) -> dict[str, dict[str, Any]]:
    """Return, for each room, how many statements and branches there are, and how many were run."""
    written = data.with_name("coverage.json")
    line = ["coverage", "json", f"--rcfile={CONFIGURATION}", f"--data-file={data}", "-q", "-o", str(written)]
    subprocess.run([sys.executable, "-m", *line], cwd=ROOT, check=True)
    rooms: dict[str, Counter[str]] = {}
    for name, one in json.loads(written.read_text(encoding="utf-8"))["files"].items():
        if Path(name).is_absolute():
            continue  # what a self-test wrote elsewhere
        parts = Path(name).parts
        room = "/".join(parts[:2]) if len(parts) > 2 else parts[0]
        rooms.setdefault(room, Counter()).update({key: one["summary"][key] for key in COUNTED})
    return {
        room: {
            **found,
            "lines": share(found["covered_lines"], found["num_statements"]),
            "branches": share(found["covered_branches"], found["num_branches"]),
        }
        for room, found in sorted(rooms.items())
    }


def share(part: int, whole: int) -> float:
    """Return percent, with one digit and never rounded up to 100."""
    return 100.0 if part == whole else min(99.9, round(100 * part / whole, 1))


def main() -> int:
    """Measure, or read, and write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.coverage", description=__doc__)
    parser.add_argument("--from", dest="kept", type=Path, metavar="FOLDER", help="data of an earlier run")
    parser.add_argument("--said", default="", help="what that run covered, in words")
    parser.add_argument("--room", action="append", help="whose self-tests were run; default all rooms")
    parser.add_argument("tests", nargs="*", default=[], help="which self-tests; default all but the kill matrix")
    options = parser.parse_args()
    folder, code = options.kept or KEPT, 0
    if options.kept is None:
        code = measured(folder, options.tests or ["selftests", "-m", "not matrix"])
    found = by_room(combined(folder))
    rooms = {name: one for name, one in found.items() if not options.room or name in options.room}
    document = {
        "made": datetime.now(UTC).date().isoformat(),
        "python": sys.version.split()[0],
        "measured": options.said or " ".join(options.tests) or "all self-tests but the kill matrix",
        "passed": code == 0 if options.kept is None else None,
        "rooms": rooms,
    }
    WRITTEN.parent.mkdir(parents=True, exist_ok=True)
    WRITTEN.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    for room, one in rooms.items():
        print(f"{room:<28} lines {one['lines']:5.1f} %   branches {one['branches']:5.1f} %")
    return 0 if code == 1 else code  # "passed" says so; whether a self-test fails is another job's matter


if __name__ == "__main__":
    sys.exit(main())
