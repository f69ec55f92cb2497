"""Cases that one run of the suite proves: each changes answers that none of the others changes.

In each exchange at most one of them differs from the right stand-in, so each claim meets what it would meet if the case
were alone, and the verdict must be what the tables say of all of them. Variations are by themselves, where nothing may
be broken or left untested: no fault explains a false alarm away. ``together.txt`` holds which cases have shown to be
like that, a line for each run; ``python -m selftests.score``, which runs each case alone, writes it anew. A case that
it does not name is run alone, and so is each case of a line that is not as it was.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, combinations
from pathlib import Path

from quickstart.judgement import catalogue
from selftests.support.matrix_runs import Outcome, SuiteRunner
from selftests.support.project import ROOT
from selftests.support.same_shape import SAME_SHAPE
from selftests.support.untested import UNTESTED
from standin.cases.case import Case, case
from standin.cases.variations import VARIATIONS
from standin.http.messages import Answer, Request
from standin.model.world import Modifier, World

FILE = ROOT / "selftests" / "support" / "together.txt"
REQUIREMENTS = catalogue.load(ROOT / "tests" / "catalogue.toml")
MOST = 12  # cases of a run: where it fails, each of them is run again
_LEGAL = frozenset(case.id for case in VARIATIONS)
_ADVICE = re.compile(r"^violated: \[(?P<id>[^]]+)\].*?^  what to do: (?P<remedy>[^\n]*)", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Trace:
    """What a case does alone: which requests it meets, which it answers in its own way, and what it leaves untested."""

    changed: frozenset[str]
    seen: frozenset[str]
    untested: frozenset[str] = frozenset()


class Changes:
    """Which requests a case meets in a run, and which of them it answers in its own way."""

    def __init__(self, of: Case) -> None:
        self.changed: set[str] = set()
        self._seen: dict[int, str] = {}
        self._times: Counter[str] = Counter()
        self.modifiers = tuple(map(self._watched, of.modifiers))

    def trace(self, untested: Iterable[str]) -> Trace:
        """What is known now that the run is over."""
        return Trace(frozenset(self.changed), frozenset(self._seen.values()), frozenset(untested))

    def _watched(self, modifier: Modifier) -> Modifier:
        def watched(request: Request, answer: Answer, world: World) -> Answer:
            name = self._name(len(world.requests), request)
            changed = modifier(request, answer, world)
            if changed != answer:
                self.changed.add(name)
            return changed

        return watched

    def _name(self, number: int, request: Request) -> str:
        """What is the same in a run that sends fewer requests: what is asked, and how often it was asked before."""
        if number not in self._seen:
            grant, company = request.form.get("grant_type", ""), request.header("Procore-Company-Id") or ""
            asked = " ".join((request.method, request.url, company, grant, *chain(*request.pairs)))
            self._times[asked] += 1
            self._seen[number] = f"{asked} {self._times[asked]}"
        return self._seen[number]


def may_join(one: Case) -> bool:
    """Whether a case differs in nothing but answers, and needs no run of its own to show what it leaves untested."""
    plain = case(one.id, one.step, one.sentence, *one.modifiers)
    return one.id not in UNTESTED and one == replace(plain, violated=one.violated, advisory=one.advisory)


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


def packed(
    traces: Mapping[str, Trace], cases: Sequence[Case], before: Iterable[Sequence[Case]] = ()
) -> list[list[Case]]:
    """Return groups of cases that should not meet. ``traces`` are those of the cases that were told as they should.

    What was a group ``before`` and may still be is one again: it has been proven, and others are only tried.
    """
    known = {one.id: one for one in cases if may_join(one) and one.id in traces and traces[one.id].changed}
    lines = [
        list(group)
        for group in before
        if all(one.id in known for one in group)
        and all(_apart(one, other, traces) for one, other in combinations(group, 2))
    ]
    for one in chain.from_iterable(lines):
        del known[one.id]
    for one in sorted(known.values(), key=lambda one: -len(traces[one.id].changed)):
        fits = (line for line in lines if len(line) < MOST and all(_apart(one, other, traces) for other in line))
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


def _apart(one: Case, other: Case, traces: Mapping[str, Trace]) -> bool:
    finds, others = one.violated | one.advisory, other.violated | other.advisory
    does, does_other = traces[one.id], traces[other.id]
    return (
        not does.changed & does_other.changed
        and does.changed <= does_other.seen
        and does_other.changed <= does.seen
        and not finds & (others | does_other.untested)
        and not others & does.untested
        and not (one.says and other.says)
        and all((one.id in kind) == (other.id in kind) for kind in (_LEGAL, SAME_SHAPE))
    )


def told(runner: SuiteRunner, group: Sequence[Case]) -> bool:
    """Whether one run tells of all these cases what the tables say, and each of them took place, apart from the others.

    Raises:
        AssertionError: the run crashed, which nothing explains.
    """
    changes = [Changes(one) for one in group]
    first = next((one for one in group if one.says), group[0])
    violated = frozenset[str]().union(*(one.violated for one in group))
    advisory = frozenset[str]().union(*(one.advisory for one in group))
    all_of_them = replace(
        first,
        modifiers=tuple(modifier for each in changes for modifier in each.modifiers),
        violated=violated,
        advisory=advisory,
    )
    outcome = runner.run(all_of_them)
    assert not outcome.crashes, outcome.crashes
    return (
        all(each.changed for each in changes)
        and not any(one.changed & other.changed for one, other in combinations(changes, 2))
        and outcome.is_told(all_of_them)
        and outcome.exit_code == outcome.expected_exit_code
        and not (outcome.untested and any(one.id in _LEGAL for one in group))
        and outcome.drift.get("changes", []) == []
        and _own_remedies(outcome) >= violated - (first.violated if first.says else frozenset())
    )


def _own_remedies(outcome: Outcome) -> frozenset[str]:
    """The broken requirements of which what is said to be done is their own remedy: nothing else explains them."""
    found = {one["id"]: one["remedy"].rstrip(".") for one in _ADVICE.finditer(outcome.output)}
    return frozenset(name for name in outcome.violated if found.get(name) == REQUIREMENTS[name].remedy.rstrip("."))
