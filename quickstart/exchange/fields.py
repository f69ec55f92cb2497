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


def origin(parts: SplitResult) -> tuple[str, str, int | None]:
    """Return scheme, host and port of a URL; where it names no port, that of its scheme (RFC 6454 section 4)."""
    return parts.scheme, parts.hostname or "", parts.port or {"https": 443, "http": 80}.get(parts.scheme)


_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"  # noqa: S105 - RFC 9110 section 5.6.2
_ELEMENT = re.compile(r'(?:"(?:[^"\\]|\\.)*+"?|[^,])++')  # a quote that does not end reaches to the end
_SCHEME = re.compile(rf"({_TOKEN})(?:[ \t]+(?!=)(.*))?", re.DOTALL)
_PARAMETER = re.compile(rf'({_TOKEN})[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|({_TOKEN}))')


def challenges(text: str | None) -> list[tuple[str, dict[str, str]]]:
    """Return the challenges of a WWW-Authenticate header (RFC 9110 section 11.6.1): scheme and parameters."""
    found: list[tuple[str, dict[str, str]]] = []
    for element in _ELEMENT.findall(text or ""):
        rest = element.strip()
        scheme = _SCHEME.fullmatch(rest)
        if scheme:
            found.append((scheme[1].lower(), {}))
            rest = scheme[2] or ""
        parameter = _PARAMETER.fullmatch(rest.strip())
        if parameter and found:
            found[-1][1][parameter[1].lower()] = parameter[2] if parameter[2] is not None else parameter[3]
    return found


def directives(text: str | None) -> dict[str, str]:
    """Return the directives of a Cache-Control header (RFC 9111 section 5.2) with their arguments, lower case."""
    pairs = (element.strip().partition("=") for element in _ELEMENT.findall(text or ""))
    return {name.strip().lower(): argument.strip().strip('"') for name, _, argument in pairs}


def forbids_storing(policy: str | None) -> bool:
    """Whether a Cache-Control header has the directive no-store, and not only its letters."""
    return directives(policy).get("no-store") == ""
