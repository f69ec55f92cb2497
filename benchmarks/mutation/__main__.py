"""``python -m benchmarks.mutation``: mutate the claims and what judges them, and count who notices.

``list`` says what there is; ``reach`` asks coverage's data who can kill what; ``run`` judges, and goes on where it was
left; ``report`` writes benchmarks/results/mutation.json from the results and fails below the goal.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from benchmarks.mutation import report
from benchmarks.mutation.mutants import ROOT, RULES, Mutant, mutants

RESULTS = ROOT / "build" / "mutation"


def chosen(options: argparse.Namespace, left: Counter[str] | None = None) -> Iterator[Mutant]:
    """Yield the mutants of this shard and sample: every Nth of each room, dealt out in turn."""
    part, parts = map(int, options.shard.split("/"))
    for room in options.room or RULES["rooms"]:
        for index, mutant in enumerate(mutants(room, left)[:: options.every]):
            if index % parts == part - 1 and options.only in mutant.key:
                yield mutant


def listing(options: argparse.Namespace) -> int:
    """Say how many mutants there are, and what is left out."""
    left: Counter[str] = Counter()
    rooms = Counter(mutant.room for mutant in chosen(options, left))
    print(*(f"{room}: {number}" for room, number in rooms.items()), sep="\n")
    print(*(f"left out, {rule}: {number}" for rule, number in left.items()), sep="\n")
    return 0


def run(options: argparse.Namespace) -> int:
    """Judge what has no result yet, and append each result as it comes."""
    from benchmarks.mutation.judge import Effort
    from benchmarks.mutation.work import judged

    file: Path = options.results / f"results-{options.shard.replace('/', '-of-')}.jsonl"
    file.parent.mkdir(parents=True, exist_ok=True)
    done = {one["key"] for one in report.results(options.results)}
    left = [mutant for mutant in chosen(options) if mutant.key not in done]
    print(f"{len(left)} mutants", flush=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what was started is ended
    effort = Effort(options.cases, options.seconds, not options.quick, options.sweep)
    with tempfile.TemporaryDirectory(prefix="mutation-") as folder:
        for number, (mutant, result) in enumerate(judged(left, Path(folder), effort), 1):
            with file.open("a", encoding="utf-8") as stream:
                print(json.dumps({**asdict(mutant), **asdict(result)}, ensure_ascii=False), file=stream)
            print(f"{number}/{len(left)} {result.outcome} {mutant.key} {result.by} {result.seconds}", flush=True)
    return 0


def reach(options: argparse.Namespace) -> int:
    """Write reach.json from coverage's data and the seconds of the tests."""
    from benchmarks.mutation import reaching

    reaching.write(options.data, options.took)
    return 0


def main() -> int:
    """Do what is asked."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mutation", description=__doc__)
    parser.set_defaults(results=RESULTS)
    commands = parser.add_subparsers(required=True)
    for name, work in (("list", listing), ("run", run)):
        command = commands.add_parser(name, help=work.__doc__)
        command.set_defaults(work=work)
        command.add_argument("--room", action="append", choices=[*RULES["rooms"]], help="one room; default all")
        command.add_argument("--every", type=int, default=1, metavar="N", help="every Nth mutant of each room")
        command.add_argument("--shard", default="1/1", metavar="K/N", help="the Kth of N equal parts")
        command.add_argument("--only", default="", metavar="TEXT", help="mutants whose key holds TEXT")
        command.add_argument("--cases", type=int, default=24, help="runs of the suite before a mutant has survived")
        command.add_argument("--seconds", type=float, default=20, help="of self-tests that reach the line")
        command.add_argument(
            "--sweep", type=int, default=10_000, help="cases of the matrix that claims and schemas meet"
        )
        command.add_argument("--quick", action="store_true", help="without all self-tests of the room at last")
        command.add_argument("--results", type=Path, default=RESULTS, metavar="FOLDER", help="where results are kept")
    command = commands.add_parser("reach", help=reach.__doc__)
    command.set_defaults(work=reach)
    command.add_argument("data", type=Path, help="coverage's data file, combined")
    command.add_argument("took", type=Path, nargs="*", help="JSON: the seconds of each test")
    command = commands.add_parser("report", help=report.main.__doc__)
    command.set_defaults(work=report.main)
    command.add_argument("results", type=Path, nargs="?", default=RESULTS, help="the folder with the results")
    command.add_argument(
        "--sample", action="append", default=[], metavar="ROOM=N", help="only every Nth was to be judged; 0 for none"
    )
    command.add_argument(
        "--keep", action="append", default=[], choices=[*RULES["rooms"]], help="its figures stay as they were written"
    )
    options = parser.parse_args()
    done: int = options.work(options)
    return done


if __name__ == "__main__":
    sys.exit(main())
