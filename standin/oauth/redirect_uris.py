"""Which redirect URIs are the registered ones: Doorkeeper's ``uri_checker.rb`` of versions 4.2.6 and 5."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from urllib.parse import SplitResult, urlsplit

from standin.model.dialects import Dialect
from standin.model.world import OUT_OF_BAND

_PORTS = {"http": 80, "https": 443}
_UNSPEAKABLE = re.compile(r"[^!-~]|[<>\"{}|\\^`]")  # what no URI holds (RFC 3986)


def registered(dialect: Dialect, asked: str, known: Iterable[str]) -> bool:
    """Whether authorize takes this redirect URI. A trailing slash counts (1.16), a query that is not registered does
    not (1.17)."""
    if dialect.compares_redirect_uris:
        return any(_matches(asked, one) for one in known)
    if asked == OUT_OF_BAND and dialect.oob_for_any_client:
        return True
    return asked.partition("?")[0] in known


def same_as_asked(dialect: Dialect, shown: str, asked: str) -> bool:
    """Whether the redirect URI of the exchange is that of the code: to the letter in 4.x, by the checker in 5.x."""
    return _matches(shown, asked) if dialect.compares_redirect_uris else shown == asked


def _matches(url: str, known: str) -> bool:
    """``URIChecker.valid_for_authorization?`` for one registered URI."""
    if OUT_OF_BAND in {url, known}:
        return url == known
    try:
        mine, theirs = _parsed(url), _parsed(known)
    except ValueError:
        return False
    if not _valid(url, mine):
        return False
    # A registered query must come along, in any order; where none is registered, any may come.
    if "?" in known and sorted(mine.query.split("&")) != sorted(theirs.query.split("&")):
        return False
    any_port = _is_loopback(mine) and _is_loopback(theirs)  # RFC 8252 7.3
    return _place(mine, any_port) == _place(theirs, any_port)


def _parsed(url: str) -> SplitResult:
    if _UNSPEAKABLE.search(url):
        raise ValueError(url)
    parts = urlsplit(url)
    assert parts.port is None or parts.port >= 0  # the property raises ValueError
    return parts


def _valid(url: str, parts: SplitResult) -> bool:
    opaque = not parts.netloc and not parts.path.startswith("/")
    hostless = parts.scheme in _PORTS and not parts.hostname
    return bool(parts.scheme) and parts.scheme != "localhost" and not hostless and not opaque and "#" not in url


def _is_loopback(parts: SplitResult) -> bool:
    try:
        return ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return False


def _place(parts: SplitResult, any_port: bool) -> tuple[object, ...]:
    """All but the query, as Ruby's URI normalises it before it compares."""
    port = None if any_port else parts.port or _PORTS.get(parts.scheme)
    path = parts.path or ("/" if parts.scheme in _PORTS else "")
    return (parts.scheme, parts.username, parts.password, parts.hostname, port, path, parts.fragment)
