"""What parsers quietly repair in JSON: a name that comes twice, half a character, an id written as a fraction."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

_MOST_DIGITS = 4300  # sys.get_int_max_str_digits(), unless somebody changed it
_HALF = re.compile("[\ud800-\udfff]")
_WHOLE = re.compile(r"id|ids|.*_id|expires_in|expires_in_seconds|created_at")


@dataclass(frozen=True)
class Repaired:
    """What was repaired while a document was read, each in words; names are those of members."""

    twice: tuple[str, ...] = ()
    halves: tuple[str, ...] = ()
    fractions: tuple[str, ...] = ()


def loads(text: str, **options: Any) -> Any:
    """Parse JSON as ``json.loads`` does, whole numbers of more digits than Python reads among it: as infinity.

    Python refuses those of thousands of digits, which are JSON all the same (RFC 8259 section 6).
    """
    try:
        return json.loads(text, **options)
    except json.JSONDecodeError:
        raise
    except ValueError:
        return json.loads(text, parse_int=_whole, **options)


def _whole(digits: str) -> float:
    return int(digits) if len(digits) < _MOST_DIGITS else float(digits)


class _Written(float):
    """A number that was written with a point or an exponent, and how."""

    text = ""


def _written(text: str) -> _Written:
    number = _Written(text)
    number.text = text
    return number


def repaired(content: bytes) -> Repaired:
    """Say what a parser repairs in a document; of what is no JSON, nothing."""
    twice: list[str] = []
    fractions: list[str] = []
    try:
        pairs = partial(_object, twice, fractions)
        document = loads(content.decode("utf-8"), object_pairs_hook=pairs, parse_float=_written)
    except (ValueError, RecursionError):
        return Repaired()
    halves = [_shown(text) for text in _texts(document) if _HALF.search(text)]
    return Repaired(tuple(twice), tuple(halves), tuple(fractions))


def _object(twice: list[str], fractions: list[str], pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    seen: set[str] = set()
    for name, value in pairs:
        if name in seen:
            twice.append(_shown(name))
        seen.add(name)
        if _WHOLE.fullmatch(name):
            numbers = value if isinstance(value, list) else [value]
            fractions += [
                f"{name}: {_shown(one.text)}" for one in numbers if isinstance(one, _Written) and one.is_integer()
            ]
    return dict(pairs)


def _texts(document: Any) -> Iterator[str]:
    """Yield every text in a document, names of members too."""
    left = [document]
    while left:
        item = left.pop()
        if isinstance(item, str):
            yield item
        elif isinstance(item, dict):
            left += [*item.keys(), *item.values()]
        elif isinstance(item, list):
            left += item


def _shown(text: str) -> str:
    """Return the beginning of a text, in ASCII: half a character can stand in no report."""
    return ascii(text[:40])
