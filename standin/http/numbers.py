"""Numbers that clients write, however long: Python's own ``int`` gives up on more than 4,300 digits."""

from __future__ import annotations

MOST = 10**30
"""What a longer number counts as: more than any id (64 bits), page or length there is."""


def whole(text: str | None) -> int | None:
    """The whole number that a text of ASCII digits means, at most :data:`MOST`; None when it is no such text."""
    if not text or not (text.isascii() and text.isdecimal()):
        return None
    digits = text.lstrip("0")
    return int(digits or "0") if len(digits) < len(str(MOST)) else MOST
