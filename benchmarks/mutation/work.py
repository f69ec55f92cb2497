"""All mutants of a shard, each by what can kill it soonest: the sweep for claims and schemas, attempts for the rest."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks.mutation.desk import Desk
from benchmarks.mutation.judge import Effort, Judge, Result
from benchmarks.mutation.mutants import Mutant
from benchmarks.mutation.sweep import Living, Sweep

SWEPT = frozenset({"tests", "schemas"})


def judged(mutants: list[Mutant], folder: Path, effort: Effort) -> Iterator[tuple[Mutant, Result]]:
    """Yield what becomes of each mutant, as it is known."""
    known = {mutant.key: mutant for mutant in mutants}
    desk = Desk(folder)
    judge = Judge(desk, folder, effort)
    try:
        outlived = {}
        swept = [mutant for mutant in mutants if mutant.room in SWEPT]
        if swept:
            sweep = Sweep(desk, folder / "sweep")
            try:
                for result in sweep.results(swept, effort.sweep):
                    if isinstance(result, Living):
                        outlived[result.mutant.key] = result.tried
                    else:
                        yield known[result.key], result
            finally:
                sweep.close()
        for mutant in mutants:
            if mutant.room not in SWEPT or mutant.key in outlived:
                yield mutant, judge.judge(mutant, outlived.get(mutant.key, 0))
    finally:
        judge.close()
        desk.close()
