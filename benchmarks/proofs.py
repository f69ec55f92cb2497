"""``python -m benchmarks.proofs``: write what mutation and coverage found into docs/benchmarks.md, from their JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "benchmarks.md"
RESULTS = ROOT / "benchmarks" / "results"
SHARES = (("lines", "num_statements"), ("branches", "num_branches"))
BEGIN, END = "<!-- proofs -->", "<!-- /proofs -->"


INTRODUCTION = """## How good are the proofs

A mutant is the suite with one small change: a comparison turned round, a bound moved, an assertion or a judged exchange
left out, a keyword of a schema dropped. Each must turn something red. `python -m benchmarks.mutation run` makes and
judges them, `report` counts; the goal is {goal} %. Figures of {made}, Python {python}:

| room | mutants | judged | killed | score |
|---|--:|--:|--:|--:|"""
WHO = """
Mutants of claims and of schemas meet their own self-tests and the answers of the kill matrix, one case after the other;
those of the machinery meet the self-tests that reach their line, runs of the suite, and all self-tests of their room.
Left out are:
"""


def section(mutation: dict[str, Any], coverage: dict[str, Any]) -> str:
    """Return the section between the markers."""
    return "\n".join([*_mutation(mutation), "", *_coverage(coverage)])


def _mutation(found: dict[str, Any]) -> Iterator[str]:
    yield INTRODUCTION.format(**found)
    for room, one in found["rooms"].items():
        score = f"{'at least ' * bool(one['unfinished'])}{one['score']} %" if one["score"] is not None else "–"
        yield f"| {room} | {one['mutants'] - one['unchanged']:,} | {one['run']:,} | {one['killed']:,} | {score} |"
    for room, one in found["rooms"].items():
        if one["every"] != 1:
            yield ""
            yield f"Of {room}, {_sample(one['every'])} was judged here; the nightly job judges all."
        if one["unfinished"]:
            yield ""
            yield f"Of {room}, {one['unfinished']:,} were not judged to the end, and count as alive."
    yield WHO
    for one in found["left_out"].values():
        if one["mutants"]:
            yield f"- {one['mutants']:,}: {one['reason']}"
    survivors = [one for room in found["rooms"].values() for one in room["survivors"]]
    if survivors:
        yield ""
        yield f"<details><summary>{len(survivors)} survivors, and why each lives</summary>"
        yield ""
        yield "| place | change | why it lives |"
        yield "|---|---|---|"
        for one in survivors:
            change = f"{_code(one['before'])} → {_code(one['after'])}"
            yield f"| {one['file']} | {change} | {one['reason'] or '**not known yet**'} |"
        yield ""
        yield "</details>"


def _sample(every: int) -> str:
    return f"every {every}th mutant" if every else "no mutant"


def _code(text: str) -> str:
    short = text if len(text) <= 140 else f"{text[:139]}…"
    return "`" + short.replace("`", "'").replace("|", "\\|") + "`" if short else "(line)"


def _coverage(found: dict[str, Any]) -> Iterator[str]:
    yield f"Lines and branches that self-tests reach (`python -m benchmarks.coverage`, {found['made']}):"
    yield f"{found['measured']}."
    yield ""
    yield "| room | lines | branches |"
    yield "|---|--:|--:|"
    for room, one in found["rooms"].items():
        lines, branches = (f"{one[name]} % of {one[whole]:,}" for name, whole in SHARES)
        yield f"| {room} | {lines} | {branches} |"


def written(text: str, made: str) -> str:
    """Return the page with the section between its markers, which are put at its end where it has none."""
    if BEGIN not in text:
        text = f"{text.rstrip()}\n\n{BEGIN}\n{END}\n".lstrip()
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    return f"{before}{BEGIN}\n{made}\n{END}{after}"


def main() -> int:
    """Write the page."""
    mutation, coverage = (
        json.loads((RESULTS / name).read_text("utf-8")) for name in ("mutation.json", "coverage.json")
    )
    text = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    PAGE.write_text(written(text, section(mutation, coverage)), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
