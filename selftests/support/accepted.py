"""``python -m selftests.support.accepted``: write which values each place of a document may have, to be approved.

Every schema is tried with each place of a full right document left out, and with each of many values in it. What is
accepted stands in ``selftests/exchange/accepted.json``; a schema that accepts more, or less, is seen in its diff. Right
answers of Procore are in ``spoiled_answers.py``; those of our own outputs, made by runs against the stand-in and cut
short by hand, in ``selftests/exchange/outputs.json``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from quickstart.exchange import contract
from selftests.support.project import ROOT
from selftests.support.spoiled_answers import RIGHT, WRONG_VALUES, drop, places, put

FILE: Path = ROOT / "selftests" / "exchange" / "accepted.json"
EMPTY: tuple[Any, ...] = ([], {}, None)
OURS: dict[str, list[Any]] = json.loads((FILE.parent / "outputs.json").read_text(encoding="utf-8"))
DOCUMENTS = {**RIGHT, **OURS}
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
    "2024-01-02T03:04:05+00:00",
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
OUR_VALUES: tuple[Any, ...] = (
    *(None, False, True, -1, 0, 1, 2, 3, 1.0, 1.5, "", "x", "text", "2024-01-02", "2024-01-02T03:04:05"),
    *("2024-01-02T03:04:05Z", "x" * 300, "x" * 301, [], [0], [1], ["text"], ["text", "text"], ["satisfied"], [{}]),
    *([200, 0.5], [None, 0], [200], [200, 1, 1], ["text", 1], [200, "text"], [200, -1], {}),
    *({name: value} for name in ("text", "satisfied") for value in (-1, 0, 1, "text", "satisfied", ["a"], ["a", "a"])),
    [{"where": "text", "error": "text", "traceback": "text"}],
    [{"exchange": "text", "status": 200}],
    {"reason": "text", "until": "2024-01-02", "expected": "text"},
)
LEFT_OUT = "left out"
Judge = Callable[[Any], bool]


def accepted(schema: str) -> Iterator[tuple[str, list[Any]]]:
    """Yield, for each place of right documents of a schema, which values it may have; and whether it may be missing."""
    valid = contract.validator(schema).is_valid
    for index, path, document in _places(schema):
        allowed = [_shown(value) for value in _values(schema, document, path) if valid(put(document, path, value))]
        missing = bool(path) and valid(drop(document, path))
        name = "/" + "/".join(map(str, path))
        yield f"{index}:{name}" if index else name, [*([LEFT_OUT] if missing else []), *allowed]


def spoiled(schema: str) -> Iterator[Any]:
    """Yield right documents of a schema with one place changed or left out; not all of them are wrong."""
    for _, path, document in _places(schema):
        yield from (put(document, path, value) for value in WRONG_VALUES)
        if path:
            yield drop(document, path)


def _places(schema: str) -> Iterator[tuple[int, tuple[str | int, ...], Any]]:
    """Yield each place of each right document, in a document with little beside it."""
    for index, document in enumerate(DOCUMENTS[schema]):
        light = _lightened(document, contract.validator(schema).is_valid)
        for path in [(), *places(document)]:
            yield index, path, _around(document, light, path)


def _values(schema: str, document: Any, path: tuple[str | int, ...]) -> tuple[Any, ...]:
    """Return what to try at a place: where a word of an enumeration of ours stands, all such words as well."""
    if schema not in OURS:
        return VALUES
    for key in path:
        document = document[key]
    words = _words()
    return (*OUR_VALUES, *words) if document in words else OUR_VALUES


def _words() -> list[str]:
    """Return the words of all enumerations of our own schemas."""
    nodes = [json.loads((contract.SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8")) for name in OURS]
    found: dict[str, None] = {}
    for node in nodes:  # which grows
        if isinstance(node, dict):
            listed = [*node["enum"]] if isinstance(node.get("enum"), list) else []
            found.update((one, None) for one in [*listed, node.get("const")] if isinstance(one, str) and one)
        nodes.extend(node.values() if isinstance(node, dict) else node if isinstance(node, list) else ())
    return [*found]


def _shown(value: Any) -> Any:
    return f"{len(value)} characters" if isinstance(value, str) and len(value) > 100 else value


def _holder(document: Any) -> tuple[str | int, ...]:
    """Return where the members are: in the document, or in its first item."""
    return (0,) if isinstance(document, list) else ()


def _lightened(document: Any, valid: Judge) -> Any:
    """Return the document with no more than must be there: it is judged much faster."""
    for path in [one for one in places(document) if len(one) == len(_holder(document)) + 1]:
        member = document[0][path[1]] if len(path) > 1 else document[path[0]]
        lighter = [put(document, path, empty) for empty in EMPTY if isinstance(member, dict | list)]
        document = next(filter(valid, [drop(document, path), *lighter]), document)
    return document


def _around(document: Any, light: Any, path: tuple[str | int, ...]) -> Any:
    """Return the light document with the full member to which a place belongs."""
    top = path[: len(_holder(document)) + 1]
    if len(top) <= len(_holder(document)):
        return document
    for key in top:
        document = document[key]
    return put(light, top, document)


def text() -> str:
    """Return the file: what is accepted, and below it a line for each schema with the places that accept just that."""
    groups: dict[str, dict[str, list[str]]] = {}
    for schema in DOCUMENTS:
        for place, values in accepted(schema):
            groups.setdefault(json.dumps(values), {}).setdefault(schema, []).append(place)
    return "[\n" + ",\n".join(map(_group, groups, groups.values())) + "\n]\n"


def _group(values: str, by_schema: dict[str, list[str]]) -> str:
    lines = (f"   {json.dumps(schema)}: {json.dumps(found)}" for schema, found in by_schema.items())
    return f' {{"accepted": {values},\n  "at": {{\n' + ",\n".join(lines) + "\n  }}"


def approved() -> dict[str, dict[str, list[Any]]]:
    """Return what the file says, by schema and place."""
    found: dict[str, dict[str, list[Any]]] = {}
    for group in json.loads(FILE.read_text(encoding="utf-8")):
        for schema, there in group["at"].items():
            found.setdefault(schema, {}).update((place, group["accepted"]) for place in there)
    return found


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
