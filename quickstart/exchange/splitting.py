"""Cuts a long JSON array into its items as it arrives: no more than one item, and what was just read, is in memory."""

import codecs
import json
import re
from collections.abc import Iterable, Iterator
from typing import NoReturn

_SPACE = re.compile(r"[ \t\r\n]*")
_DIGITS = frozenset("+-.0123456789eE")  # of a number that may go on in the next chunk
_UNFINISHED = 3  # signs: one more than what may stand behind a number and belong to it, as in 1e+


class BrokenError(ValueError):
    """What came is no JSON array; ``left`` is what was not yet taken from it, or the beginning of that."""

    def __init__(self, left: str) -> None:
        super().__init__("no JSON array")
        self.left = left[:1000]


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


_DECODER = json.JSONDecoder(parse_constant=_refuse)


class _Buffer:
    """The text that came and was not taken yet. Looked at anew only once it has doubled: time stays linear."""

    def __init__(self, chunks: Iterable[bytes], largest: int) -> None:
        self._chunks = iter(chunks)
        self._decode = codecs.getincrementaldecoder("utf-8")().decode
        self._largest = largest
        self._ended = False
        self.text, self.at = "", 0

    def more(self) -> bool:
        """Read on until there is twice as much; ``False`` at the end of what comes."""
        if self._ended:
            return False
        self.text, self.at = self.text[self.at :], 0
        parts, length, enough = [self.text], len(self.text), 2 * len(self.text)
        while length <= enough and not self._ended:
            chunk = next(self._chunks, None)
            self._ended = chunk is None
            try:
                part = self._decode(chunk or b"", final=self._ended)
            except UnicodeDecodeError:
                raise BrokenError(self.text) from None
            parts.append(part)
            length += len(part)
        self.text = "".join(parts)
        if length > self._largest:
            raise BrokenError(self.text)
        return True

    def sign(self) -> str:
        """Return the next sign that is no space, without taking it; an empty text at the end."""
        while True:
            self.at = _SPACE.match(self.text, self.at).end()  # type: ignore[union-attr]
            if self.at < len(self.text) or not self.more():
                return self.text[self.at : self.at + 1]

    def take(self, *signs: str) -> str:
        """Take the next sign, which must be one of these."""
        found = self.sign()
        if found not in signs:
            raise BrokenError(self.text[self.at :])
        self.at += len(found)
        return found

    def _may_go_on(self, end: int) -> bool:
        """Whether what was read up to ``end`` may be the beginning of a longer number: ``1`` of ``1.`` and ``1e+``."""
        return end + _UNFINISHED > len(self.text) and {*self.text[end - 1 :]} <= _DIGITS

    def item(self) -> str:
        """Take one value, and return it as it was written."""
        self.sign()
        while True:
            try:
                end = _DECODER.raw_decode(self.text, self.at)[1]
                if not self._may_go_on(end):
                    break
            except (ValueError, RecursionError):
                end = 0
            if not self.more():
                if end:
                    break
                raise BrokenError(self.text[self.at :])
        found, self.at = self.text[self.at : end], end
        return found


def items(chunks: Iterable[bytes], largest: int) -> Iterator[str]:
    """Yield the items of a JSON array one by one, each as it was written; ``chunks`` are its bytes in UTF-8.

    Raises:
        BrokenError: it is no JSON array, one of its items is larger than ``largest`` signs, or it ends too early. The
            items before that were yielded.
    """
    buffer = _Buffer(chunks, largest)
    buffer.take("[")
    if buffer.sign() == "]":
        buffer.take("]")
    else:
        yield buffer.item()
        while buffer.take(",", "]") == ",":
            yield buffer.item()
    buffer.take("")
