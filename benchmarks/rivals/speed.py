"""What a run of each tool costs at the right stand-in: wall, CPU, memory and requests, in turn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from benchmarks.rivals.running import Cost, run
from benchmarks.rivals.tools import Tool
from standin.model.world import World


def measure(tools: Sequence[Tool], runs: int) -> dict[str, Any]:
    """Return the figures of so many runs of each, after one that warms the caches, by name. Prints each run.

    Raises RuntimeError if one does not end with 0: its figures would be those of something else.
    """
    costs: dict[str, list[Cost]] = {tool.name: [] for tool in tools}
    for number in range(runs + 1):
        for tool in tools:
            cost = run(tool, World())
            if cost.code:
                raise RuntimeError(f"{tool.name} ended with {cost.code} at the right stand-in: {cost.said}")
            print(f"{number or 'warm':>4} {tool.name:<26}{cost.wall:7.2f} s", flush=True)
            if number:
                costs[tool.name].append(cost)
    return {name: _figures(found) for name, found in costs.items()}


def _figures(costs: Sequence[Cost]) -> dict[str, Any]:
    return {
        "wall": [round(one.wall, 3) for one in costs],
        "cpu": [round(one.cpu, 3) for one in costs],
        "memory": [round(one.memory, 1) for one in costs],
        "requests": [one.requests for one in costs],
    }
