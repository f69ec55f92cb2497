"""The shape of a recorded answer: status, header names, and which JSON type is at which path. Values do not count."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

# Custom fields carry ids in their keys: another id is no other shape.
_ID_IN_KEY = re.compile(r"\d{3,}")
_ITEM = "[]"


@dataclass(frozen=True)
class Shape:
    """``members`` maps a path (``/[]/company/id``) to the types seen there; a body that is no JSON has none."""

    status: int
    headers: frozenset[str]
    media_type: str
    members: Mapping[str, frozenset[str]] = field(default_factory=dict)


class ShapeError(Exception):
    """A cassette has no shape, for it cannot be read; the message names the file."""


def of_cassette(path: Path) -> Shape:
    """Return the shape of the last answer in the cassette.

    Raises:
        ShapeError: the file is missing or no cassette.
    """
    try:
        recorded = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 - a safe loader, see below
        response = recorded["interactions"][-1]["response"]
        headers = {str(name).lower(): str(values[0]) for name, values in response["headers"].items() if values}
        body, status = response["body"]["string"], int(response["status"]["code"])
    except (OSError, UnicodeDecodeError, yaml.YAMLError, LookupError, TypeError, AttributeError, ValueError) as error:
        raise ShapeError(f"{path.name} cannot be read ({type(error).__name__})") from None
    media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    return Shape(status, frozenset(headers), media_type, members(body))


# The C loader is ten times as fast; both are safe.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def members(body: str | bytes) -> dict[str, frozenset[str]]:
    """Return the types at each path of a JSON body; nothing of one that is no JSON."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    seen: dict[str, set[str]] = {}
    todo = [("", document)]
    while todo:
        path, value = todo.pop()
        seen.setdefault(path or "/", set()).add(_type(value))
        if isinstance(value, dict):
            todo += [(f"{path}/{_ID_IN_KEY.sub('#', key)}", item) for key, item in value.items()]
        elif isinstance(value, list):
            todo += [(f"{path}/{_ITEM}", item) for item in value]
    return {path: frozenset(types) for path, types in sorted(seen.items())}


def _type(value: Any) -> str:
    names = {dict: "object", list: "array", str: "string", bool: "boolean", int: "integer", float: "number"}
    return "null" if value is None else names[type(value)]
