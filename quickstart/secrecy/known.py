"""The secrets that are known: each by value, in every encoding, also where it was cut."""

import re
from dataclasses import dataclass

from quickstart.secrecy.patterns import PROCORES_OWN, is_wordy
from quickstart.secrecy.stand_ins import encodings, spellings, stand_in_of
from quickstart.secrecy.vocabulary import Vocabulary

_PIECE = 12  # characters of a secret that must not be left of it, wherever they stand in it
_WORDY_PIECE = 16  # where they are words, and the rest of the secret is none
_PIECE_OF_PERSON = 16  # of a name, whose first part may be that of somebody else
_BESIDE_DOTS = 10  # characters of a secret that must not be left of it beside the dots of a cut
_ANYWHERE = 8  # characters from which on a value is replaced wherever it stands; a shorter one as a word alone
_WORD = 3  # characters from which on a value is replaced as a word; a shorter one in its place alone
_GRAM = 6  # characters by which forms are found
# A text is probed at every second character, and a form known by every third: whatever is _GRAM + 2 * 3 - 1 characters
# long has one in common, and each piece that counts is longer. Shorter forms, and such as begin again in themselves,
# are known by each of their grams.
_PROBED, _KNOWN_BY = 2, 3
_SHORT = _GRAM + _PROBED * _KNOWN_BY - 1
_CROWD = 24  # forms that share a gram, from which on it tells too little of any of them
_MOST_FORMS = (
    20_000  # of some thousand secrets; what is learned after them is replaced where it stands, and there alone
)
_WHERE = 4  # places of a gram in one form that are remembered


@dataclass(frozen=True)
class _Form:
    """One way in which a secret may be written; as many characters as ``piece`` says give it away."""

    text: str
    stand_in: str
    piece: int
    words_alone: bool


class KnownSecrets:
    """Remembers secrets and their stand-ins; it never forgets. ``ours`` are words that are nobody's secret."""

    def __init__(self, ours: Vocabulary) -> None:
        self._ours = ours
        self._stand_ins: dict[str, str] = {}
        self._labels: dict[str, int] = {}
        self.scope = ""  # the exchange whose secrets are learned: what came of others does not change their stand-ins
        self._issued: set[str] = {PROCORES_OWN}
        self._forms: dict[str, _Form] = {}
        self._grams: dict[str, list[tuple[_Form, int]]] = {}
        self._words: dict[str, str] = {}
        self._word_pattern: re.Pattern[str] | None = None

    def learn(self, kind: str, value: str, stand_in: str | None = None, *, spread: bool = True) -> str:
        """Remember ``value`` as a secret of ``kind`` (``"access-token"``) and return its stand-in.

        A ``stand_in`` that is given is taken: one that must be like another one, as the secret is like another.
        Without ``spread`` it is replaced where it was found, and looked for nowhere else.
        """
        if not value or value in self._issued:
            return value
        if value not in self._stand_ins:
            if stand_in is None:
                label = f"{kind}-{self.scope}" if self.scope else kind
                number = self._labels[label] = self._labels.get(label, 0) + 1
                stand_in = stand_in_of(f"{label}-{number}", value)
            self._issued.add(stand_in)
            self._stand_ins[value] = stand_in
            if spread and len(self._forms) < _MOST_FORMS and not self._ours.holds(value):
                self._spread(kind, value, stand_in)
        return self._stand_ins[value]

    def _spread(self, kind: str, value: str, stand_in: str) -> None:
        """Remember where else than in its place ``value`` is to be replaced: what could be a word of ours is not."""
        is_name = kind == "person" and value.isalpha()
        if (len(value) < _ANYWHERE or is_name) and len(value) >= _WORD and not value.isdecimal():
            self._words |= dict(zip(spellings(value), spellings(stand_in), strict=True))
            self._word_pattern = None
        if len(value) < _ANYWHERE:
            return
        spelled = frozenset(spellings(value))
        for original, replacement in zip(encodings(value), encodings(stand_in), strict=True):
            if len(original) < _ANYWHERE or original in self._forms or self._ours.holds(original):
                continue
            if is_name and original.isalpha() and original.casefold() == value.casefold():
                continue  # as a word alone
            piece = _PIECE_OF_PERSON if kind == "person" and original in spelled else _PIECE
            form = self._forms[original] = _Form(original, replacement, piece, is_wordy(original))
            self._index(form)

    def _index(self, form: _Form) -> None:
        """Make the form findable by its grams; by such as many forms have only where it has no others.

        Two that follow one another are enough to find it whole wherever a text is probed; by all of them, pieces of
        it are found too.
        """
        begins = range(0, len(form.text) - _GRAM + 1, _KNOWN_BY)
        grams = [form.text[at : at + _GRAM] for at in begins]
        if len(form.text) < _SHORT or form.text[1 : 1 + _GRAM] in grams:
            begins = range(len(form.text) - _GRAM + 1)
            grams = [form.text[at : at + _GRAM] for at in begins]
        places = [self._grams.setdefault(gram, []) for gram in grams]
        crowds = [*map(len, places)]
        rare = [at for at, crowd in enumerate(crowds) if crowd < _CROWD]
        runs = range(len(places) - _PROBED + 1 if len(rare) < len(places) else 0)
        if not any(max(crowds[at : at + _PROBED]) < _CROWD for at in runs) and len(runs):
            least = min(runs, key=lambda at: sum(crowds[at : at + _PROBED]))
            rare = sorted({*rare, *range(least, least + _PROBED)})
        for at in rare:
            here = places[at]
            if len(here) < _WHERE or here[-_WHERE][0] is not form:  # the places of one form follow one another
                here.append((form, begins[at]))

    def keep(self, *values: str) -> None:
        """Leave ``values`` as they are: they look like secrets and are none."""
        self._issued.update(values)

    def replaced(self, text: str, *, net: bool = False) -> str:
        """Return ``text`` with the known secrets, whole or in pieces, as they are and encoded, replaced by stand-ins.

        Only such as no word of ours can be. As a ``net``, for a whole output, only such as nobody's word can be.
        """
        parts, end = [], 0
        for at in range(0, len(text) - _GRAM + 1, _PROBED):
            places = self._grams.get(text[at : at + _GRAM])
            if places is None or at + _GRAM <= end:
                continue
            found = self._longest(text, at, places, end, net=net)
            if found is not None:
                form, begin, length, offset = found
                parts += [text[end:begin], _part(form, offset, length)]
                end = begin + length
        text = "".join((*parts, text[end:])) if parts else text
        return self._beside_dots(text) if "..." in text else text

    def words_replaced(self, text: str) -> str:
        """Return ``text`` with short secrets replaced where they stand as words. For what came from outside alone."""
        if not self._words:
            return text
        if self._word_pattern is None:
            longest_first = sorted(self._words, key=len, reverse=True)
            self._word_pattern = re.compile(rf"(?<![\w])(?:{'|'.join(map(re.escape, longest_first))})(?![\w])")
        return self._word_pattern.sub(lambda m: self._words[m[0]], text)

    def _longest(
        self, text: str, at: int, places: list[tuple[_Form, int]], end: int, *, net: bool
    ) -> tuple[_Form, int, int, int] | None:
        """Return of which form most stands around ``at``, not before ``end``: where in the text, how much, which part.

        A whole form goes before a piece of another that is as long.
        """
        best: tuple[int, bool, _Form, int, int] | None = None
        for form, place in places:
            if net and len(form.text) < _PIECE and is_wordy(form.text):
                continue
            begin, offset = at, place
            while begin > end and offset > 0 and text[begin - 1] == form.text[offset - 1]:
                begin, offset = begin - 1, offset - 1
            length = at - begin + _common(text, at, form.text, place)
            whole = length == len(form.text)
            if not whole and not self._gives_away(form, text[begin : begin + length]):
                continue
            if best is None or (length, whole) > best[:2]:
                best = length, whole, form, begin, offset
        return None if best is None else (best[2], best[3], best[0], best[4])

    def _gives_away(self, form: _Form, piece: str) -> bool:
        """Whether a piece of a form is enough to know some of a secret: not if it is of words that anybody uses."""
        if len(piece) < form.piece:
            return False
        if is_wordy(piece) and not form.words_alone and len(piece) < _WORDY_PIECE:
            return False
        return not self._ours.holds(piece)

    def _beside_dots(self, text: str) -> str:
        """Return ``text`` without what pytest left of a shortened value: its beginning before dots, its end after."""
        for value in self._stand_ins:
            if len(value) > 2 * _BESIDE_DOTS:
                text = _without_ends(text, value)
        return text


def _common(text: str, at: int, form: str, place: int) -> int:
    """Return how many characters are the same from there on."""
    most = min(len(text) - at, len(form) - place)
    if text[at : at + most] == form[place : place + most]:
        return most
    return next(number for number in range(most) if text[at + number] != form[place + number])


def _part(form: _Form, offset: int, length: int) -> str:
    if length == len(form.text):
        return form.stand_in
    return (form.stand_in * (len(form.text) // max(1, len(form.stand_in)) + 1))[offset : offset + length]


def _without_ends(text: str, value: str) -> str:
    """Return ``text`` without the beginning of ``value`` before dots, and without its end after them."""
    rest = rf"[^\s'\"]{{0,{len(value)}}}?"
    if value[:_BESIDE_DOTS] in text:
        text = re.sub(rf"{re.escape(value[:_BESIDE_DOTS])}{rest}\.\.\.", "...", text)
    if value[-_BESIDE_DOTS:] in text:
        text = re.sub(rf"(?<=\.\.\.){rest}{re.escape(value[-_BESIDE_DOTS:])}", "", text)
    return text
