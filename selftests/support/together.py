"""Cases that one run of the suite proves: each changes answers that none of the others changes.

In each exchange at most one of them differs from the right stand-in, so each claim meets what it would meet if the case
were alone, and the verdict must be what the tables say of all of them. ``together.txt`` holds which cases have shown
to be like that, a line for each run; ``python -m selftests.score``, which runs each case alone, writes it anew. A case
that it does not name is run alone, and so is each case of a line that is not as it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path

from quickstart.judgement import catalogue
from selftests.support.matrix_runs import Outcome, SuiteRunner
from selftests.support.project import ROOT
from selftests.support.same_shape import SAME_SHAPE
from standin.cases.case import Case, case
from standin.http.messages import Answer, Request
from standin.model.world import Modifier, World

FILE = ROOT / "selftests" / "support" / "together.txt"
REQUIREMENTS = catalogue.load(ROOT / "tests" / "catalogue.toml")
MOST = 12  # cases of a run: where it fails, each of them is run again
_ADVICE = re.compile(r"^violated: \[(?P<id>[^]]+)\].*?^  what to do: (?P<remedy>[^\n]*)", re.MULTILINE | re.DOTALL)


class Changes:
    """Counts which requests, by their number, a case answers in its own way."""

    def __init__(self, of: Case) -> None:
        self.numbers: set[int] = set()
        self.modifiers = tuple(map(self._watched, of.modifiers))

    def _watched(self, modifier: Modifier) -> Modifier:
        def watched(request: Request, answer: Answer, world: World) -> Answer:
            changed = modifier(request, answer, world)
            if changed != answer:
                self.numbers.add(len(world.requests))
            return changed

        return watched


def may_join(one: Case) -> bool:
    """Whether a case differs in nothing but answers, and needs no run of its own to show what is said first."""
    plain = case(one.id, one.step, one.sentence, *one.modifiers)
    return not one.says and one == replace(plain, violated=one.violated, advisory=one.advisory)


def groups(cases: Iterable[Case], file: Path = FILE) -> list[tuple[Case, ...]]:
    """Deal the cases, each once and in their order: those of a line of the file together, all others alone."""
    lines = [line.split() for line in file.read_text(encoding="utf-8").splitlines()] if file.exists() else []
    line_of = {name: number for number, line in enumerate(lines) for name in line}
    dealt: dict[object, list[Case]] = {}
    for one in cases:
        key: object = line_of.get(one.id) if may_join(one) else None
        dealt.setdefault(one.id if key is None else key, []).append(one)
    return [tuple(group) for group in dealt.values()]


def name(group: Sequence[Case]) -> str:
    """The name of a group's test, in which ``-k`` finds each of its cases."""
    return "+".join(one.id for one in group)


def packed(changes: Mapping[str, set[int]], cases: Sequence[Case]) -> list[list[Case]]:
    """Return groups of cases whose changes and whose findings have nothing in common.

    ``changes`` are those of each case that was told as the tables say, and left nothing untested.
    """
    known = [one for one in cases if may_join(one) and changes.get(one.id)]
    lines: list[list[Case]] = []
    for one in sorted(known, key=lambda one: -len(changes[one.id])):
        fits = (line for line in lines if len(line) < MOST and all(_apart(one, other, changes) for other in line))
        line = next(fits, None)
        if line is None:
            lines.append([one])
        else:
            line.append(one)
    return [sorted(line, key=cases.index) for line in lines]


def proven(runner: SuiteRunner, group: Sequence[Case]) -> list[Sequence[Case]]:
    """Return the group, or what of it one run tells each: its halves, their halves, and so on."""
    if len(group) < 2 or told(runner, group):
        return [group]
    half = len(group) // 2
    return [*proven(runner, group[:half]), *proven(runner, group[half:])]


def written(found: Iterable[Sequence[Case]]) -> str:
    """Return the file: a line for each group of two or more."""
    return "".join(sorted(f"{' '.join(one.id for one in group)}\n" for group in found if len(group) > 1))


def _apart(one: Case, other: Case, changes: Mapping[str, set[int]]) -> bool:
    return (
        not changes[one.id] & changes[other.id]
        and not (one.violated | one.advisory) & (other.violated | other.advisory)
        and (one.id in SAME_SHAPE) == (other.id in SAME_SHAPE)
    )


def told(runner: SuiteRunner, group: Sequence[Case]) -> bool:
    """Whether one run tells of all these cases what the tables say, and each of them took place, apart from the others.

    Raises:
        AssertionError: the run crashed, which nothing explains.
    """
    changes = [Changes(one) for one in group]
    violated = frozenset[str]().union(*(one.violated for one in group))
    advisory = frozenset[str]().union(*(one.advisory for one in group))
    all_of_them = replace(
        group[0],
        modifiers=tuple(modifier for each in changes for modifier in each.modifiers),
        violated=violated,
        advisory=advisory,
    )
    outcome = runner.run(all_of_them)
    assert not outcome.crashes, outcome.crashes
    return (
        all(each.numbers for each in changes)
        and not any(one.numbers & other.numbers for one, other in combinations(changes, 2))
        and outcome.is_told(all_of_them)
        and outcome.exit_code == outcome.expected_exit_code
        and not outcome.untested
        and outcome.drift.get("changes", []) == []
        and all(_own_remedies(outcome).values())
    )


def _own_remedies(outcome: Outcome) -> dict[str, bool]:
    """Of each broken requirement, whether what is said to be done is its own remedy: nothing else explains it."""
    found = {one["id"]: one["remedy"] for one in _ADVICE.finditer(outcome.output)}
    return {name: found.get(name, "").rstrip(".") == REQUIREMENTS[name].remedy.rstrip(".") for name in outcome.violated}
