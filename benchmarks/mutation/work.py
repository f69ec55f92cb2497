"""All mutants of a shard, each by what can kill it soonest."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks.mutation.desk import Desk
from benchmarks.mutation.judge import SURVIVED, Effort, Judge, Result
from benchmarks.mutation.mutants import Mutant
from benchmarks.mutation.sweep import Sweep

MET_FIRST = frozenset({"tests", "schemas"})  # a right answer kills half of these, in milliseconds


def judged(mutants: list[Mutant], folder: Path, effort: Effort) -> Iterator[tuple[Mutant, Result]]:
    """Yield what becomes of each mutant, as it is known.

    Claims and schemas first meet answers in which nothing is wrong. Then all meet the self-tests that reach them, then
    the answers of the matrix, and what lives has runs of its own, and all self-tests of its room.
    """
    known = {mutant.key: mutant for mutant in mutants}
    desk = Desk(folder)
    judge, sweep = Judge(desk, folder, effort), Sweep(desk, folder / "sweep")
    try:
        met = [mutant for mutant in mutants if mutant.room in MET_FIRST]
        for result in (*sweep.add(met), *sweep.right()):
            yield known.pop(result.key), result
        outlived = [mutant for mutant in known.values() if mutant.room == "schemas"]
        for mutant in [mutant for mutant in known.values() if mutant.room != "schemas"]:
            result = judge.first(mutant)
            if result.outcome != SURVIVED or mutant.room == "schemas-of-ours":
                sweep.living.pop(mutant.key, None)
                yield known.pop(mutant.key), result
            else:
                outlived.append(mutant)
        for result in sweep.add([mutant for mutant in outlived if mutant.room not in MET_FIRST]):
            yield known.pop(result.key), result
        for result in sweep.matrix(effort.sweep):
            yield known.pop(result.key), result
        for key, living in [*sweep.living.items()]:
            yield known[key], judge.last(known[key], living.tried)
    finally:
        sweep.close()
        judge.close()
        desk.close()
