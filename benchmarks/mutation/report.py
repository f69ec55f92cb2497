"""The score: results of all shards, survivors with their reasons, and whether that is good enough."""

from __future__ import annotations

import argparse
import json
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.mutation.mutants import ROOT, RULES, mutants

GOAL = 95  # percent
REASONS = Path(__file__).with_name("survivors.toml")
WRITTEN = ROOT / "benchmarks" / "results" / "mutation.json"


def results(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield the results of all shards in a folder."""
    for path in sorted(folder.rglob("results-*.jsonl")):
        yield from map(json.loads, path.read_text(encoding="utf-8").splitlines())


def main(options: argparse.Namespace) -> int:
    """Write benchmarks/results/mutation.json; 1 where too few were killed, or a survivor has no reason."""
    samples = {room: int(every) for room, _, every in (one.partition("=") for one in options.sample)}
    document = made(options.results, {**samples, **dict.fromkeys(options.keep, 0)})
    if options.keep:  # rooms take hours, and are judged apart
        rooms, earlier = document["rooms"], json.loads(WRITTEN.read_text(encoding="utf-8"))["rooms"]
        rooms.update((room, earlier[room]) for room in options.keep)
        document["left_out"]["unchanged"]["mutants"] = sum(one["unchanged"] for one in rooms.values())
    WRITTEN.parent.mkdir(parents=True, exist_ok=True)
    WRITTEN.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    for room, one in document["rooms"].items():
        left = f", {one['unfinished']} not judged to the end" if one["unfinished"] else ""
        print(f"{room}: {one['killed']} of {one['run']} killed ({one['score']} %){left}; {one['mutants']} mutants")
    wrong = problems(document)
    print(*wrong, sep="\n", file=sys.stderr)
    return 1 if wrong else 0


def made(folder: Path, samples: Mapping[str, int]) -> dict[str, Any]:
    """Return the document: for each room what there is, what was run, what survived and why.

    Each mutant of a sample must be judged; one that was not, counts as one that nobody killed. 0 leaves a room out.
    """
    reasons: dict[str, str] = tomllib.loads(REASONS.read_text(encoding="utf-8")) if REASONS.exists() else {}
    found = {one["key"]: one for one in results(folder)}  # the last result of a key counts
    left: Counter[str] = Counter()
    rooms = {}
    for room in RULES["rooms"]:
        there = mutants(room, left)
        every = samples.get(room, 1)
        wanted = {one.key for one in there[::every]} if every else set()
        run = [one for one in found.values() if one["key"] in wanted]
        unfinished = len(wanted) - len(run)
        unchanged = sum(one["outcome"] == "unchanged" for one in run)
        left["unchanged"] += unchanged
        run = [one for one in run if one["outcome"] != "unchanged"]
        killed = sum(one["outcome"] == "killed" for one in run)
        rooms[room] = {
            "mutants": len(there),
            "every": every,
            "unchanged": unchanged,
            "run": len(run) + unfinished,
            "unfinished": unfinished,
            "killed": killed,
            "score": round(100 * killed / (len(run) + unfinished), 1) if run else None,
            "survivors": [
                {
                    "key": one["key"],
                    "file": f"{one['path']}:{one['line']}",
                    "before": one["before"],
                    "after": one["after"],
                    "tried": one["tried"],
                    "reason": reasons.get(one["key"], ""),
                }
                for one in run
                if one["outcome"] == "survived"
            ],
        }
    return {
        "made": datetime.now(UTC).date().isoformat(),
        "python": sys.version.split()[0],
        "goal": GOAL,
        "left_out": {rule: {"mutants": left[rule], "reason": why} for rule, why in RULES["left-out"].items()},
        "rooms": rooms,
    }


def problems(document: dict[str, Any]) -> list[str]:
    """Return a sentence for each room below the goal and each survivor without a reason."""
    found = [
        f"{room}: {one['score']} % killed, and {document['goal']} % is the goal"
        for room, one in document["rooms"].items()
        if one["run"] and (one["score"] or 0) < document["goal"]
    ]
    return found + [
        f"no reason in survivors.toml: {survivor['key']}"
        for one in document["rooms"].values()
        for survivor in one["survivors"]
        if not survivor["reason"]
    ]
