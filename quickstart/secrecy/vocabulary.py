"""The words of the suite itself: what a secret has in common with them gives nothing away, and is never replaced."""

import re
from functools import cached_property, lru_cache
from pathlib import Path

_TEXT = frozenset({".ini", ".py", ".toml", ".json", ".jinja", ".js", ".css"})
_LONG = 8  # letters; what is shorter stands by chance in the middle of a word
_MOST = 10_000  # texts of which is remembered whether they are ours: answers repeat their keys
_WORD = re.compile(r"\w+")
_ASCII_APART = bytes(ord(" ") if byte < 128 and not _WORD.match(chr(byte)) else byte for byte in range(256))


class Vocabulary:
    """All that stands in the files of ``folders``, read when it is first asked for."""

    def __init__(self, *folders: Path) -> None:
        self._folders = folders
        self._known: dict[str, bool] = {}

    @cached_property
    def _text(self) -> str:
        return _read(self._folders)

    @cached_property
    def _words(self) -> frozenset[str]:
        return _words_in(self._text)

    @cached_property
    def _each_word_once(self) -> str:
        return " ".join(self._words)

    def holds(self, text: str) -> bool:
        """Whether ``text`` stands in our files: as a word, or anywhere if it is longer than most words."""
        if text not in self._known:
            if len(self._known) > _MOST:
                self._known.clear()
            self._known[text] = self._look_for(text.casefold())
        return self._known[text]

    def _look_for(self, plain: str) -> bool:
        if plain in self._words:
            return True
        if len(plain) < _LONG and plain.isalnum():
            return False
        # What stands in the text has its longest word within one of ours; there is far less of those to look through.
        longest = max(_WORD.findall(plain), key=len, default="")
        return longest in self._each_word_once and plain in self._text


@lru_cache(maxsize=4)
def _read(folders: tuple[Path, ...]) -> str:
    """Return the text of the folders, in lower case; one process asks once."""
    files = [path for folder in folders for path in (sorted(folder.rglob("*")) if folder.is_dir() else [folder])]
    texts = [path.read_text(encoding="utf-8") for path in files if path.suffix in _TEXT and path.is_file()]
    return "\n".join([*map(str, files), *texts]).casefold()


@lru_cache(maxsize=4)
def _words_in(text: str) -> frozenset[str]:
    """Return the words of a text, each once; bytes are cut at ASCII first, which takes half the time."""
    parts = {*text.encode("utf-8", "surrogatepass").translate(_ASCII_APART).split()}
    plain = {part.decode() for part in parts if part.isascii()}
    others = (part.decode("utf-8", "surrogatepass") for part in parts if not part.isascii())
    return frozenset(plain.union(*map(_WORD.findall, others)))
