"""``python -m selftests.score``: run the whole kill matrix and write what it says into README.md.

The lines stand between ``<!-- score -->`` and ``<!-- /score -->``. ``--tables`` writes what the tables promise without
running anything; a test refuses a README that says something else, and the matrix proves that the tables are true.
"""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from quickstart.judgement import catalogue
from selftests.support.matrix_runs import suite_runner
from selftests.support.project import ROOT
from standin.cases.case import Case
from standin.cases.faults import FAULTS as FAULTS
from standin.cases.variations import VARIATIONS as VARIATIONS
from standin.server.certificates import authorities

README = ROOT / "README.md"
BEGIN, END = "<!-- score -->", "<!-- /score -->"
RUNNERS = 2


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


def run(cases: list[Case]) -> frozenset[str]:
    """The ids of the cases that did not come out as the tables say."""
    authorities()  # made before the threads, which would each make their own

    def share(part: list[Case]) -> list[str]:
        with suite_runner() as runner:
            outcomes = ((case, runner.run(case)) for case in part)
            return [
                case.id
                for case, outcome in outcomes
                if (outcome.violated, outcome.advisory) != (case.violated, case.advisory) or outcome.crashes
            ]

    with ThreadPoolExecutor(RUNNERS) as pool:
        return frozenset(chain.from_iterable(pool.map(share, (cases[start::RUNNERS] for start in range(RUNNERS)))))


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
    wrong = frozenset() if options.tables else run([*FAULTS, *VARIATIONS])
    for name in sorted(wrong):
        print(f"not as the tables say: {name}", file=sys.stderr)
    lines = score(wrong).lines()
    print(lines)
    _write(README, lines)
    return 1 if wrong else 0


def _write(path: Path, lines: str) -> None:
    if not path.exists():
        print(f"{path.name} is not there yet: nothing was written", file=sys.stderr)
        return
    path.write_text(written(path.read_text(encoding="utf-8"), lines), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
