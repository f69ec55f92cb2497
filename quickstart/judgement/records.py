"""The records of an answer, whatever they are wrapped in: what a refusal must not show, and when they were made."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from quickstart.exchange.answer import OK, Answer, CouldNotTest
from quickstart.judgement import expect


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


def strangers(answer: Answer, company_id: int) -> list[Any]:
    """Return the ids of the other companies than ``company_id`` whose records an answer shows, each once.

    Raises:
        AssertionError, CouldNotTest: as ``let_through``.
    """
    __tracebackhide__ = True
    owners = [record["company"] for record in let_through(answer) if "company" in record]
    ids = [owner.get("id") if isinstance(owner, dict) else owner for owner in owners]
    return [owner for index, owner in enumerate(ids) if owner != company_id and owner not in ids[:index]]


def seconds(timestamp: str) -> float:
    """Return a timestamp as Unix seconds; RFC 3339 knows leap seconds and a year 0, Python does not.

    Raises:
        CouldNotTest: it is one of these.
    """
    try:
        return datetime.fromisoformat(timestamp.upper()).timestamp()
    except ValueError:
        raise CouldNotTest(f"timestamp {timestamp} cannot be compared") from None
