"""What every form of the report says, as plain data made from what a run leaves behind."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from quickstart import __version__
from quickstart.exchange.cost import Cost
from quickstart.history.changes import Comparison
from quickstart.history.nights import Nights
from quickstart.judgement import ending
from quickstart.judgement.catalogue import STEPS
from quickstart.judgement.companies import Asked
from quickstart.judgement.diagnosis import Diagnosis
from quickstart.judgement.ending import NOT_USABLE, WHOLE, Ending
from quickstart.judgement.verdict import (
    ADVISORY,
    COULD_NOT_TEST,
    CRASHED,
    JUDGED,
    NOT_ASKED_FOR,
    NOT_RUN,
    SATISFIED,
    VIOLATED,
    WAIVED,
    Verdict,
    conformant,
)
from quickstart.report.broken import About, Card, cards
from quickstart.report.drift import Drift
from quickstart.report.exchanges import Page, page
from quickstart.report.origin import Origin, day
from quickstart.report.path import Part, Stop, stops
from quickstart.report.todo import Task, tasks
from quickstart.report.words import columns, waivers

CONFORMANT, NOT_CONFORMANT, NO_VERDICT = "conformant", "not-conformant", "no-verdict"
_UNJUDGED = frozenset({COULD_NOT_TEST, NOT_ASKED_FOR})
WORDS = {CONFORMANT: "Conformant", NOT_CONFORMANT: "Not conformant", NO_VERDICT: "No verdict"}


@dataclass(frozen=True)
class Ended:
    """What a run leaves: ``exchanges`` are plain data in order of sending, ``problems`` what broke outside tests."""

    found: Sequence[Verdict]
    exchanges: Sequence[Mapping[str, Any]]
    origin: Origin
    target: str
    company_id: int
    company: str
    started: datetime
    ended: datetime
    exit_code: int
    notes: Sequence[str] = ()
    problems: Sequence[str] = ()
    drift: Drift | None = None
    diagnosis: Diagnosis | None = None
    ending: Ending = WHOLE
    nights: Nights | None = None
    changes: Comparison | None = None
    cost: Cost | None = None
    companies: Asked | None = None
    command: str = "pytest"  # of this run, without what selects
    source: str = ""  # the way by which the run got its token

    @property
    def drifted(self) -> bool:
        """Whether answers changed their shape in a way that the run is to fail of."""
        return self.drift is not None and self.drift.fails


@dataclass(frozen=True)
class Reason:
    """Why ``count`` requirements of a group have this verdict, where it is the same for several."""

    verdict: str
    text: str
    count: int


@dataclass(frozen=True)
class Group:
    """The requirements of one part of a step; ``reasons`` are said once, and not of each."""

    part: Part
    rows: Sequence[Verdict]

    @property
    def blocks(self) -> list[tuple[tuple[str, ...], list[Verdict]]]:
        """The rows by the exchanges that they judge, named once; those with one row stand last, under none."""
        found: dict[tuple[str, ...], list[Verdict]] = {}
        for one in self.rows:
            found.setdefault(self.judged(one), []).append(one)
        alone = [rows[0] for rows in found.values() if len(rows) == 1]
        several = [(judged, rows) for judged, rows in found.items() if len(rows) > 1]
        return [*several, ((), alone)] if alone else several

    @staticmethod
    def judged(row: Verdict) -> tuple[str, ...]:
        """The exchanges that a row judges."""
        return () if row.verdict == NOT_ASKED_FOR else row.exchanges

    @property
    def reasons(self) -> list[Reason]:
        """What several rows have in common."""
        unjudged = [(one.verdict, one.detail) for one in self.rows if one.verdict in _UNJUDGED and one.detail]
        counted = Counter(unjudged).most_common()
        return [Reason(verdict, text, count) for (verdict, text), count in counted if count > 1]

    @property
    def said(self) -> set[str]:
        """The words that ``reasons`` say."""
        return {one.text for one in self.reasons}


@dataclass(frozen=True)
class Content:
    """The report before it takes a form. ``verdict`` is a key of WORDS; ``sentence`` answers the suite's question."""

    ended: Ended
    verdict: str
    sentence: str
    facts: Sequence[tuple[str, str]]
    counts: Mapping[str, int]
    stops: Sequence[Stop]
    tasks: Sequence[Task]
    cards: Sequence[Card]
    page: Page
    groups: Sequence[Group]
    slowest: float
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def word(self) -> str:
        """The verdict in a word or two, with the number of waivers that it needs."""
        if self.verdict == NO_VERDICT and self.ended.ending.kind == NOT_USABLE:
            return "Not usable"
        needed = self.counts.get(WAIVED, 0) if self.verdict == CONFORMANT else 0
        return WORDS[self.verdict] + (f" with {waivers(needed)}" if needed else "")

    @property
    def columns(self) -> list[str]:
        """The verdicts that a table has a column for."""
        return columns(self.counts)


def content(ended: Ended, environment: Mapping[str, str] | None = None) -> Content:
    """Return what the report says of a run."""
    counts = Counter(one.verdict for one in ended.found)
    verdict = _verdict(ended)
    path = stops(ended.found, ended.exchanges, ended.diagnosis, source=ended.source, sound=verdict == CONFORMANT)
    todo = tasks(ended.found, ended.diagnosis)
    facts = _facts(ended)
    about = About(ended.origin, facts, ended.command, ended.exchanges)
    parts = {part.step: part for stop in path for part in stop.parts}
    rows = {step: [one for one in ended.found if one.requirement.step == step] for step in STEPS}
    return Content(
        ended=ended,
        verdict=verdict,
        sentence=_sentence(verdict, ended, counts),
        facts=facts,
        counts=counts,
        stops=path,
        tasks=todo,
        cards=cards(todo, ended.found, ended.diagnosis, about),
        page=page([one for one in ended.exchanges if one["shown"]], ended.found, live=ended.origin.live),
        groups=[Group(parts[step], some) for step, some in rows.items() if some],
        slowest=max((float(one["seconds"]) for one in ended.exchanges), default=0.0),
        environment=environment or {},
    )


def _verdict(ended: Ended) -> str:
    # A run that broke off, or broke, has not judged what it should have.
    doubted = ended.exit_code != 0 or ended.diagnosis is not None
    said = ending.answer(conformant(ended.found, drifted=ended.drifted), ended.ending, doubted=doubted)
    return NO_VERDICT if said is None else CONFORMANT if said else NOT_CONFORMANT


def _sentence(verdict: str, ended: Ended, counts: Mapping[str, int]) -> str:
    who = ended.origin.subject
    judged = sum(counts.get(kind, 0) for kind in JUDGED)
    rest = _rest(counts)
    if verdict == NOT_CONFORMANT and ended.ending.sentence:
        rest += f" {ended.ending.sentence}."
    if verdict == CONFORMANT:
        advisories = f", {_number(counts.get(ADVISORY, 0), 'with one advisory', 'with {} advisories')}"
        but = _number(
            counts.get(WAIVED, 0), ", but for one breach that is waived", ", but for {} breaches that are waived"
        )
        kept = (
            f"{who} keeps what the Quick Start Guide promises{but if counts.get(WAIVED) else ''}: "
            f"{counts.get(SATISFIED, 0)} of {judged} requirements hold"
        )
        return f"{kept}{advisories if counts.get(ADVISORY) else ''}.{rest}"
    if verdict == NOT_CONFORMANT:
        broken = _number(counts.get(VIOLATED, 0), "One requirement is violated", "{} requirements are violated")
        if counts.get(WAIVED):
            broken += _number(counts[WAIVED], " and one breach is waived", " and {} breaches are waived")
        if ended.drift and ended.drifted and not counts.get(VIOLATED):
            broken = f"No requirement is violated, but answers changed their shape: {ended.drift.breaking}"
        if ended.diagnosis:  # a setting of ours is no fault of theirs
            return f"{broken}, of {judged} judged. First cause: {ended.diagnosis.what}.{rest}"
        return f"{who} does not keep what the Quick Start Guide promises. {broken}, of {judged} judged.{rest}"
    why = ended.ending.sentence or ("The run could not do its work" if ended.diagnosis else "")
    if not why and ended.problems:
        why = "Tests could not be collected"
    if not why and ended.exit_code == 1:
        why = "Tests broke before they could judge"
    counted = f" {judged} of {len(ended.found)} requirements were judged.{rest}" if ended.found else ""
    return f"{why or 'Nothing was judged'}.{counted}"


def _rest(counts: Mapping[str, int]) -> str:
    untested = _number(counts.get(COULD_NOT_TEST, 0), " One could not be tested.", " {} could not be tested.")
    unasked = _number(
        counts.get(NOT_ASKED_FOR, 0), " One was not asked for (--disruptive).", " {} were not asked for (--disruptive)."
    )
    left_out = _number(counts.get(NOT_RUN, 0), " One was not selected.", " {} were not selected.")
    crashed = _number(counts.get(CRASHED, 0), " One test crashed.", " {} crashed.")
    parts = ((CRASHED, crashed), (COULD_NOT_TEST, untested), (NOT_ASKED_FOR, unasked), (NOT_RUN, left_out))
    return "".join(words for kind, words in parts if counts.get(kind))


def _number(count: int, one: str, many: str) -> str:
    return one if count == 1 else many.format(count)


def _facts(ended: Ended) -> list[tuple[str, str]]:
    company = f"{ended.company} ({ended.company_id})" if ended.company else str(ended.company_id)
    seconds = (ended.ended - ended.started).total_seconds()
    return [
        ("Target", f"{ended.target} ({'live' if ended.origin.live else 'recordings, offline'})"),
        *([("Company", company)] if ended.company_id else []),
        ("Run on", f"{day(ended.started.date())}, {ended.started:%H:%M} UTC"),
        ("Took", f"{seconds:.1f} s" if seconds < 120 else f"{seconds / 60:.0f} min"),
        *([("Cost", ended.cost.words)] if ended.cost else []),
        ("Suite", __version__),
    ]
