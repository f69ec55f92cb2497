"""The command: figures of all tools, as JSON and in the pages. ``python -m benchmarks.rivals --help``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import Any

from benchmarks import figures
from benchmarks.rivals import catching, page, schemas, speed
from benchmarks.rivals.tools import TOOLS, Tool, node

NAME = "rivals"


def main() -> int:
    """Do what was asked for; return the exit code: 4 where something is missing or does not work, 2 after Ctrl-C."""
    asked = _arguments()
    if asked.inputs:
        schemas.write()
        return 0
    if not asked.table:
        tools = [one for one in TOOLS if not asked.only or one.name in asked.only]
        try:
            versions = {tool.name: tool.release() for tool in tools} | {"node": node()}
            found = _cases(tools, asked.every, asked.workers) if asked.cases else _speed(tools, asked.runs)
        except (LookupError, RuntimeError) as wrong:
            print(str(wrong), file=sys.stderr)
            return 4
        except KeyboardInterrupt:
            print("stopped; --cases goes on from here the next time", file=sys.stderr)
            return 2
        _keep(versions, found)
    if missing := {"speed", "cases"} - figures.read(NAME).keys():
        print(f"the pages stay as they are until there are figures of both parts: {' and '.join(missing)} is missing")
        return 0
    page.write()
    return 0


def _speed(tools: Sequence[Tool], runs: int) -> dict[str, Any]:
    origin = figures.origin()
    return {"speed": {"origin": origin, "runs": runs, "tools": speed.measure(tools, runs)}}


def _cases(tools: Sequence[Tool], every: int, workers: int) -> dict[str, Any]:
    origin = figures.origin()
    book = catching.run_all(tools, every, workers=workers)
    found: dict[str, Any] = {tool.name: {} for tool in tools}
    for tool in tools:
        for one in catching.series():
            if caught := catching.caught(book, tool, one):
                found[tool.name][one.name] = {"tried": caught.tried, "wrong": list(caught.wrong)}
    sizes = {one.name: len(one.cases) for one in catching.series()}
    return {"cases": {"origin": origin, "sizes": sizes, "tools": found}}


def _keep(versions: dict[str, str], found: dict[str, Any]) -> None:
    """Put what was found in place of what was known of the same tools; of others it stays."""
    known = figures.read(NAME)
    for part, new in found.items():
        old = known.get(part, {})
        known[part] = {**new, "tools": {**old.get("tools", {}), **new["tools"]}}
    known["versions"] = {**known.get("versions", {}), **versions}
    figures.write(NAME, known)


def _power_of_two(text: str) -> int:
    number = int(text)
    if number not in {2**power for power in range(catching.COARSEST.bit_length())}:
        raise argparse.ArgumentTypeError(f"must be a power of two up to {catching.COARSEST}")
    return number


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rivals", description="without options: speed")
    does = parser.add_mutually_exclusive_group()
    does.add_argument("--cases", action="store_true", help="what each catches; goes on where it stopped")
    does.add_argument("--table", action="store_true", help="only write the pages from what is known")
    does.add_argument("--inputs", action="store_true", help="write our schemas into the inputs of the rivals")
    parser.add_argument("--runs", type=int, default=5, metavar="N", help="of each, for the speed (default 5)")
    parser.add_argument("--every", type=_power_of_two, default=1, metavar="N", help="with --cases: an even sample")
    parser.add_argument("--workers", type=int, default=2, metavar="N", help="with --cases: runs at a time (default 2)")
    names = [one.name for one in TOOLS]
    parser.add_argument("--only", action="append", choices=names, metavar="TOOL", help=f"one of {', '.join(names)}")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
