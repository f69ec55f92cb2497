"""The secrets that are known: each by value, in every encoding, also where it was cut."""

import re
import string
from os.path import commonprefix

from quickstart.secrecy.patterns import PROCORES_OWN
from quickstart.secrecy.stand_ins import encodings, stand_in_of

_PIECE = 10  # characters of a secret that must not be left of it when it is cut
_SHORTEST = 6  # a shorter value would also match what is no secret; by key it is scrubbed all the same


class KnownSecrets:
    """Remembers secrets and their stand-ins; it never forgets."""

    def __init__(self) -> None:
        self._stand_ins: dict[str, str] = {}
        self._labels: dict[str, int] = {}
        self._issued: set[str] = {PROCORES_OWN}
        self._variants: dict[str, str] = {}
        self._longest_first: list[str] = []
        self._cuttable: dict[str, tuple[str, str]] = {}  # secret: what gives it away when it is cut, stand-in

    def learn(self, kind: str, value: str, stand_in: str | None = None) -> str:
        """Remember ``value`` as a secret of ``kind`` (``"access-token"``) and return its stand-in.

        A ``stand_in`` that is given is taken: one that must be like another one, as the secret is like another.
        """
        if not value or value in self._issued:
            return value
        if value not in self._stand_ins:
            if stand_in is None:
                number = self._labels[kind] = self._labels.get(kind, 0) + 1
                stand_in = stand_in_of(f"{kind}-{number}", value)
            self._issued.add(stand_in)
            self._stand_ins[value] = stand_in
            if len(value) >= _SHORTEST:
                for original, replacement in zip(encodings(value), encodings(stand_in), strict=True):
                    self._variants.setdefault(original, replacement)
                if kind != "person" and len(value) > 2 * _PIECE:
                    self._cuttable[value] = _beginning(value), stand_in
                self._longest_first.clear()
        return self._stand_ins[value]

    def keep(self, *values: str) -> None:
        """Leave ``values`` as they are: they look like secrets and are none."""
        self._issued.update(values)

    def replaced(self, text: str) -> str:
        """Return ``text`` with the known secrets, as they are and encoded, replaced by their stand-ins."""
        # One after the other beats one pattern of all: that would be compiled anew after each secret, and scans slower.
        if not self._longest_first:
            self._longest_first += sorted(self._variants, key=len, reverse=True)
        for variant in self._longest_first:
            if variant in text:
                text = text.replace(variant, self._variants[variant])
        return text

    def without_pieces(self, text: str) -> str:
        """Return ``text`` without what is left of a secret that was cut: its beginning, or what stands beside dots.

        Of a person only the latter: the beginning of a name alone may be a common word.
        """
        for secret, (beginning, stand_in) in self._cuttable.items():
            if beginning not in text:
                continue
            parts, end = [], 0
            while (at := text.find(beginning, end)) >= 0:
                piece = commonprefix((secret, text[at : at + len(secret)]))  # noqa: RUF071 - of characters
                parts += [text[end:at], stand_in[: len(piece)]]
                end = at + len(piece)
            text = "".join((*parts, text[end:]))
        if "..." in text:
            for value in self._stand_ins:
                text = _without_ends(text, value) if len(value) > 2 * _PIECE else text
        return text


def _beginning(secret: str) -> str:
    """Return what gives a cut secret away: of one that begins with words, as made-up ones do, words alone do not."""
    words = len(secret) - len(secret.lstrip(string.ascii_lowercase + "-_"))
    return secret[: max(_PIECE, words + 1)]


def _without_ends(text: str, value: str) -> str:
    """Return ``text`` without what pytest left of a shortened value: its beginning before dots, its end after them."""
    rest = rf"[^\s'\"]{{0,{len(value)}}}?"
    if value[:_PIECE] in text:
        text = re.sub(rf"{re.escape(value[:_PIECE])}{rest}\.\.\.", "...", text)
    if value[-_PIECE:] in text:
        text = re.sub(rf"(?<=\.\.\.){rest}{re.escape(value[-_PIECE:])}", "", text)
    return text
