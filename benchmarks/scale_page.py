"""How the figures of ``benchmarks.scale`` are shown: the section of ``docs/benchmarks.md``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Figures = dict[str, Any]
COLUMNS = {
    "projects": "projects",
    "options": "options",
    "judged": "judged",
    "of": "of",
    "what": "",
    "requests_a_second": "requests a second",
    "items_a_second": "items a second",
    "wall_s": "wall (s)",
    "cpu_s": "CPU (s)",
    "peak_mib": "memory (MiB)",
    "requests": "requests",
    "page": "page (bytes)",
}
TEXT = """{cores} cores of {processor}, {memory_gib} GiB, {system}, Python {python}; {day}, commit {commit}.
The machine's load was {load} when the last part began.

Each row is a whole run of the suite, start and all, in a process of its own; memory is its peak. The stand-in runs
beside it and allows ten million requests an hour. Procore allows 3,600: there the network comes on top, and a list of
more than some 320,000 projects takes more than one hour's requests.

`--exhaustive`, pages of a hundred:

{exhaustive}

A server that ignores paging, with 100,000 companies in each answer that lists them. Before, the suite took such an
answer for none at all, since it is too large; 40,000 companies took 23.7 s and 247 MiB.

{unpaged}

Many companies, many accounts, many nights:

{many}

The stand-in alone, pages of a hundred projects over one kept connection of a bare client:

{standin}

`python -m benchmarks.scale` measures all of it, and writes [the results](../benchmarks/results/scale.json) and this
section; `python -m benchmarks.scale companies fleet` measures those parts anew.
"""


def section(results: Mapping[str, Any]) -> str:
    """Return the section of the page."""
    made = results["origin"]
    many = _many(results["companies"], results["fleet"], results["history"])
    tables = {name: _table(results[name]) for name in ("exhaustive", "unpaged", "standin")}
    return TEXT.format(**made, **tables, many=_table(many), day=made["when"][:10])


def _many(companies: Figures, accounts: Figures, nights: Figures) -> list[Figures]:
    seconds = round(sum(nights[name] for name in ("read_s", "looked_through_s", "drawn_s", "appended_s")), 2)
    of_nights = {"wall_s": seconds, "cpu_s": "", "peak_mib": nights["memory_mib"], "page": nights["section_bytes"]}
    return [
        {"what": f"`--companies=all`, {companies['companies']:,} of them", **companies, "page": ""},
        {"what": f"`merge`, {accounts['accounts']} accounts on one page", **accounts, "page": accounts["page_bytes"]},
        {"what": f"`--history` of {nights['nights']:,} nights, beyond the run itself", **of_nights},
    ]


def _table(rows: Sequence[Figures]) -> str:
    names = [name for name in COLUMNS if all(name in row for row in rows)]
    kinds = [isinstance(rows[-1][name], (int, float)) for name in names]
    lines = [[COLUMNS[name] for name in names], ["---:" if number else "---" for number in kinds]]
    lines += [[_cell(row[name]) for name in names] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(value: object) -> str:
    return f"{value:,}" if isinstance(value, (int, float)) else str(value)
