"""The records of an answer, whatever they are wrapped in: what a refusal must not show, and when they were made."""

import math
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from quickstart.exchange.answer import OK, Answer
from quickstart.judgement import expect

_LEAP = re.compile(r"(T\d\d:\d\d:)60")


def inside(document: Any) -> Iterator[dict[str, Any]]:
    """Yield every object with an id, and every bare id in a list as one, however deep: no envelope hides data."""
    left = [document]
    while left:
        item = left.pop()
        if isinstance(item, dict):
            yield from [item] if "id" in item else []
            left += item.values()
        elif isinstance(item, list):
            yield from ({"id": bare} for bare in item if isinstance(bare, int))
            left += item


def let_through(answer: Answer) -> list[dict[str, Any]]:
    """Return what a refusal let through: all records of an answer with 200, records with a name of a refusal.

    Raises:
        AssertionError: the status is none that the exchange expects.
        CouldNotTest: the request did not find its host, or the answer with 200 is no JSON.
    """
    __tracebackhide__ = True
    expect.answered(answer)
    if answer.status == OK:
        return list(inside(answer.document))
    return [] if expect.not_json(answer) else [one for one in inside(answer.parsed) if "name" in one]


def with_schema(answers: Iterable[Answer]) -> list[Answer]:
    """Return those of the answers that a schema judges."""
    return [answer for answer in answers if answer.definition.schema]


def owners(found: Iterable[dict[str, Any]]) -> list[Any]:
    """Return the ids of the companies that these records name."""
    named = [record["company"] for record in found if "company" in record]
    return [one.get("id") if isinstance(one, dict) else one for one in named]


def strangers(answers: Iterable[Answer], company_id: int) -> list[str]:
    """Return the companies other than this one whose records stand in answers, whatever their status, and in which."""
    readable = [answer for answer in answers if answer.status and not expect.not_json(answer)]
    found = [(owner, answer.name) for answer in readable for owner in owners(inside(answer.parsed))]
    return [f"{owner} in {name}" for owner, name in found if owner != company_id]


def seconds(timestamp: str) -> float:
    """Return a timestamp as Unix seconds, a leap second as the one before it, and the year 0 as long ago.

    RFC 3339 knows both, Python does not.
    """
    try:
        return datetime.fromisoformat(_LEAP.sub(r"\g<1>59", timestamp.upper())).timestamp()
    except ValueError:
        return -math.inf
