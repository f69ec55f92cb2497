"""The summary under pytest's own line: a table by guide step, what is broken, and what to do."""

from collections import Counter
from collections.abc import Iterator
from typing import Protocol

from quickstart.exchange.cost import Cost
from quickstart.judgement import ending
from quickstart.judgement.catalogue import STEPS
from quickstart.judgement.diagnosis import Diagnosis
from quickstart.judgement.ending import WHOLE, Ending
from quickstart.judgement.verdict import (
    ADVISORY,
    COULD_NOT_TEST,
    CRASHED,
    NOT_ASKED_FOR,
    NOT_RUN,
    SATISFIED,
    VIOLATED,
    WAIVED,
    Verdict,
    conformant,
)
from quickstart.report import crash
from quickstart.report.again import again
from quickstart.report.drift import Drift
from quickstart.report.words import NAMES, columns, waivers

_WIDTH = 11  # of a column
_TITLES = {**NAMES, NOT_ASKED_FOR: "not asked"}


class Writer(Protocol):
    """What is needed of pytest's terminal writer."""

    def line(self, s: str = "", **markup: bool) -> None:
        """Write one line."""


def write_summary(
    out: Writer,
    found: list[Verdict],
    evidence: str,
    notes: list[str],
    diagnosis: Diagnosis | None = None,
    end: Ending = WHOLE,
    drift: Drift | None = None,
    cost: Cost | None = None,
    command: str = "pytest",
) -> None:
    """Write the table, the cost, the broken requirements, the conclusion, and the first cause where one is known.

    ``command`` is the command line of the run, as ``again.command`` has it.
    """
    shown = columns({one.verdict for one in found})
    out.line()
    out.line(f"{'guide step':<53}" + "".join(f"{_TITLES[kind]:>{_WIDTH}}" for kind in shown), bold=True)
    for step, title in STEPS.items():
        counts = Counter(one.verdict for one in found if one.requirement.step == step)
        if counts.keys() - {NOT_RUN}:
            numbers = "".join(f"{counts[kind] or '-':>{_WIDTH}}" for kind in shown)
            out.line(f"{step:<21} {title:<31}{numbers}", red=bool(counts[VIOLATED]), yellow=bool(counts[ADVISORY]))
    out.line(f"evidence: {evidence}")
    if cost:
        out.line(f"cost: {cost.words}")
    for line in (*_untested(found), *_broken(found, command)):
        out.line(line)
    for note in notes:
        out.line(f"note: {note}")
    if end.kind == ending.CRASHED:
        return  # what this run found is no verdict, and what is wrong with the suite is told last
    drifted = drift is not None and drift.fails
    green = ending.answer(conformant(found, drifted=drifted), end, doubted=diagnosis is not None) is True
    out.line(conclusion(found, diagnosis, end, drift), bold=True, green=green, red=not green)
    if diagnosis is not None:
        out.line(f"diagnosis:  {diagnosis.what}.", red=True)
        out.line(f"what to do: {diagnosis.remedy}.", red=True)


def _broken(found: list[Verdict], command: str) -> Iterator[str]:
    for kind in (VIOLATED, ADVISORY, WAIVED):
        for one in found:
            if one.verdict == kind:
                yield f"{kind}: [{one.requirement.id}] {one.requirement.sentence}"
                yield f"  actual:     {one.detail}"
                yield from _waived(one) if one.waiver else _what_then(one)
                yield f"  run again:  {again(command, [one.requirement.id])}"


def _what_then(one: Verdict) -> Iterator[str]:
    """Yield how sure the requirement is, and the remedy."""
    yield f"  basis:      {one.requirement.basis_beside(one.remedy)}"
    yield f"  what to do: {one.remedy}"


def _waived(one: Verdict) -> Iterator[str]:
    if one.waiver:
        yield f"  waived:     {one.waiver.words}"
        if one.waiver.expected:
            yield f"  expected instead: {one.waiver.expected}"


def _untested(found: list[Verdict]) -> Iterator[str]:
    """Yield each reason why something could not be tested once, with the number of requirements it kept from it."""
    for kind in (COULD_NOT_TEST, NOT_ASKED_FOR):
        reasons = Counter(one.detail for one in found if one.verdict == kind)
        for reason, count in reasons.most_common():
            yield f"{NAMES[kind]} ({count}): {reason}"


def write_end(out: Writer, end: Ending, *, concluded: bool) -> None:
    """Write what stands under all else where the suite itself failed, or was broken off before it ``concluded``."""
    for line in crash.lines(end) if end.kind == ending.CRASHED or not concluded else ():
        out.line(line, red=True)


def conclusion(
    found: list[Verdict], diagnosis: Diagnosis | None = None, end: Ending = WHOLE, drift: Drift | None = None
) -> str:
    """Return the answer to the question of the suite in one sentence."""
    counts = Counter(one.verdict for one in found)
    said = f". {end.sentence}" if end.sentence else ""
    untested = f"; {counts[CRASHED]} crashed" if counts[CRASHED] else ""
    untested += f"; {counts[COULD_NOT_TEST]} could not be tested" if counts[COULD_NOT_TEST] else ""
    untested += f"; {counts[NOT_ASKED_FOR]} not asked for (--disruptive)" if counts[NOT_ASKED_FOR] else ""
    untested += f"; {counts[NOT_RUN]} were not selected" if counts[NOT_RUN] else ""
    with_waivers = f" with {waivers(counts[WAIVED])}" if counts[WAIVED] else ""
    verdict = conformant(found)
    if verdict is None:
        return f"Nothing was judged{untested}{said}."
    if verdict and drift is not None and drift.fails:
        return f"NOT CONFORMANT{with_waivers}: answers changed their shape, {drift.breaking}{untested}{said}."
    if not verdict:
        return f"NOT CONFORMANT{with_waivers}: {_requirements(counts[VIOLATED])} violated{untested}{said}."
    satisfied = f"{_requirements(counts[SATISFIED])} satisfied"
    if diagnosis is not None or end.kind == ending.NOT_USABLE:
        return f"NOT USABLE: {satisfied}{untested}{said}."
    if end.kind != ending.FINISHED:
        return f"NO VERDICT: {satisfied}{untested}{said}."
    plural = "y" if counts[ADVISORY] == 1 else "ies"
    advisories = f", with {counts[ADVISORY]} advisor{plural}" if counts[ADVISORY] else ""
    return f"CONFORMANT{with_waivers}: {satisfied}{advisories}{untested}."


def _requirements(count: int) -> str:
    return "1 requirement is" if count == 1 else f"{count} requirements are"
