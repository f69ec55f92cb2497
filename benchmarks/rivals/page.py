"""The section of docs/benchmarks.md and the short table of README, from ``benchmarks/results/rivals.json`` alone."""

from __future__ import annotations

import statistics
from collections.abc import Mapping
from typing import Any

from benchmarks import figures
from benchmarks.rivals.mutations import UNDECIDED, mutations
from benchmarks.rivals.tools import BASE, TOOLS
from standin.cases.variations import VARIATIONS

NAME = "rivals"
DOCUMENT, README = figures.ROOT / "docs" / "benchmarks.md", figures.ROOT / "README.md"
TITLES = {
    "newman": "[newman](../benchmarks/rivals/newman/quickstart.postman_collection.json), a Postman collection",
    "Step CI": "[Step CI](../benchmarks/rivals/stepci/workflow.yml)",
    "Tavern": "[Tavern](../benchmarks/rivals/tavern/test_quickstart.tavern.yaml)",
    "schemathesis": "[schemathesis](../benchmarks/rivals/openapi.yaml), an OpenAPI description",
    "requests": "[a script](../benchmarks/rivals/plain/quickstart.py) with requests and jsonschema",
    "ours": "ours: `pytest --target=sandbox`",
    "ours, disruptive": "ours, with `--disruptive`",
    "ours, disruptive, strict": "ours, with `--disruptive --fail-on=should`",
}
SHORT = {
    "newman": "newman, a Postman collection",
    "schemathesis": "schemathesis, an OpenAPI description",
    "requests": "a script with requests",
    "ours": "**this suite**",
    "ours, disruptive": "**this suite**, `--disruptive`",
    "ours, disruptive, strict": "**this suite**, `--disruptive --fail-on=should`",
}
SERIES = {
    "must": "caught: a *must* broken",
    "should": "caught: a *should* broken",
    "variations": "false alarms: legal",
    "breaches": "caught: OpenAPI, breach",
    "legal": "false alarms: OpenAPI, legal",
}
ALARMS = {"variations", "legal"}
RESTS = ("variations", "breaches", "legal")
_NONE = "–"
"""What a table shows where nothing is known."""


def write() -> None:
    """Write both pages anew."""
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")


def pages() -> dict[Any, str]:
    """Return both pages as they should be now."""
    known = figures.read(NAME)
    texts = {DOCUMENT: section(known), README: short(known)}
    return {path: figures.with_section(path.read_text(encoding="utf-8"), NAME, text) for path, text in texts.items()}


def section(known: Mapping[str, Any]) -> str:
    """Return the section of the document."""
    speed, cases = known["speed"], known["cases"]
    head = ("", *(f"{title} ({cases['sizes'][name]})" for name, title in SERIES.items()))
    return _SECTION.format(
        origin=_origin(speed["origin"], known["versions"]),
        runs=speed["runs"],
        speed=_table(("", "wall (s)", f"÷ {BASE}", "CPU (s)", "memory (MiB)", "requests"), _speeds(speed["tools"])),
        origin_of_cases=f"{cases['origin']['when'][:10]}, commit {cases['origin']['commit']}",
        catches=_table(head, _catches(cases)),
        advised=sum(bool(one.advisory) for one in VARIATIONS),
        undecided=sum(one.verdict == UNDECIDED for one in mutations()),
    )


_SECTION = """\
{origin}

Median of {runs} runs of each, in turn, at the right stand-in. CPU is that of all processes of a run, memory that of the
largest of them; the stand-in's own are not in it.

{speed}

What a run says of a stand-in that lies, or is peculiar in a legal way, one case at a time ({origin_of_cases}). *Caught*
is an exit code that is not 0, and so is a *false alarm*; what a tool merely tells is not caught.

{catches}

- **Whose catalogue it is.** The first three columns are our own faults and variations (`standin/cases/`). Our suite was
  written beside them, so they favour it: that a rival misses a fault means that the obvious checks do not look there,
  not that it could not. A variation is something that no document forbids as a *must*; some are rare, and {advised} of
  them break a *should* of ours, which is what `--fail-on=should` asks for. Eight faults of certificates and of port 80
  are left out, since all are run at a plain address, where nobody can see them.
- **The neutral set** is the last two columns: each documented member of each answer missing, null, and of another type,
  derived by code from [an OpenAPI description](../benchmarks/rivals/openapi.yaml), whose head says what makes such a
  change a breach or legal. {undecided} changes that its sources leave open are in neither column.
- **A sample** says so: *of n* is how many cases were run, each 2nd, 4th, 8th, … of the column. `wrong` in the results
  lists those that ended otherwise than they should have.
- **Fair to each.** All make the same calls: the quick start with a code, a refresh and client credentials; a wrong
  secret, code and company, no token, a spent code and refresh token; revocation. All but schemathesis have our JSON
  Schemas as a whole, with the optional members, which for us are a *should*: hence our last row, where these count.
  schemathesis judges by the description, with its own checks and three of ours, and makes up requests besides. Who
  knows one of the tools better may send better inputs; they stand in `benchmarks/rivals/`.
- **hurl** is missing: Debian 12 does not have it, PyPI has another project of that name, and its npm package fetches a
  program from elsewhere while it is installed, which could not be had where this was measured.

`sh benchmarks/rivals/install.sh` gets the rivals, in the versions that are locked there. `python -m benchmarks.rivals`
measures what a run costs, `python -m benchmarks.rivals --cases` what is caught: hours, but it goes on where it stopped,
and `--every 8` is a sample. Both write [the results](../benchmarks/results/rivals.json) and these tables.
"""


def short(known: Mapping[str, Any]) -> str:
    """Return the table of README."""
    speed, cases = known["speed"]["tools"], known["cases"]
    rows = []
    for name, title in SHORT.items():
        found = cases["tools"].get(name, {})
        shares = (_share(found, cases["sizes"], names) for names in (("must", "should"), *((one,) for one in RESTS)))
        wall, _, _, requests = _speed(speed.get(name))
        rows.append((title, wall, requests, *shares))
    head = ("", "wall (s)", "requests", "our faults caught", "false alarms", "OpenAPI breaches caught", "false alarms")
    return f"{_table(head, rows)}\n"


def _origin(origin: Mapping[str, Any], versions: Mapping[str, str]) -> str:
    listed = ", ".join(f"{name} {version}" for name, version in versions.items() if not name.startswith("ours,"))
    return (
        f"{origin['cores']} cores of {origin['processor']}, {origin['memory_gib']} GiB, {origin['system']}, "
        f"Python {origin['python']}; {origin['when'][:10]}, commit {origin['commit']}. {listed}."
    )


def _speeds(tools: Mapping[str, Any]) -> list[tuple[str, ...]]:
    base = statistics.median(tools[BASE]["wall"])
    rows: list[tuple[str, ...]] = []
    for name in _known(tools):
        wall, cpu, memory, requests = _speed(tools[name])
        ratio = statistics.median(tools[name]["wall"]) / base
        rows.append((TITLES[name], wall, f"{ratio:.2f}", cpu, memory, requests))
    return rows


def _speed(figures: Mapping[str, Any] | None) -> tuple[str, ...]:
    if figures is None:
        return (_NONE,) * 4
    median = {name: statistics.median(found) for name, found in figures.items()}
    return f"{median['wall']:.2f}", f"{median['cpu']:.2f}", f"{median['memory']:.0f}", f"{median['requests']:.0f}"


def _catches(cases: Mapping[str, Any]) -> list[tuple[str, ...]]:
    found = cases["tools"]
    return [
        (TITLES[name], *(_cell(found[name].get(one), cases["sizes"][one], one) for one in SERIES))
        for name in _known(found)
    ]


def _cell(found: Mapping[str, Any] | None, size: int, name: str) -> str:
    if found is None:
        return _NONE
    number = _number(found, name)
    share = f"{100 * number / found['tried']:.0f} %"
    return f"{number} ({share})" if found["tried"] == size else f"{number} of {found['tried']} ({share})"


def _share(found: Mapping[str, Any], sizes: Mapping[str, int], names: tuple[str, ...]) -> str:
    """Return which part of several series was caught, or a false alarm; of a mere sample with a ~."""
    if any(name not in found for name in names):
        return _NONE
    tried = sum(found[name]["tried"] for name in names)
    number = sum(_number(found[name], name) for name in names)
    sample = "" if tried == sum(sizes[name] for name in names) else "~"
    return f"{sample}{100 * number / tried:.0f} %"


def _number(found: Mapping[str, Any], name: str) -> int:
    """Return how many were caught, or were false alarms."""
    wrong = len(found["wrong"])
    return wrong if name in ALARMS else found["tried"] - wrong


def _known(found: Mapping[str, Any]) -> list[str]:
    return [tool.name for tool in TOOLS if tool.name in found]


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    aligned = ("---", *["---:"] * (len(head) - 1))
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, aligned, *rows))
