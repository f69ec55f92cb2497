"""The shape of an answer, recorded or live: status, names of headers, JSON types by path. Values do not count."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from quickstart.exchange.answer import Answer

# Custom fields carry ids in their keys: another id is no other shape.
_ID_IN_KEY = re.compile(r"\d{3,}")
_ITEM = "[]"


# What holds whatever a company has set up: which keys are in it, and of what, is no shape.
_FREE = frozenset({"custom_fields"})


@dataclass(frozen=True)
class Shape:
    """``members`` maps a path (``/[]/company/id``) to the types seen there; a body that is no JSON has none.

    ``optional`` are the paths of members that some of the objects at their place do not have. ``endpoint`` is the
    method and URL of a recorded request, without its query.
    """

    status: int
    headers: frozenset[str]
    media_type: str
    members: Mapping[str, frozenset[str]] = field(default_factory=dict)
    optional: frozenset[str] = frozenset()
    endpoint: str = ""


class ShapeError(Exception):
    """A cassette has no shape, for it cannot be read; the message names the file."""


def of_cassette(path: Path) -> Shape:
    """Return the shape of the last answer in the cassette.

    Raises:
        ShapeError: the file is missing or no cassette.
    """
    import yaml  # a run that compares nothing does without

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C loader is ten times as fast
    try:
        recorded = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 - a safe one
        request, response = (recorded["interactions"][-1][half] for half in ("request", "response"))
        endpoint = f"{request['method']} {str(request['uri']).partition('?')[0]}" if "uri" in request else ""
        headers = {str(name).lower(): str(values[0]) for name, values in response["headers"].items() if values}
        body, status = response["body"]["string"], int(response["status"]["code"])
    except (OSError, UnicodeDecodeError, yaml.YAMLError, LookupError, TypeError, AttributeError, ValueError) as error:
        raise ShapeError(f"{path.name} cannot be read ({type(error).__name__})") from None
    media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    return replace(_shape(status, headers, media_type, body), endpoint=endpoint)


def of_answer(answer: Answer) -> Shape:
    """Return the shape of an answer that came."""
    headers = {name.lower() for name in answer.headers}
    return _shape(answer.status or 0, headers, answer.media_type, answer.content)


def _shape(status: int, headers: Iterable[str], media_type: str, body: str | bytes) -> Shape:
    seen, optional = _walked(body)
    return Shape(status, frozenset(headers), media_type, seen, optional)


def together(shapes: Sequence[Shape]) -> Shape:
    """Return what answers of one kind have in common: a member that one of them lacks, or has as null, may be so."""
    types: dict[str, frozenset[str]] = {}
    for shape in shapes:
        for path, seen in shape.members.items():
            types[path] = types.get(path, frozenset()) | seen
    optional = {
        path
        for path in types
        for shape in shapes
        if path in shape.optional
        or (path not in shape.members and "object" in shape.members.get(path.rpartition("/")[0] or "/", ()))
    }
    return replace(shapes[0], members=types, optional=frozenset(optional))


def members(body: str | bytes) -> dict[str, frozenset[str]]:
    """Return the types at each path of a JSON body; nothing of one that is no JSON."""
    return _walked(body)[0]


def _walked(body: str | bytes) -> tuple[dict[str, frozenset[str]], frozenset[str]]:
    """Return the types at each path, of all items of a list together, and which paths some objects do not have."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return {}, frozenset()
    seen: dict[str, set[str]] = {}
    objects: Counter[str] = Counter()  # at each path
    holders: Counter[str] = Counter()  # that have the member of this path
    todo = [("", document)]
    while todo:
        path, value = todo.pop()
        seen.setdefault(path or "/", set()).add(_type(value))
        if isinstance(value, dict):
            objects[path] += 1
            inside = {} if path.rpartition("/")[2] in _FREE else value
            paths = {f"{path}/{_ID_IN_KEY.sub('#', key)}" for key in inside}
            holders.update(paths)
            todo += [(f"{path}/{_ID_IN_KEY.sub('#', key)}", item) for key, item in inside.items()]
        elif isinstance(value, list):
            todo += [(f"{path}/{_ITEM}", item) for item in value]
    optional = frozenset(path for path, having in holders.items() if having < objects[path.rpartition("/")[0]])
    return {path: frozenset(types) for path, types in sorted(seen.items())}, optional


def _type(value: Any) -> str:
    names = {dict: "object", list: "array", str: "string", bool: "boolean", int: "integer", float: "number"}
    return "null" if value is None else names[type(value)]
