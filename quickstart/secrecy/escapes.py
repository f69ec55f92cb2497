"""Runs of escapes, read as they are meant: a secret whose every character is escaped is found in none of its forms."""

import html
import re
import sys
from collections.abc import Callable

_PLAIN = r"[\w.~+/-]"
_ESCAPE = (
    r"%(?:[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4})|=(?:[0-9A-F]{2}|\r?\n)"  # URLs and forms; quoted-printable
    # JSON, JavaScript, Python; octal
    r"|\\(?:u[0-9A-Fa-f]{4}|u\{[0-9A-Fa-f]{1,6}\}|U[0-9A-Fa-f]{8}|x[0-9A-Fa-f]{2}|[0-7]{3}|[/\\])"
    r"|&(?:amp;)*+\#(?:[0-9]{1,7}|[xX][0-9A-Fa-f]{1,6});?"  # HTML and XML
)
# Each start scans what follows once: none lies within a word, and nothing is given back.
_RUN = re.compile(rf"(?<!{_PLAIN}){_PLAIN}*+(?:(?:{_ESCAPE})++{_PLAIN}*+)++", re.ASCII)
_ACTS = re.compile(r"[^\w.~+/-]")
_ONE = re.compile(_ESCAPE)
_MARKS = ("%", "=", "\\", "&")
_DEPTH = 4  # of escapes within escapes


def read_as_meant(text: str, cleaned: Callable[[str], str]) -> str:
    """Return ``text`` with each run of escapes that ``cleaned`` changes once it is read in place of what it was.

    Of that no character is left that could act: it stands where an escaped one stood, in HTML or JSON, say.
    """
    if not any(mark in text for mark in _MARKS):
        return text

    def run(match: re.Match[str]) -> str:
        meant = match[0]
        for _ in range(_DEPTH):
            before, meant = meant, _ONE.sub(_meant, meant)
            if meant == before:
                break
            clean = cleaned(meant)
            if clean != meant:
                return _ACTS.sub("_", clean)
        return match[0]

    return _RUN.sub(run, text)


def _meant(match: re.Match[str]) -> str:
    """Return the character that an escape stands for."""
    one = match[0]
    if one[0] == "&":
        return html.unescape(one)
    if one[-1] == "\n":
        return ""  # a line that goes on
    if one[1].isdigit() and one[0] == "\\":
        return chr(int(one[1:], 8))
    digits = one.lstrip("\\%=uUx").strip("{}")
    if not digits or digits == "/":
        return one[1]
    return chr(min(int(digits, 16), sys.maxunicode))
