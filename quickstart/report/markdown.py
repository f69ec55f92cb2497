"""The report in short, as Markdown for a pull request or a workflow's summary."""

import html
import re

from quickstart.judgement.catalogue import STEPS
from quickstart.judgement.ending import CRASHED as SUITE_CRASHED
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
)
from quickstart.report import crash
from quickstart.report.content import CONFORMANT, NOT_CONFORMANT, Content
from quickstart.report.path import IMPLIED, NOT_DONE, NOT_KNOWN, NOT_NEEDED
from quickstart.report.words import NAMES

_SIGNS = {CONFORMANT: "✅", NOT_CONFORMANT: "❌"}
_PART_SIGNS = {
    SATISFIED: "✅",
    ADVISORY: "⚠️",
    VIOLATED: "❌",
    WAIVED: "⏳",
    COULD_NOT_TEST: "❔",
    CRASHED: "‼️",
    NOT_ASKED_FOR: "➖",
    NOT_RUN: "➖",
}
# A colon, an @ or the dot of www. would make a link or a mention of it.
_MARKUP = re.compile(r"[\\`*_{}\[\]#!|~@]|:(?=\S)|(?<=www)\.", re.IGNORECASE)
_BY_HAND = {IMPLIED: "✅", NOT_DONE: "❌", NOT_KNOWN: "❔", NOT_NEEDED: "✅"}
CHANGES = 50  # of shape, in a summary
BROKEN = 50  # requirements, in a summary


def markdown(content: Content) -> str:
    """Return the summary. Nothing that came in an answer can be markup, a link or a mention in it."""
    ended = content.ended
    whose = ended.origin.subject if ended.origin.procore else f"{ended.origin.name}, not Procore"
    heading = f"## {_SIGNS.get(content.verdict, '❔')} {content.word}"
    if not ended.found:  # it was refused before it began
        return f"{heading}\n\n{text(content.sentence)}\n"
    lines = [
        f"{heading}: {text(whose)}",
        "",
        text(content.sentence),
        "",
        f"> **Evidence:** {text(ended.origin.statement)}",
        "",
        " · ".join(f"{label} **{text(value)}**" for label, value in content.facts),
        *_crashes(content),
        *_problems(content),
        *_tasks(content),
        *_broken(content),
        *_waived(content),
        *_steps(content),
        *_companies(content),
        *_drift(content),
        *[f"\nNote: {text(note)}" for note in ended.notes],
    ]
    return "\n".join(lines) + "\n"


def text(value: str) -> str:
    """Return ``value`` so that Markdown shows it as it is, in one line."""
    return _MARKUP.sub(_entity, html.escape(" ".join(value.split()), quote=False))


def _entity(match: re.Match[str]) -> str:
    return f"\\{match[0]}" if match[0] not in "@:." else f"&#{ord(match[0])};"


def _crashes(content: Content) -> list[str]:
    end = content.ended.ending
    if end.kind != SUITE_CRASHED:
        return []
    please = f"**{text(crash.PLEASE)}:** {text(crash.versions())}."
    return ["", please, "", *(f"- ‼️ {text(one.sentence)}" for one in end.crashes)]


def _problems(content: Content) -> list[str]:
    return ["", *(f"- ❌ {text(problem)}" for problem in content.ended.problems)] if content.ended.problems else []


def _tasks(content: Content) -> list[str]:
    if not content.tasks:
        return []
    numbered = [
        f"{number}. "
        + (f"**First cause:** {text(task.cause)} " if task.cause else "")
        + text(task.text)
        + (f" ({', '.join(map(_code, task.requirements))})" if task.requirements else "")
        for number, task in enumerate(content.tasks, start=1)
    ]
    return ["", "### What to do", "", *numbered]


def _code(name: str) -> str:
    return f"`{name.replace('`', '')}`"


def _broken(content: Content) -> list[str]:
    broken = [one for kind in (VIOLATED, ADVISORY) for one in content.ended.found if one.verdict == kind]
    if not broken:
        return []
    lines = ["", "### What is broken", "", "| | requirement | expected | actual | basis |", "|---|---|---|---|---|"]
    lines += [_row(one) for one in broken[:BROKEN]]
    return lines + ([f"\n… and {len(broken) - BROKEN} more."] if len(broken) > BROKEN else [])


def _row(one: Verdict) -> str:
    requirement = one.requirement
    what = f"{_code(requirement.id)} {text(requirement.sentence)}"
    cells = (what, text(requirement.expected), text(one.detail), text(requirement.basis_beside(one.remedy)))
    return f"| {_PART_SIGNS[one.verdict]} {one.verdict} | {' | '.join(cells)} |"


def _waived(content: Content) -> list[str]:
    rows = [_waived_row(one) for one in content.ended.found if one.verdict == WAIVED]
    if not rows:
        return []
    return [
        "",
        "### What is waived",
        "",
        "| requirement | expected | actual | until | why |",
        "|---|---|---|---|---|",
        *rows,
    ]


def _waived_row(one: Verdict) -> str:
    requirement, waiver = one.requirement, one.waiver
    expected = requirement.expected
    until, reason = (waiver.until.isoformat(), waiver.reason) if waiver else ("", "")
    if waiver and waiver.expected:
        expected += f"; instead: {waiver.expected}"
    what = f"{_code(requirement.id)} {text(requirement.sentence)}"
    return f"| {' | '.join((what, text(expected), text(one.detail), until, text(reason)))} |"


def _steps(content: Content) -> list[str]:
    titles = " | ".join(NAMES[kind] for kind in content.columns)
    lines = ["", "### The guide, step by step", "", *_by_hand(content)]
    lines += ["", f"| | step | {titles} |", f"|---|---|{'--:|' * len(content.columns)}"]
    for stop in content.stops:
        for part in stop.parts:
            numbers = " | ".join(str(part.counts.get(kind, 0) or "–") for kind in content.columns)
            lines.append(f"| {_PART_SIGNS[part.verdict]} | {part.step}: {STEPS[part.step]} | {numbers} |")
    return lines


def _by_hand(content: Content) -> list[str]:
    """Return one line for each step that is taken in Procore's pages: which answer proves it, or that none can."""
    lines = []
    for stop in content.stops:
        if not stop.parts:
            proof = f" Proven by {stop.proven_by}." if stop.proofs else ""
            lines.append(f"- {_BY_HAND[stop.verdict]} {stop.number}: {stop.title}. {text(stop.words + proof)}")
    return lines


def _companies(content: Content) -> list[str]:
    asked = content.ended.companies
    return ["", "### Companies", "", *(f"- {text(line)}" for line in asked.lines())] if asked else []


def _drift(content: Content) -> list[str]:
    drift = content.ended.drift
    if drift is None:
        return []
    sentence, *lines = drift.lines
    changes = [f"- {text(line)}" for line in lines[:CHANGES]]
    more = [f"- … and {len(lines) - CHANGES} more"] if len(lines) > CHANGES else []
    return ["", "### Drift", "", text(sentence[:1].upper() + sentence[1:]) + ".", "", *changes, *more]
