"""``python -m selftests.support.accepted``: write which values each place of an answer may have, to be approved.

Every schema is tried with each place of a full right answer left out, and with each of many values in it. What is
accepted stands in ``selftests/exchange/accepted.json``; a schema that accepts more, or less, is seen in its diff.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from quickstart.exchange import contract
from selftests.support.project import ROOT
from selftests.support.spoiled_answers import RIGHT, WRONG_VALUES, drop, places, put

FILE: Path = ROOT / "selftests" / "exchange" / "accepted.json"
BOUNDS = (
    2,
    1.0,
    5400.5,
    1_700_000_000.5,
    7199,
    7200,
    946_684_799,
    946_684_800,
    4_102_444_800,
    4_102_444_801,
    2**63 - 1,
    89.5,
    90,
    -90,
    180,
    -180,
)
TEXTS = (
    "2024-01-02T03:04:05+02:00",
    " ",
    "x",
    "a+b/c==",
    "a b",
    "Bearer",
    "2024-02-30",
    "2024-02-29",
    "23:59",
    "1.50",
    "-1",
    "a@b.example",
    "\x7f",
)
OTHERS: tuple[Any, ...] = (
    [{}],
    [""],
    ["public"],
    [[]],
    {"uid": "x"},
    {"uid": None},
    {"uid": 1},
    {"id": 1, "name": "x"},
    {"name": 1},
)
VALUES = (*WRONG_VALUES, *BOUNDS, *TEXTS, *OTHERS)
LEFT_OUT = "left out"


def accepted(schema: str) -> dict[str, list[Any]]:
    """Return, for each place of right answers of a schema, which values it may have; and whether it may be missing."""
    found: dict[str, list[Any]] = {}
    for index, document in enumerate(RIGHT[schema]):
        for path in [(), *places(document)]:
            name = f"{index}:/" + "/".join(map(str, path))
            changed = [(value, put(document, path, value)) for value in VALUES]
            allowed = [value for value, one in changed if not contract.violations(one, schema)]
            missing = bool(path) and not contract.violations(drop(document, path), schema)
            found[name] = [*([LEFT_OUT] if missing else []), *allowed]
    return found


def text() -> str:
    """Return the file: a line for each place."""
    lines = []
    for schema in RIGHT:
        places_of = [f"  {json.dumps(name)}: {json.dumps(values)}" for name, values in accepted(schema).items()]
        lines.append(f"{json.dumps(schema)}: {{\n" + ",\n".join(places_of) + "\n }")
    return "{\n " + ",\n ".join(lines) + "\n}\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
