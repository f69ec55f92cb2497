"""What stands in the object of an answer, read as leniently as a client may: other tests judge its schema."""

import re
from collections.abc import Iterable
from typing import Any, TypeGuard

from quickstart.exchange.answer import Answer
from quickstart.run.tokens import object_in

_CLOSE = 60  # seconds
_LATEST = 10**12  # Unix seconds; a larger number is none


def of_grant(answer: Answer) -> dict[str, Any]:
    """Return the members of an answer that hands out a token, or none."""
    document = object_in(answer.content) if answer.as_expected else {}
    return document if isinstance(document.get("access_token"), str) else {}


def handed_out(answers: Iterable[Answer]) -> list[str]:
    """Return which of these answers to what must be refused hand out tokens, whatever their status."""
    found = [(answer, tokens_in(answer)) for answer in answers]
    return [f"{answer.name}: {' and '.join(names)} with status {answer.status}" for answer, names in found if names]


def tokens_in(answer: Answer) -> list[str]:
    """Return the names of the tokens in the object of an answer, whatever its status."""
    document = object_in(answer.content)
    return [name for name in ("access_token", "refresh_token") if document.get(name)]


def is_opaque(token: object) -> TypeGuard[str]:
    """Whether this can be a token at all: visible ASCII, no spaces; the schema judges the rest."""
    return isinstance(token, str) and re.fullmatch(r"[!-~]+", token) is not None


def distance(value: object, moment: int) -> str:
    """Say how far a claim is from a moment, both Unix seconds."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or abs(value) > _LATEST:
        return "no time"
    gap = value - moment
    return "as expires_in says" if abs(gap) <= _CLOSE else f"{gap:+.0f} s from what expires_in says"
