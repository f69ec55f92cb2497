"""Reads header fields that anybody may have written: what cannot be read is None, never an error."""

import re
from email.utils import parsedate_to_datetime
from urllib.parse import SplitResult, urljoin, urlsplit

_WHOLE = re.compile(r"[0-9]{1,18}")


def whole(text: str | None) -> int | None:
    """Return a whole number of ASCII digits, or ``None``; nothing that we read has more than 18 digits."""
    stripped = (text or "").strip()
    return int(stripped) if _WHOLE.fullmatch(stripped) else None


def http_date(text: str | None) -> float | None:
    """Return a date of RFC 9110 section 5.6.7 as Unix seconds, or ``None``."""
    try:
        return parsedate_to_datetime(text or "").timestamp()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def target(base: str, reference: str) -> SplitResult | None:
    """Return where ``reference`` leads from ``base``, or ``None`` when it is no URL (RFC 3986)."""
    try:
        parts = urlsplit(urljoin(base, reference))
        _ = parts.hostname, parts.port
    except ValueError:
        return None
    return parts
