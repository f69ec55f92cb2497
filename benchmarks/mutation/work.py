"""All mutants of a shard, each by what can kill it soonest."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks.mutation.desk import Desk
from benchmarks.mutation.judge import Effort, Judge
from benchmarks.mutation.mutants import OUTPUTS, Mutant
from benchmarks.mutation.results import SURVIVED, Result
from benchmarks.mutation.sweep import Sweep

MET_FIRST = ("tests", "schemas", OUTPUTS)  # judged by many at once


def judged(mutants: list[Mutant], folder: Path, effort: Effort) -> Iterator[tuple[Mutant, Result]]:
    """Yield what becomes of each mutant, as it is known.

    Claims and schemas first meet their quick self-tests, and answers in which nothing is wrong; the others meet the
    self-tests that reach them. Then all meet the answers of the matrix, and what lives has runs of its own, and all
    self-tests of its room. No answer is judged by the schemas of our outputs: they meet self-tests alone.
    """
    known = {mutant.key: mutant for mutant in mutants}
    desk = Desk(folder)
    judge, sweep = Judge(desk, folder, effort), Sweep(desk, folder / "sweep")
    try:
        met = [mutant for mutant in mutants if mutant.room in MET_FIRST]
        for result in sweep.add(met):
            yield known.pop(result.key), result
        for room in MET_FIRST:
            for result in judge.bench(room, [one for one in sweep.living.values() if one.mutant.room == room]):
                del sweep.living[result.key]
                yield known.pop(result.key), result
        for key in [key for key in sweep.living if known[key].room == OUTPUTS]:
            living = sweep.living.pop(key)
            mutant = known.pop(key)
            yield mutant, judge.last(mutant, living.tried)
        for result in sweep.right():
            yield known.pop(result.key), result
        outlived = []
        for mutant in [mutant for mutant in known.values() if mutant.room not in MET_FIRST]:
            result = judge.first(mutant)
            if result.outcome != SURVIVED:
                yield known.pop(mutant.key), result
            else:
                outlived.append(mutant)
        for result in sweep.add(outlived):
            yield known.pop(result.key), result
        for result in sweep.matrix(effort.sweep):
            yield known.pop(result.key), result
        for key, living in [*sweep.living.items()]:
            yield known[key], judge.last(known[key], living.tried)
    finally:
        sweep.close()
        judge.close()
        desk.close()
