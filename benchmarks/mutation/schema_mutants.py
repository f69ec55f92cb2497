"""Mutants of JSON Schemas: one keyword less, one bound moved, one type more or fewer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from functools import lru_cache
from typing import Any

Change = tuple[str, str, Any]  # pointer, operator, the whole document after it
ANNOTATIONS = frozenset({"$schema", "$id", "$comment", "title", "description", "examples", "default", "$anchor"})
_MAPS = frozenset({"properties", "patternProperties", "$defs", "dependentSchemas"})
_LISTS = frozenset({"anyOf", "oneOf", "allOf", "prefixItems"})
_SCHEMAS = frozenset({"items", "additionalProperties", "propertyNames", "not", "contains", "if", "then", "else"})
_BOUNDS = frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength"}) | {
    "minItems", "maxItems", "minProperties", "maxProperties",
}  # fmt: skip


def changes(text: str) -> Iterator[Change]:
    """Yield each mutant of a schema: where, which operator, and the document."""
    document = json.loads(text)
    for path in _subschemas(document, ()):
        node = _at(document, path)
        for keyword in node:
            if keyword not in ANNOTATIONS:
                yield from _of_keyword(document, path, keyword, node[keyword])


def changed(text: str, index: int) -> str:
    """Return the text of the mutant ``index``."""
    return json.dumps(_all(text)[index][2], indent=2, ensure_ascii=False) + "\n"


@lru_cache(maxsize=1)
def _all(text: str) -> list[Change]:
    return list(changes(text))


def line_of(text: str, pointer: str) -> int:
    """Return the line on which the last step of a pointer stands, as near as a text search tells."""
    line = 1
    lines = text.splitlines()
    for step in pointer.strip("/").split("/"):
        at = next((n for n, one in enumerate(lines[line - 1 :], line) if f'"{step}"' in one), None)
        line = at or line
    return line


def _subschemas(node: Any, path: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    if not isinstance(node, dict):
        return
    yield path
    for keyword, value in node.items():
        if keyword in _MAPS:
            for name in value:
                yield from _subschemas(value[name], (*path, keyword, name))
        elif keyword in _LISTS:
            for index in range(len(value)):
                yield from _subschemas(value[index], (*path, keyword, index))
        elif keyword in _SCHEMAS:
            yield from _subschemas(value, (*path, keyword))


def _at(document: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        document = document[step]
    return document


def _of_keyword(document: Any, path: tuple[str | int, ...], keyword: str, value: Any) -> Iterator[Change]:
    where = "".join(f"/{step}" for step in (*path, keyword))

    def made(operator: str, new: Any, pointer: str = where) -> Change:
        whole = deepcopy(document)
        node = _at(whole, path)
        if new is None:
            del node[keyword]
        else:
            node[keyword] = new
        return pointer, operator, whole

    if keyword == "$defs":
        return  # each is used by a $ref, whose target is mutated
    if keyword in {"properties", "patternProperties"}:
        for name in value:
            rest = {other: one for other, one in value.items() if other != name}
            yield made("DropMember", rest, f"{where}/{name}")
        return
    yield made("DropKeyword", None)
    if keyword == "required":
        for name in value:
            yield made(f"DropRequired {name}", [other for other in value if other != name])
        known = _at(document, path).get("properties", {})
        for name in known:
            if name not in value:
                yield made(f"Require {name}", [*value, name])
    elif keyword == "type":
        kinds = value if isinstance(value, list) else [value]
        if len(kinds) > 1:
            for kind in kinds:
                yield made(f"DropType {kind}", [other for other in kinds if other != kind])
        if "null" not in kinds:
            yield made("AddType null", [*kinds, "null"])
        if "integer" in kinds and "number" not in kinds:
            yield made("AddType number", [*kinds, "number"])
        if "string" not in kinds:
            yield made("AddType string", [*kinds, "string"])
    elif keyword in _BOUNDS:
        yield made(f"{value} to {value - 1}", value - 1)
        yield made(f"{value} to {value + 1}", value + 1)
    elif keyword == "enum" and len(value) > 1:
        for one in value:
            yield made(f"DropValue {one}", [other for other in value if other != one])
    elif keyword in _LISTS and len(value) > 1:
        for index in range(len(value)):
            yield made("DropBranch", value[:index] + value[index + 1 :], f"{where}/{index}")
    elif keyword == "additionalProperties" and value is False:
        return
