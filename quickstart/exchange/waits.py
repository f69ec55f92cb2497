"""How long an answer asks us to wait before the next request."""

from collections.abc import Mapping

from quickstart.exchange import fields
from quickstart.exchange.answer import TOO_MANY_REQUESTS

LONGEST_SPIKE = 65.0  # seconds; what lasts longer is the hour (Procore's rate-limiting page: 10 s, 60 s, an hour)
RESERVE = 10  # of so many requests of an hour, one is left to whoever else works with this account
_UNSAID = 2.0  # seconds, where a 429 or 503 does not say


def requested(status: int | None, headers: Mapping[str, str]) -> float:
    """Return the seconds that a 429 or 503 asks for: Retry-After, else X-Rate-Limit-Reset for a 429, else 2."""
    seconds = fields.whole(headers.get("Retry-After"))
    if seconds is not None:
        return float(seconds)
    later, now = fields.http_date(headers.get("Retry-After")), fields.http_date(headers.get("Date"))
    until = later - now if later is not None and now is not None else None
    if until is None and status == TOO_MANY_REQUESTS:
        until = until_reset(headers)  # of a 503 it says nothing
    return max(until, 0.0) if until is not None else _UNSAID


def until_reset(headers: Mapping[str, str]) -> float | None:
    """Return the seconds from the server's Date to X-Rate-Limit-Reset (Unix seconds), or ``None``."""
    reset, now = fields.whole(headers.get("X-Rate-Limit-Reset")), fields.http_date(headers.get("Date"))
    return reset - now if reset is not None and now is not None else None


def left_of_the_hour(headers: Mapping[str, str]) -> int | None:
    """Return how many requests of the hour may still be sent, with a tenth of them left to others.

    ``None`` where the answer does not tell of the hour's limit: its reset is as near as a spike's, or makes no sense.
    """
    limit, left = (fields.whole(headers.get(f"X-Rate-Limit-{name}")) for name in ("Limit", "Remaining"))
    until = until_reset(headers)
    if not limit or left is None or until is None or not LONGEST_SPIKE < until <= 3600 + 60:
        return None
    return max(left - limit // RESERVE, 0)
