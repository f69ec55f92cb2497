"""The records of an answer, whatever they are wrapped in: what a refusal must not show, and when they were made."""

import math
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from quickstart.exchange import fields, paging
from quickstart.exchange.answer import OK, Answer
from quickstart.judgement import expect

OWNER = "resource_owner_id"  # by which token info names the user of a token
_LEAP = re.compile(r"(T\d\d:\d\d:)60")


def inside(document: Any) -> Iterator[dict[str, Any]]:
    """Yield every object with an id or an owner, and every bare id in a list as one: no envelope hides data."""
    left = [document]
    while left:
        item = left.pop()
        if isinstance(item, dict):
            yield from [item] if "id" in item or OWNER in item else []
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
    return list(inside(answer.document)) if answer.status == OK else shown(answer)


def withheld(answer: Answer) -> None:
    """The request was refused as it must be, and nothing that was asked for stands in the refusal."""
    __tracebackhide__ = True
    expect.answered(answer)
    found = shown(answer)
    assert not found, f"{answer.status}, and what was asked for all the same: {len(found)} records"


def shown(answer: Answer) -> list[dict[str, Any]]:
    """Return the companies, projects and users that a refusal shows, and what token info says of a token."""
    return [one for one in _inside(answer) if _is_shown(one)]


def _inside(answer: Answer) -> list[dict[str, Any]]:
    try:
        return [*inside(answer.parsed)]
    except ValueError:
        return []


def _is_shown(one: dict[str, Any]) -> bool:
    """Whether an object is what was asked for, and not the number and the name of an error."""
    numbered = isinstance(one.get("id"), int) or str(one.get("id")).isdecimal()
    return OWNER in one or (numbered and bool({"name", "login"} & one.keys()))


def with_schema(answers: Iterable[Answer]) -> list[Answer]:
    """Return those of the answers that a schema judges."""
    return [answer for answer in answers if answer.definition.schema]


def unread(answers: Iterable[Answer]) -> list[Answer]:
    """Return those of the answers with 200 that are no right list by a schema: nobody else looks at what they hold."""
    return [one for one in answers if one.status == OK and not (one.definition.schema and paging.is_right(one))]


def owners(found: Iterable[dict[str, Any]]) -> list[float]:
    """Return the ids of the companies that these records name, as numbers or as text; what is no id names none."""
    named = [record["company"] for record in found if "company" in record]
    ids = [one.get("id") if isinstance(one, dict) else one for one in named]
    numbers = [fields.whole(one) if isinstance(one, str) else one for one in ids]
    return [one for one in numbers if isinstance(one, int | float)]


def users_by_token(answers: Iterable[Answer]) -> dict[str, dict[str, int]]:
    """Return the ids that /me answered, by the token that asked, as the definitions call it, and by exchange."""
    users: dict[str, dict[str, int]] = {}
    for answer in answers:
        user = number(answer.document)
        if user is not None:
            users.setdefault(answer.definition.bearer, {})[answer.name] = user
    return users


def number(document: Any) -> int | None:
    """Return the id of an object, where it is a number, whatever else is wrong with it."""
    found = document.get("id") if isinstance(document, dict) else None
    return found if isinstance(found, int) else None


def strangers(answers: Iterable[Answer], company_id: int) -> list[str]:
    """Return the companies other than this one whose records stand in answers, and in which.

    Whatever the status, the media type and the schema, and whatever else is wrong, nothing of somebody else's may come.
    """
    found = [(owner, answer.name) for answer in answers for owner in owners(_inside(answer))]
    return [f"{owner} in {name}" for owner, name in found if owner != company_id]


def seconds(timestamp: str) -> float:
    """Return a timestamp as Unix seconds, a leap second as the one before it, and the year 0 as long ago.

    RFC 3339 knows both, Python does not.
    """
    try:
        return datetime.fromisoformat(_LEAP.sub(r"\g<1>59", timestamp.upper())).timestamp()
    except ValueError:
        return -math.inf
