"""What stands in for a secret, and the encodings in which either may be written.

A stand-in has the shape of what it replaces and depends only on its label ("access-token-refresh-1": the first that the
exchange *refresh* showed) and length: equal values stay equal, different ones stay different, and two recordings of the
same answers are the same.
"""

import base64
import hashlib
import html
import json
import re
import string
from collections.abc import Callable, Iterator
from urllib.parse import quote, quote_plus

_HEX = re.compile(r"[0-9a-f]+")
_THREE_PARTS = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+")
_ESCAPE = re.compile(r"%[0-9A-F]{2}")
_RAILS = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


def stand_in_of(label: str, value: str) -> str:
    """Return a value of the same shape: hex, JWT, e-mail, person, or letters and digits of the same length."""
    if label.startswith("person"):
        number = label.removeprefix("person-")
        return f"person-{number}@example.invalid" if "@" in value else f"Person {number}"
    if value.isdecimal() and value.isascii():
        return "7" + _letters(label, len(value) - 1, string.digits)  # a number stays one, of as many digits
    if _HEX.fullmatch(value):
        return _letters(label, len(value), "0123456789abcdef")
    if _THREE_PARTS.fullmatch(value):
        return ".".join(_letters(f"{label}.{part}", len(text)) for part, text in enumerate(value.split(".")))
    return _letters(label, len(value))


def _letters(label: str, length: int, alphabet: str = string.ascii_letters + string.digits) -> str:
    digest = hashlib.shake_256(label.encode()).digest(length)
    return "".join(alphabet[byte % len(alphabet)] for byte in digest)


def _lower_percent(value: str) -> str:
    return _ESCAPE.sub(lambda m: m[0].lower(), quote(value, safe="", errors="replace"))


# Half of a surrogate pair is replaced.
_FORMS: tuple[Callable[[str], str], ...] = (
    str,
    lambda v: quote(v, safe="", errors="replace"),
    _lower_percent,
    lambda v: quote(v, errors="replace"),
    lambda v: quote_plus(v, errors="replace"),
    lambda v: quote_plus(v, safe=":/", errors="replace"),
    lambda v: json.dumps(v)[1:-1],
    lambda v: json.dumps(v, ensure_ascii=False)[1:-1],
    lambda v: json.dumps(v)[1:-1].replace("/", "\\/"),
    lambda v: repr(v)[1:-1],
    lambda v: repr(v.encode("utf-8", "replace"))[2:-1],
    html.escape,
    lambda v: html.escape(v, quote=False),
    lambda v: html.escape(v).replace("&#x27;", "&#39;"),
    lambda v: html.escape(v).replace("&#x27;", "&apos;"),
    lambda v: html.escape(v).replace("&#x27;", "&#39;").replace("&quot;", "&#34;"),
    lambda v: quote(quote(v, safe="", errors="replace"), safe=""),
    lambda v: json.dumps(json.dumps(v)[1:-1])[1:-1],
    lambda v: html.escape(json.dumps(v)[1:-1]),
    # as Rails writes JSON
    lambda v: json.dumps(v, ensure_ascii=False)[1:-1].translate(_RAILS),
    str.upper,
    str.lower,
)
_BYTES: tuple[Callable[[bytes], str], ...] = (
    lambda v: v.hex(),
    lambda v: v.hex().upper(),
    lambda v: base64.b32encode(v).decode()[: len(v) * 8 // 5],
)


def spellings(value: str) -> Iterator[str]:
    """Yield the forms in which a text can hold ``value``, always as many and in the same order."""
    yield from (form(value) for form in _FORMS)


def encodings(value: str) -> Iterator[str]:
    """Yield the forms in which ``value`` can stand in a file, always as many and in the same order."""
    yield from spellings(value)
    yield value[::-1]
    yield from (form(value.encode("utf-8", "replace")) for form in _BYTES)
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        for offset in range(3):
            inside = _inside_base64(value.encode("utf-8", "replace"), offset, encode)
            yield inside
            yield quote(inside, safe="")


def _inside_base64(value: bytes, offset: int, encode: Callable[[bytes], bytes]) -> str:
    """Return the characters that ``value`` alone decides when it stands ``offset`` bytes into base64-encoded data."""
    padded = b"\0" * offset + value
    encoded = encode(padded).decode().rstrip("=")
    first = (offset * 8 + 5) // 6
    last = len(padded) * 8 // 6
    return encoded[first:last]
