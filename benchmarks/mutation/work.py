"""All mutants of a shard, each by what can kill it soonest."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks.mutation.desk import Desk
from benchmarks.mutation.judge import SURVIVED, Effort, Judge, Result
from benchmarks.mutation.mutants import Mutant
from benchmarks.mutation.sweep import Living, Sweep


def judged(mutants: list[Mutant], folder: Path, effort: Effort) -> Iterator[tuple[Mutant, Result]]:
    """Yield what becomes of each mutant, as it is known.

    Self-tests that reach it come first, then the answers of the matrix, then runs and all self-tests of its room.
    Claims and schemas meet the matrix first, which costs them milliseconds.
    """
    known = {mutant.key: mutant for mutant in mutants}
    outlived = {mutant.key: 0 for mutant in mutants if mutant.room in {"tests", "schemas"}}
    desk = Desk(folder)
    judge = Judge(desk, folder, effort)
    try:
        for mutant in mutants:
            if mutant.key not in outlived:
                result = judge.first(mutant)
                if result.outcome == SURVIVED and mutant.room == "schemas-of-ours":
                    yield mutant, result  # no run of the suite is judged by it
                elif result.outcome == SURVIVED:
                    outlived[mutant.key] = result.tried
                else:
                    yield mutant, result
        sweep = Sweep(desk, folder / "sweep")
        try:
            for met in sweep.results([known[key] for key in outlived], effort.sweep):
                if isinstance(met, Living):
                    outlived[met.mutant.key] += met.tried
                else:
                    del outlived[met.key]
                    yield known[met.key], met
        finally:
            sweep.close()
        for key, tried in outlived.items():
            yield known[key], judge.last(known[key], tried)
    finally:
        judge.close()
        desk.close()
