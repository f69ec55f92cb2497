"""What token info says of the life of a token, and what the grant said that issued it."""

from collections.abc import Iterable

from quickstart.exchange.answer import Answer, CouldNotTest
from quickstart.run.run import Run

SLACK = 60  # seconds
JITTER = 5  # seconds, of two clocks that each show whole ones
ISSUED_BY = {"token-info": "token", "token-info-refreshed": "refresh", "token-info-after-all": "refresh-again"}


def remaining(info: Answer) -> list[int]:
    """Return the remaining lifetime in seconds, under each of its two names that is there."""
    return [info.json[name] for name in ("expires_in_seconds", "expires_in") if name in info.json]


def with_grants(infos: Iterable[Answer], run: Run) -> list[tuple[Answer, Answer]]:
    """Return the answers of token info, each with that of the grant which issued the token.

    Raises:
        CouldNotTest: there is none of which both came as they must.
    """
    found: list[tuple[Answer, Answer]] = []
    reasons: list[CouldNotTest] = []
    for info in infos:
        try:
            grant = run.answer(ISSUED_BY[info.name])
            _ = info.json, grant.json
        except CouldNotTest as reason:
            reasons.append(reason)
        else:
            found.append((info, grant))
    if not found and reasons:
        raise reasons[0]
    return found
