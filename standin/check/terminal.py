"""The report in a terminal: a line for each scenario as it ends, what to change, and one last line."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Collection

from standin.check.results import NAMES, NOT_RUN, SIGNS, Check, Result, Seen
from standin.check.rules import ADVICE, BREACH
from standin.check.scenarios import SCENARIOS, Scenario

_WIDTH = 116
_LAST_LINES = 15
_NAMED = 4
"""Scenarios that are named where a rule was broken."""
_NAME = max(len(scenario.id) for scenario in SCENARIOS)


def show_scenarios() -> None:
    """Print all scenarios: id, what happens, what is expected."""
    for scenario in SCENARIOS:
        print(f"{scenario.id}\t{scenario.happens}\t{scenario.expected}")


def show_begin(command: str, number: int) -> None:
    """Print what is run."""
    print(plain(f"How does it behave? {command}: {number} scenarios, each against a stand-in of its own."))
    print("What follows says how the command behaves. It says nothing about Procore's servers.\n", flush=True)


def show_waiting(scenario: Scenario, number: int, of: int) -> None:
    """Say what is being run, where a person looks on."""
    if sys.stdout.isatty():
        print(f"  {scenario.id.ljust(_NAME)}  … {number} of {of}\r", end="", flush=True)


def show_result(result: Result, known: Collection[str] = ()) -> None:
    """Print one line for the scenario, and more where something is wrong with it; ``known`` are rules told already."""
    outcome = f"{SIGNS[result.outcome]} {NAMES[result.outcome]}"
    print(plain(f"  {result.scenario.id.ljust(_NAME)}  {outcome.ljust(12)}  {result.sentence}"))
    space = " " * (_NAME + 4)
    for text in filter(None, (result.fault, *_findings(result, known))):
        print(plain(f"{space}{text}"))
    for note in result.notes:
        print(plain(f"{space}note: {note}"))
    if result.fault and result.ended:
        print(plain(f"{space}Expected: {result.scenario.expected} Its last lines:"))
        for line in result.ended.said.splitlines()[-_LAST_LINES:] or ["(nothing)"]:
            print(f"{space}| {plain(line)[:200]}")
    sys.stdout.flush()


def _findings(result: Result, known: Collection[str]) -> list[str]:
    """A line for each kind: the rules that are new, and how many are not."""
    lines = []
    for kind in (BREACH, ADVICE):
        found = result.of_kind(kind)
        new = [f"{one.rule.id} ({_times(one.times)})" for one in found if one.rule.id not in known]
        old = len(found) - len(new)
        more = [f"{old} {'more' if new else 'rule' if old == 1 else 'rules'} as above"] if old else []
        lines += [f"{kind}: {', '.join(new + more)}"] if found else []
    return lines


def show_end(check: Check) -> None:
    """Print each rule that was broken once, with its source, and the last line."""
    for seen in check.seen:
        print("\n" + plain(f"{seen.rule.kind.upper()} {seen.rule.id}: {seen.rule.sentence}"))
        for name, text in told(seen):
            lines = textwrap.wrap(plain(text), _WIDTH - 12, break_long_words=False, break_on_hyphens=False)
            print("\n".join(f"  {(name if not number else '').ljust(9)} {line}" for number, line in enumerate(lines)))
    if not all(result.outcome == NOT_RUN for result in check.results):
        print()
    print(check.sentence, flush=True)


def told(seen: Seen) -> list[tuple[str, str]]:
    """What a report tells of a rule that was broken, as names and texts."""
    scenarios = list(seen.scenarios)
    where = [*scenarios[:_NAMED], *([f"{len(scenarios) - _NAMED} more"] if len(scenarios) > _NAMED else [])]
    return [
        ("seen", f"{_times(seen.times)}, in {', '.join(where)}: {'; '.join(seen.sights)}"),
        ("source", f"“{seen.rule.quote}” {seen.rule.source}"),
        ("change", seen.rule.remedy),
    ]


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"


def plain(text: str) -> str:
    """The same text where nothing moves the cursor or begins a new line."""
    return "".join(sign if sign.isprintable() else "·" for sign in text)
