"""Writes docs/requirements.md and docs/causes.md from catalogue and tables: ``python -m selftests.documents``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from quickstart.judgement import catalogue
from quickstart.judgement.catalogue import STEPS, Requirement
from quickstart.judgement.causes import BUDGET, COMPANY_MISSING, NO_TOKEN, OTHERWISE_REFUSED, REFUSED
from quickstart.judgement.causes_on_the_way import ON_THE_WAY
from selftests.support.project import ROOT
from standin.cases.case import Case
from standin.cases.faults import FAULTS
from standin.cases.says import SAYS
from standin.cases.variations import VARIATIONS

REQUIREMENTS = ROOT / "docs" / "requirements.md"
COLUMNS = ("| id | level | basis | promise | source | caught |", "|---|---|---|---|---|---|")
SHOWN = 3  # cases that a cell shows before it folds them
HEAD = """\
# Requirements

<!-- Made by `python -m selftests.documents` from tests/catalogue.toml and standin/cases/. Do not edit. -->

Every promise that the suite checks, by step of the guide. What *must*, *should* and *observe* mean
stands in the [README](../README.md#what-a-result-says). The basis is what the level rests on, and how sure that is.

The last column counts and names the lies (faults) and the legal peculiarities (variations) of the stand-in that the
requirement is known to catch. `python -m standin --fault=ID -- pytest --target=sandbox` shows what the suite says to
one of them.
"""


def requirements(entries: Iterable[Requirement], cases: Iterable[Case]) -> str:
    """Return the page: one table for each step, one row for each requirement."""
    breaking: dict[str, list[str]] = {}
    for case in cases:
        for name in sorted(case.violated | case.advisory):
            breaking.setdefault(name, []).append(case.id)
    known = [*entries]
    parts = [HEAD]
    for step, title in STEPS.items():
        rows = [_row(one, breaking.get(one.id, [])) for one in known if one.step == step]
        if rows:
            parts.append("\n".join([f"## {step}", "", f"{title}.", "", *COLUMNS, *rows, ""]))
    return "\n".join(parts)


CAUSES = ROOT / "docs" / "causes.md"
CAUSES_HEAD = """\
# Causes, and what to do

<!-- Made by `python -m selftests.documents` from quickstart/judgement/causes*.py and standin/cases/says.py.
Do not edit. -->

The first cause of a run stands in its last two lines. Each answer that is not as it must be is held against these
rows, from top to bottom; the first that fits says what to do. Where an answer came as it must and breaks a promise, the
promise itself says it ([requirements](requirements.md)); where data leaked, that is said first, unless it is the user
who has something to mend. The last column names the lies of the stand-in that each row
is known to explain.

| cause | what it is | what to do | shown by |
|---|---|---|---|
"""


def causes() -> str:
    """Return docs/causes.md as it should be now."""
    rows = (*ON_THE_WAY, *REFUSED, OTHERWISE_REFUSED, COMPANY_MISSING, BUDGET, NO_TOKEN)
    shown_by: dict[str, list[str]] = {}
    for name, cause in SAYS.items():
        shown_by.setdefault(cause, []).append(name)
    cells = [
        (f"`{row.cause}`", _shown(row.what), _shown(row.remedy), _cases(shown_by.get(row.cause, []))) for row in rows
    ]
    return CAUSES_HEAD + "".join(f"| {' | '.join(one)} |\n" for one in cells)


def _shown(text: str) -> str:
    """Return a text of the table with its placeholders as they are filled in: *host*, *company*."""
    return re.sub(
        r"\{(\w+)\}", lambda match: f"*{match[1].replace('_', ' ')}*", text.replace("<", "&lt;").replace("|", "\\|")
    )


def page() -> str:
    """Return docs/requirements.md as it should be now."""
    return requirements(catalogue.load(ROOT / "tests" / "catalogue.toml").values(), (*FAULTS, *VARIATIONS))


def source_name(url: str) -> str:
    """Return a short name for a source: the RFC and its section, or the page of Procore's documentation."""
    parts = urlsplit(url)
    page = parts.path.rstrip("/").rpartition("/")[2]
    if number := re.fullmatch(r"rfc(\d+)", page):
        section = parts.fragment.removeprefix("section-")
        return f"RFC {number[1]}" + (f" §{section}" if section else "")
    return f"reference, {page}" if "/reference/" in parts.path else page.replace("-", " ")


def _row(one: Requirement, cases: list[str]) -> str:
    source = f"[{source_name(one.source)}]({one.source})"
    cells = (f"`{one.id}`", one.level, f"{one.basis}, {one.evidence}", one.sentence, source, _cases(cases))
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _cases(ids: list[str]) -> str:
    if not ids:
        return "–"
    listed = ", ".join(f"`{name}`" for name in ids)
    if len(ids) <= SHOWN:
        return f"{len(ids)}: {listed}"
    return f"<details><summary>{len(ids)}</summary>{listed}</details>"


if __name__ == "__main__":
    REQUIREMENTS.write_text(page(), encoding="utf-8")
    CAUSES.write_text(causes(), encoding="utf-8")
