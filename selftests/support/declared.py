"""Which members a schema declares, and which of them documents have with a value that is not null."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_MAPS = ("properties", "patternProperties", "$defs")
_SAME = ("allOf", "anyOf", "oneOf")  # subschemas of the same value
_BRANCHES = ("if", "then", "else")


def declared(node: Any, where: str = "") -> Iterator[str]:
    """Yield a JSON Pointer for each member that a schema declares, also in its ``$defs``."""
    for keyword, value in node.items() if isinstance(node, dict) else ():
        for name, one in value.items() if keyword in _MAPS else ():
            if keyword != "$defs":
                yield f"{where}/{keyword}/{name}"
            yield from declared(one, f"{where}/{keyword}/{name}")
        if keyword not in _MAPS:
            yield from declared(value, f"{where}/{keyword}")
            for index, one in enumerate(value if keyword in _SAME else ()):
                yield from declared(one, f"{where}/{keyword}/{index}")


def met(root: Any, value: Any, where: str = "") -> Iterator[str]:
    """Yield the pointer of each declared member that a document has, and that is not null there."""
    node = root
    for step in where.split("/")[1:]:
        node = node[int(step)] if isinstance(node, list) else node[step]
    if "$ref" in node:
        yield from met(root, value, node["$ref"].removeprefix("#"))
    for keyword in _BRANCHES:
        yield from met(root, value, f"{where}/{keyword}") if keyword in node else ()
    for keyword in _SAME:
        for index in range(len(node.get(keyword, ()))):
            yield from met(root, value, f"{where}/{keyword}/{index}")
    if isinstance(value, list):
        for one in value if "items" in node else ():
            yield from met(root, one, f"{where}/items")
    if isinstance(value, dict):
        for name, one in value.items():
            for keyword, known in _members(node, name):
                if one is not None:
                    yield f"{where}/{keyword}/{known}"
                    yield from met(root, one, f"{where}/{keyword}/{known}")


def _members(node: Any, name: str) -> Iterator[tuple[str, str]]:
    yield from (("properties", one) for one in node.get("properties", ()) if one == name)
    yield from (("patternProperties", one) for one in node.get("patternProperties", ()) if re.search(one, name))
