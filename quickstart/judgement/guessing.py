"""Whether a token can be guessed: what its length and letters can hold at most (RFC 6749 section 10.10).

An upper bound, never an estimate: a token that looks random and is not passes; what is called too short is too short.
"""

import base64
import json
import math
import string
from itertools import combinations
from typing import Any

BITS = 128  # RFC 6749 section 10.10
_FEWEST_LETTERS = 6  # 32 random hex digits, or 39 decimal ones, never have fewer different ones
_FEWEST_CHANGES = 14  # places in which two random tokens of 128 bits always differ
_HEX = "0123456789abcdef"
_ALPHABETS = (
    string.digits,
    _HEX,
    _HEX.upper(),
    string.digits + string.ascii_lowercase + "-_",
    string.digits + string.ascii_uppercase + "-_",
    string.digits + string.ascii_letters,
    string.digits + string.ascii_letters + "-_",
)
_PRINTABLE = 94


def guessable(token: str) -> str:
    """Say what makes ``token`` too easy to guess, or an empty text.

    Of a JWT the signature is looked at: whoever can guess that needs no more.
    """
    parts = token.split(".")
    secret = parts[2] if len(parts) == 3 and _decoded(parts[0]) is not None else token
    period = (secret + secret).find(secret, 1)
    bits = _capacity(secret[:period])
    if bits < BITS:
        return f"{len(secret)} characters that hold {bits:.0f} bits at most"
    if len(set(secret)) < _FEWEST_LETTERS:
        return f"{len(secret)} characters, and only {len(set(secret))} different ones"
    return ""


def alike(tokens: list[str]) -> str:
    """Say that whoever knows one of these tokens can guess another one, or an empty text."""
    pairs = ((one, other) for one, other in combinations(dict.fromkeys(tokens), 2) if len(one) == len(other))
    changes = (sum(a != b for a, b in zip(one, other, strict=True)) for one, other in pairs)
    fewest = min(changes, default=_FEWEST_CHANGES)
    return f"two tokens that differ in {fewest} characters alone" if fewest < _FEWEST_CHANGES else ""


def claims(token: str) -> dict[str, Any] | None:
    """Return the claims of a JWT, whose signature nobody looks at, or ``None`` for any other token."""
    parts = token.split(".")
    return _decoded(parts[1]) if len(parts) == 3 and _decoded(parts[0]) is not None else None


def _capacity(text: str) -> float:
    """Return the bits that a random text of this length and these kinds of letters holds."""
    if set(text) <= {*_HEX, *_HEX.upper(), "-"}:
        text = text.replace("-", "")  # of a UUID
    size = next((len(alphabet) for alphabet in _ALPHABETS if set(text) <= set(alphabet)), _PRINTABLE)
    return len(text) * math.log2(size)


def _decoded(part: str) -> dict[str, Any] | None:
    try:
        # What is padded more than it needs to be is read all the same.
        found = json.loads(base64.urlsafe_b64decode(f"{part}=="))
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
