"""Secrets and people made up for a search, the dresses in which they may appear, and the search itself.

It knows nothing of ``quickstart/secrecy``: what that does not think of must be found here.
"""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Iterable, Iterator
from urllib.parse import quote, quote_plus

PIECE = 12  # characters of a secret that must not be left
BASE64_EDGE = 4  # characters at the edges of base64 that depend on the neighbours

ESCAPES = (
    "%{0:02X}",
    "%{0:02x}",
    "%25{0:02X}",
    "\\u{0:04x}",
    "\\x{0:02x}",
    "&#{0};",
    "&#x{0:x};",
    "={0:02X}",
    "\\{0:03o}",
)


def dressed(secret: str) -> Iterator[str]:
    """Yield the forms in which a program may write a secret."""
    yield from {
        secret,
        secret.upper() if any(map(str.isdigit, secret)) else secret,
        quote(secret, safe=""),
        quote(secret),
        quote_plus(secret),
        quote(quote(secret, safe=""), safe=""),
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        json.dumps(json.dumps(secret)[1:-1])[1:-1],
        html.escape(secret),
        html.escape(secret, quote=False),
        html.escape(secret).replace("&#x27;", "&#39;").replace("&quot;", "&#34;"),
        html.escape(json.dumps(secret)[1:-1]),
        repr(secret)[1:-1],
        secret[::-1],
        *("".join(form.format(ord(one)) for one in secret) for form in ESCAPES),
        secret.encode().hex(),
        secret.encode().hex().upper(),
        base64.b32encode(secret.encode()).decode()[: len(secret.encode()) * 8 // 5],
    }
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        for offset in range(3):
            plain = encode(b"\0" * offset + secret.encode()).decode()
            inner = plain[BASE64_EDGE if offset else 0 : len(plain) - BASE64_EDGE]
            if len(inner) >= PIECE:
                yield inner


def pieces(secret: str) -> Iterator[str]:
    """Yield the first, the last and the middle characters of a secret: more of them where they may be words."""
    if len(secret) < 2 * PIECE:
        return
    for size in (PIECE + 4, 20):
        middle = (len(secret) - size) // 2
        yield from (secret[:size], secret[-size:], secret[middle : middle + size])
    last = secret[-PIECE:]
    if any(map(str.isdigit, last)):
        yield last


def found(places: Iterable[tuple[str, str]], hidden: Iterable[str]) -> list[str]:
    """Return where a form of something hidden stands, and how it stands there."""
    needles = {form for secret in hidden for form in (*dressed(secret), *pieces(secret))}
    return [
        f"{place}: {needle!r} in {text[max(0, text.find(needle) - 60) : text.find(needle) + len(needle) + 20]!r}"
        for place, text in places
        for needle in needles
        if needle in text
    ]
