"""``python -m selftests.score``: run the whole kill matrix, each case alone, and write what it says into README.md.

The lines stand between ``<!-- score -->`` and ``<!-- /score -->``. It writes, too, which cases may share a run of the
matrix (``selftests/support/together.txt``). ``--tables`` writes what the tables promise without running anything; a
test refuses a README that says something else, and the matrix proves that the tables are true.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import TypeVar

from quickstart.judgement import catalogue
from selftests.support import together
from selftests.support.matrix_runs import SuiteRunner, suite_runner
from selftests.support.project import ROOT
from standin.cases.case import Case
from standin.cases.faults import FAULTS as FAULTS
from standin.cases.variations import VARIATIONS as VARIATIONS
from standin.server.certificates import authorities

README = ROOT / "README.md"
BEGIN, END = "<!-- score -->", "<!-- /score -->"
RUNNERS = 2
Work = TypeVar("Work")


@dataclass(frozen=True)
class Score:
    """How many of how many."""

    caught: int
    faults: int
    false_alarms: int
    variations: int
    covered: int
    requirements: int

    def lines(self) -> str:
        """The text between the markers."""
        return (
            f"faults caught {self.caught} of {self.faults}, "
            f"false alarms {self.false_alarms} of {self.variations}, "
            f"requirements with a fault {self.covered} of {self.requirements}"
        )


def score(wrong: frozenset[str]) -> Score:
    """The score where these cases did not come out as the tables say."""
    must = {one.id for one in catalogue.load(ROOT / "tests" / "catalogue.toml").values() if one.level == "must"}
    return Score(
        caught=sum(case.id not in wrong for case in FAULTS),
        faults=len(FAULTS),
        false_alarms=sum(case.id in wrong for case in VARIATIONS),
        variations=len(VARIATIONS),
        covered=len(must & set(chain.from_iterable(case.violated for case in FAULTS))),
        requirements=len(must),
    )


def breakdown(wrong: frozenset[str]) -> list[str]:
    """The score by the worst level that a case breaks, and the catalogue by level and basis: for a terminal."""
    known = catalogue.load(ROOT / "tests" / "catalogue.toml").values()
    must = [case for case in FAULTS if case.violated]
    should = [case for case in FAULTS if not case.violated]
    quiet = [case for case in VARIATIONS if not case.advisory]
    advised = [case for case in VARIATIONS if case.advisory]
    parts = (("faults of a must", must), ("faults of a should", should))
    lines = [f"{name}: {_right(cases, wrong)} of {len(cases)} caught" for name, cases in parts]
    parts = (("legal answers", quiet), ("legal answers that break a should", advised))
    lines += [f"{name}: {len(cases) - _right(cases, wrong)} of {len(cases)} judged wrongly" for name, cases in parts]
    for level in catalogue.LEVELS:
        bases = Counter(one.basis for one in known if one.level == level)
        named = ", ".join(f"{basis} {bases[basis]}" for basis in catalogue.BASES if bases[basis])
        lines.append(f"{level}: {bases.total()} ({named})")
    return lines


def _right(cases: list[Case], wrong: frozenset[str]) -> int:
    return sum(case.id not in wrong for case in cases)


def shared(work: Callable[[SuiteRunner, Work], None], parts: Sequence[Work]) -> None:
    """Do the work, in as many threads as there are runners."""

    def share(start: int) -> None:
        with suite_runner() as runner:
            for part in parts[start::RUNNERS]:
                work(runner, part)

    authorities()  # made before the threads, which would each make their own
    with ThreadPoolExecutor(RUNNERS) as pool:
        list(pool.map(share, range(RUNNERS)))


def run(cases: list[Case]) -> tuple[frozenset[str], dict[str, together.Trace]]:
    """The ids of the cases that did not come out as the tables say; and what those that did changed on their way."""
    wrong: set[str] = set()
    traces: dict[str, together.Trace] = {}

    def alone(runner: SuiteRunner, case: Case) -> None:
        changes = together.Changes(case)
        outcome = runner.run(replace(case, modifiers=changes.modifiers))
        if outcome.crashes or not outcome.is_told(case):
            wrong.add(case.id)
        else:
            traces[case.id] = changes.trace(outcome.untested)

    shared(alone, cases)
    return frozenset(wrong), traces


def grouped(groups: list[list[Case]]) -> str:
    """Which cases one run tells, as ``together.txt`` holds it."""
    found: list[Sequence[Case]] = []
    shared(lambda runner, group: found.extend(together.proven(runner, group)), groups)
    return together.written(found)


def written(text: str, lines: str) -> str:
    """The README with these lines between its markers. Raises ValueError when it has none."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{README.name} has no {BEGIN} and {END}")
    return f"{before}{BEGIN}\n{lines}\n{END}{after}"


def main() -> int:
    """Print the score, and write it into README.md where that has the markers."""
    parser = argparse.ArgumentParser(prog="python -m selftests.score", description=__doc__)
    parser.add_argument("--tables", action="store_true", help="write what the tables promise, without running anything")
    options = parser.parse_args()
    wrong: frozenset[str] = frozenset()
    if not options.tables:
        cases = [*FAULTS, *VARIATIONS]
        wrong, traces = run(cases)
        before = [group for group in together.groups(cases) if len(group) > 1]
        together.FILE.write_text(grouped(together.packed(traces, cases, before)), encoding="utf-8")
    for name in sorted(wrong):
        print(f"not as the tables say: {name}", file=sys.stderr)
    lines = score(wrong).lines()
    print("\n".join([lines, *breakdown(wrong)]))
    _write(README, lines)
    return 1 if wrong else 0


def _write(path: Path, lines: str) -> None:
    if not path.exists():
        print(f"{path.name} is not there yet: nothing was written", file=sys.stderr)
        return
    path.write_text(written(path.read_text(encoding="utf-8"), lines), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
