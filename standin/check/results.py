"""What becomes of a scenario: well, advice, wrong, not tested; and what becomes of all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from standin.check.process import Ended
from standin.check.rules import ADVICE, BREACH, Rule
from standin.check.scenarios import SUCCEED, Scenario
from standin.check.witness import Finding, Line, Witness

WELL, ADVISED, WRONG, NOT_TESTED, NOT_RUN = "well", "advice", "wrong", "not-tested", "not-run"
NAMES = {WELL: "well", ADVISED: "advice", WRONG: "wrong", NOT_TESTED: "not tested", NOT_RUN: "not run"}
SIGNS = {WELL: "✓", ADVISED: "!", WRONG: "✕", NOT_TESTED: "?", NOT_RUN: "–"}


@dataclass(frozen=True)
class Result:
    """One scenario and what came of it; ``fault`` says what the command itself did wrong, or is empty."""

    scenario: Scenario
    outcome: str
    sentence: str
    fault: str = ""
    ended: Ended | None = None
    requests: int = 0
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()

    def of_kind(self, kind: str) -> list[Finding]:
        """The breaches, or the advice."""
        return [finding for finding in self.findings if finding.rule.kind == kind]


def judged(scenario: Scenario, ended: Ended, witness: Witness, refused: Sequence[str]) -> Result:
    """What came of a scenario whose command has ended; ``refused`` are hosts that it asked for in vain."""
    succeeded = ended.code == 0
    witness.end(whole=succeeded)
    findings = tuple(sorted(witness.findings.values(), key=lambda one: (one.rule.kind != BREACH, one.rule.id)))
    fault = _fault(scenario, ended, witness)
    met = scenario.was_met(witness.met)
    if fault or any(one.rule.kind == BREACH for one in findings):
        outcome = WRONG
    elif not met:
        outcome = NOT_TESTED
    else:
        outcome = ADVISED if findings else WELL
    sentence = f"{ended.words}, {witness.requests} requests"
    if outcome == NOT_TESTED:
        sentence = f"{scenario.unmet}; {sentence}"
    hosts = sorted(set(refused))[:5]
    notes = [
        *witness.notes,
        *(f"asked for {host[:100]}, which the stand-in does not know" for host in map(_place, hosts)),
    ]
    return Result(
        scenario, outcome, sentence, fault, ended, witness.requests, findings, tuple(notes), tuple(witness.lines)
    )


def _place(target: str) -> str:
    """A host, without the path and query that may hold a secret."""
    scheme, found, rest = target.partition("://")
    return f"{scheme}://{rest.partition('/')[0].rpartition('@')[2]}" if found else target


def _fault(scenario: Scenario, ended: Ended, witness: Witness) -> str:
    """What is wrong with how the command ended; nothing where it did what it must, or nothing can be said."""
    if ended.code is None:
        return f"It did not end by itself within {ended.seconds:.0f} s."
    if scenario.must == SUCCEED:
        return "" if ended.code == 0 else "It failed, where a good client succeeds."
    excused = scenario.unless and witness.met[scenario.unless]
    if ended.code == 0 and scenario.was_met(witness.met) and not excused:
        return "It reports success, though it cannot have had what it needs."
    return ""


def not_run(scenario: Scenario, why: str) -> Result:
    """A scenario that was not run."""
    return Result(scenario, NOT_RUN, why)


@dataclass(frozen=True)
class Seen:
    """A rule that was broken, and where."""

    rule: Rule
    times: int
    scenarios: tuple[str, ...]
    sights: tuple[str, ...]


@dataclass(frozen=True)
class Check:
    """All of it. ``command`` is shown as it is: it holds no secret any more."""

    command: str
    results: tuple[Result, ...]
    strict: bool = False
    interrupted: bool = False

    @property
    def counts(self) -> dict[str, int]:
        """How many scenarios came to what."""
        return {outcome: sum(one.outcome == outcome for one in self.results) for outcome in NAMES}

    @property
    def seen(self) -> list[Seen]:
        """Every rule that was broken, breaches first, with the scenarios and the first sights."""
        rules: dict[str, list[tuple[Scenario, Finding]]] = {}
        for result in self.results:
            for finding in result.findings:
                rules.setdefault(finding.rule.id, []).append((result.scenario, finding))
        found = [
            Seen(
                rule=where[0][1].rule,
                times=sum(finding.times for _, finding in where),
                scenarios=tuple(scenario.id for scenario, _ in where),
                sights=tuple(where[0][1].sights),
            )
            for where in rules.values()
        ]
        return sorted(found, key=lambda one: (one.rule.kind != BREACH, one.rule.id))

    def rules_of(self, kind: str) -> list[Seen]:
        """The breaches, or the advice."""
        return [one for one in self.seen if one.rule.kind == kind]

    @property
    def is_wrong(self) -> bool:
        """Whether something is wrong with the integration."""
        return bool(self.counts[WRONG] or (self.strict and self.rules_of(ADVICE)))

    @property
    def verdict(self) -> str:
        """``well``, ``wrong``, or ``none`` where nothing can be said."""
        if self.is_wrong:
            return WRONG
        return WELL if not self.interrupted and (self.counts[WELL] or self.counts[ADVISED]) else "none"

    @property
    def sentence(self) -> str:
        """The whole in one line."""
        head = {WRONG: "Something is wrong with the integration", WELL: "The integration behaves well"}
        begin = "Interrupted" if self.interrupted else head.get(self.verdict, "Nothing can be said")
        some = ", ".join(f"{number} {NAMES[outcome]}" for outcome, number in self.counts.items() if number)
        breaches, advice = len(self.rules_of(BREACH)), len(self.rules_of(ADVICE))
        return (
            f"{begin}: {some} of {_count(len(self.results), 'scenario')}; "
            f"{_count(breaches, 'kind')} of breach, {_count(advice, 'piece')} of advice."
        )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
