"""Attempts on the life of a mutant, the cheapest first, until one succeeds."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.mutation.desk import TOO_LONG, Base, Claims, Desk
from benchmarks.mutation.mutants import RULES, SCHEMAS, Mutant, change, mutated
from benchmarks.mutation.reach import RIGHT, Reached
from benchmarks.mutation.results import KILLED, SURVIVED, UNCHANGED, Living, Result
from selftests.support.matrix_runs import Outcome, SuiteRunner
from selftests.support.project import ROOT
from selftests.support.untested import UNTESTED
from standin.cases.case import Case
from standin.cases.variations import VARIATIONS

REPLAYED = "selftests.support.claims:replayed"  # what tests of claims begin with
QUICK = ("-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--no-header", "--tb=no", "-W", "ignore")
GONE = "ERROR: not found: "  # how pytest says that it knows no such test: no mutant dies of that
_LIBRARY = {name: case for case in VARIATIONS for name in [case.id]}


@dataclass(frozen=True)
class Effort:
    """How much is tried before a mutant has survived."""

    cases: int = 24  # runs of the suite besides those that name the requirement
    seconds: float = 20.0  # self-tests that reach the line
    room: bool = True  # at last, all self-tests of the room
    sweep: int = 10_000  # cases of the matrix that mutants of claims and schemas meet, evenly picked


class Judge:
    """Judges one mutant after the other at one desk."""

    def __init__(self, desk: Desk, folder: Path, effort: Effort, reached: Reached | None = None) -> None:
        self._desk = desk
        self._effort = effort
        self._reached = reached or Reached()
        self._folder = folder
        self._tried = 0
        aside = folder / "right"
        aside.mkdir()
        # The suite without a mutant: a busy machine may be what made a run come out otherwise.
        self._own = Base(self._desk.root, aside / "output.txt", ())
        self._right = SuiteRunner(aside, Claims(self._own))  # type: ignore[arg-type]
        self._sure: dict[str, bool] = {}

    def close(self) -> None:
        """End all processes."""
        self._own.close()

    def first(self, mutant: Mutant) -> Result:
        """Return what the self-tests that reach it make of a mutant."""
        return self._judge(mutant, 0, self._first)

    def bench(self, room: str, living: Sequence[Living]) -> Iterator[Result]:
        """Yield a result for each mutant of claims, or of schemas, that their quick self-tests kill."""
        if not living:
            return
        order, out = self._folder / "bench.json", self._folder / "bench-said.jsonl"
        out.unlink(missing_ok=True)
        plain = [one.as_plain() for one in living]
        order.write_text(json.dumps({"mutants": plain, "out": str(out)}), encoding="utf-8")
        started = time.perf_counter()
        arguments = [*(one for one in QUICK if one != "-x"), *RULES["quick"]["schemas" if room in SCHEMAS else room]]
        self._base(room).bench(arguments, order, 300 + 20 * len(living))
        said = dict(map(json.loads, out.read_text(encoding="utf-8").splitlines())) if out.exists() else {}
        each = round((time.perf_counter() - started) / max(1, len(living)), 2)
        for one in living:
            one.tried += 1
            if said.get(one.mutant.key):
                changed = change(one.mutant, one.code)
                yield Result(one.mutant.key, KILLED, said[one.mutant.key], one.tried, each, *changed)

    def last(self, mutant: Mutant, tried: int) -> Result:
        """Return what becomes at last of a mutant that has outlived ``tried`` attempts."""
        return self._judge(mutant, tried, self._last)

    def _judge(self, mutant: Mutant, tried: int, killer: Callable[[Mutant], str]) -> Result:
        started, self._tried = time.perf_counter(), tried
        code = mutated(mutant)
        if code is None:
            return Result(mutant.key, UNCHANGED, "", 0, 0.0, "", "")
        with self._desk.holding(mutant.path, code):
            by = killer(mutant)
        taken = round(time.perf_counter() - started, 2)
        return Result(mutant.key, KILLED if by else SURVIVED, by, self._tried, taken, *change(mutant, code))

    def _first(self, mutant: Mutant) -> str:
        """Return which of the self-tests that are known to reach it kills a mutant."""
        return self._by_tests(mutant.room, self._reached.tests(mutant, self._effort.seconds))

    def _last(self, mutant: Mutant) -> str:
        """Return what kills a mutant that has outlived self-tests and sweep: runs of its own, and all self-tests."""
        if mutant.room == "tests":
            return ""  # all that judges them has
        if mutant.room in SCHEMAS:
            return self._of_schema(mutant)
        return self._by_cases(mutant.room, self._reached.cases(mutant, self._effort.cases)) or self._by_room(mutant)

    def _of_schema(self, mutant: Mutant) -> str:
        if not self._effort.room:
            return ""
        name = Path(mutant.path).name.removesuffix(".schema.json")
        tests = RULES["schemas"].get(name, RULES["schemas"]["of-procore"])
        return self._by_tests(mutant.room, tests["tests"], words=tests.get("words", "").format(name=name))

    def _by_tests(self, room: str, tests: list[str], *, words: str = "", seconds: float = 0.0) -> str:
        """Return what self-tests say: a failure, or the end of their time."""
        if not tests:
            return ""
        self._tried += 1
        most = seconds or 30 + 4 * self._effort.seconds
        named = [*QUICK, *(["-k", words] if words else [])]
        code = self._base(room).selftests([*named, *tests], most)
        if self._said(GONE):  # a mutant may change of which parameters there are tests
            code = self._base(room).selftests([*named, *dict.fromkeys(one.partition("[")[0] for one in tests)], most)
        if code in {0, 5}:
            return ""
        if self._said(GONE):
            raise RuntimeError(f"a self-test of reach.json is gone: measure again ({', '.join(self._said(GONE))})")
        return "time" if code == TOO_LONG else self._failed() or f"pytest's exit code {code}"

    def _failed(self) -> str:
        found = [line.split(" - ")[0] for line in self._said("FAILED ", "ERROR ")]
        return found[0].partition(" ")[2] if found else ""

    def _said(self, *beginnings: str) -> list[str]:
        lines = self._desk.output.read_text(encoding="utf-8", errors="replace").splitlines()
        return [line for line in lines if line.startswith(beginnings)]

    def _by_room(self, mutant: Mutant) -> str:
        """Return what all self-tests of the room say, which start processes of their own as well."""
        if not self._effort.room:
            return ""
        folder = f"selftests/{mutant.room}"
        return self._by_tests(mutant.room, [folder], words="not budget and not recorded", seconds=300)

    def _base(self, room: str) -> Base:
        """Return the process with all imported that no mutant of this room can change."""
        if room not in {"tests", *SCHEMAS}:
            return self._desk.base()
        paths = sorted((ROOT / "quickstart").rglob("[!_]*.py"))
        names = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in paths]
        # The report is a plugin of pytest-html, which pytest wants to rewrite first.
        kept = [name for name in names if ".report." not in name and ".plugin." not in name]
        return self._desk.base(*kept, *([REPLAYED] if room == "tests" else []))

    def _by_cases(self, room: str, tried: list[Case]) -> str:
        """Return the case that comes out otherwise than the tables say."""
        suite = Claims(self._base(room))
        runner = SuiteRunner(self._folder, suite)  # type: ignore[arg-type]
        try:
            for case in tried:
                self._tried += 1
                if not as_told(runner.run(case), case) and self._is_sure(case):
                    return case.id
        except RuntimeError:
            return "collection"
        finally:
            suite.close()
        return ""

    def _is_sure(self, case: Case) -> bool:
        """Whether the suite without a mutant finds what the tables say, here and now."""
        if case.id not in self._sure:
            self._sure[case.id] = as_told(self._right.run(case), case)
        return self._sure[case.id]


def as_told(outcome: Outcome, case: Case) -> bool:
    """Whether a run says what the tables say, by the rules of the kill matrix."""
    legal = case.id in _LIBRARY or case is RIGHT
    return (
        not outcome.crashes
        and outcome.is_told(case)
        and outcome.exit_code == outcome.expected_exit_code
        and (not legal or outcome.untested.keys() == {*UNTESTED.get(case.id, "").split()})
    )
