"""The mutants of claims and schemas before the whole matrix: each case runs once, and all that live judge it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.mutation.desk import Base, Claims, Desk
from benchmarks.mutation.mutants import Mutant, change, mutated
from benchmarks.mutation.panel import OPTION
from benchmarks.mutation.reach import RIGHT, requirements
from benchmarks.mutation.results import KILLED, UNCHANGED, Living, Result
from selftests.support.matrix_runs import SuiteRunner
from standin.cases.case import Case
from standin.cases.faults import FAULTS
from standin.cases.variations import VARIATIONS

_LEGAL = {case.id for case in VARIATIONS} | {RIGHT.id}


class Sweep:
    """Runs cases, and lets mutants judge the answers of each."""

    def __init__(self, desk: Desk, folder: Path) -> None:
        self.living: dict[str, Living] = {}
        self._folder = folder
        folder.mkdir()
        self._base = Base(desk.root, folder / "output.txt", ())
        self._claims = Claims(self._base, panel=True)
        self._runner = SuiteRunner(folder, self._claims)  # type: ignore[arg-type]

    def close(self) -> None:
        """End all processes."""
        self._base.close()

    def add(self, mutants: list[Mutant]) -> Iterator[Result]:
        """Take mutants in, and yield a result for each that compiles to the same code."""
        for mutant in mutants:
            code = mutated(mutant)
            if code is None:
                yield Result(mutant.key, UNCHANGED, "", 0, 0.0, "", "")
            else:
                self.living[mutant.key] = Living(mutant, code, requirements(mutant))

    def right(self) -> Iterator[Result]:
        """Yield a result for each mutant that is killed where nothing is wrong."""
        yield from self._killed(RIGHT, [*self.living.values()])

    def matrix(self, most: int) -> Iterator[Result]:
        """Yield a result for each mutant that a case kills.

        First each case meets the mutants of what it breaks; then ``most`` of all cases, evenly picked, meet all.
        """
        everything = (*FAULTS, *VARIATIONS)
        step = max(1, len(everything) // most) if most else 1
        for case in everything:
            broken = case.violated | case.advisory
            yield from self._killed(case, [one for one in self.living.values() if one.requirements & broken])
        for case in everything[::step] if most else ():
            yield from self._killed(case, [*self.living.values()])

    def _killed(self, case: Case, meeting: list[Living]) -> Iterator[Result]:
        if not meeting:
            return
        order, out = self._folder / "panel.json", self._folder / "said.json"
        out.unlink(missing_ok=True)
        plain = [one.as_plain() for one in meeting]
        causes = {case.says} if case.says else case.violated or {""}
        content = {"mutants": plain, "legal": case.id in _LEGAL, "out": str(out), "causes": sorted(causes)}
        order.write_text(json.dumps(content), encoding="utf-8")
        started = time.perf_counter()
        self._runner.run(case, **{OPTION: str(order)})
        said = json.loads(out.read_text(encoding="utf-8")) if out.exists() else {}
        each = (time.perf_counter() - started) / len(meeting)
        for one in meeting:
            one.tried += 1
            one.seconds += each
            if one.mutant.key in said:
                del self.living[one.mutant.key]
                by = f"{case.id} ({said[one.mutant.key]})"
                before, after = change(one.mutant, one.code)
                yield Result(one.mutant.key, KILLED, by, one.tried, round(one.seconds, 2), before, after)
