"""What changed in shape between the old recordings and the new ones."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from quickstart.report.shape import Shape, ShapeError, of_cassette


@dataclass(frozen=True)
class Change:
    """One difference: in ``exchange``, ``what`` (``/[]/id``, ``status``, ``header etag``) was ``old``, is ``new``."""

    exchange: str
    what: str
    old: str
    new: str

    def __str__(self) -> str:
        return f"{self.exchange}: {self.what} was {self.old}, is {self.new}"


@dataclass(frozen=True)
class Drift:
    """All differences between two sets of recordings. ``old`` and ``new`` say in words where each comes from."""

    old: str
    new: str
    changes: tuple[Change, ...]

    @property
    def sentence(self) -> str:
        """One line for the terminal."""
        number = len(self.changes)
        what = f"{number} change{'s' if number > 1 else ''} of shape" if number else "no change of shape"
        return f"drift: {what} between the old recordings ({self.old}) and the new ones ({self.new})"

    @property
    def lines(self) -> list[str]:
        """The sentence and each change, for the terminal."""
        return [self.sentence, *map(str, self.changes)]


def compare(old: Path, new: Path, recorded: Collection[str], *, old_words: str, new_words: str) -> Drift:
    """Return what differs between two folders of cassettes; ``recorded`` are the exchanges that the new one keeps."""
    names = sorted({path.stem for path in old.glob("*.yaml")} | {*recorded})
    changes = [
        change
        for name in names
        for change in _cassette(name, old / f"{name}.yaml", new / f"{name}.yaml", kept=name in recorded)
    ]
    return Drift(old_words, new_words, tuple(changes))


def _cassette(name: str, old: Path, new: Path, *, kept: bool) -> Iterator[Change]:
    if not old.exists() or not kept:
        yield Change(name, "the recording", "there" if old.exists() else "not there", "there" if kept else "not there")
        return
    try:
        before, after = of_cassette(old), of_cassette(new)
    except ShapeError as error:
        yield Change(name, "the recording", "compared with nothing", f"not compared: {error}")
        return
    yield from differences(name, before, after)


def differences(name: str, old: Shape, new: Shape) -> Iterator[Change]:
    """Yield the differences of two shapes of the exchange ``name``."""
    if old.status != new.status:
        yield Change(name, "status", str(old.status), str(new.status))
    if old.media_type != new.media_type:
        yield Change(name, "media type", old.media_type or "none", new.media_type or "none")
    for header in sorted(old.headers ^ new.headers):
        yield Change(name, f"header {header}", *_absent_or(header, old.headers.__contains__, new.headers.__contains__))
    for path in sorted(old.members.keys() | new.members.keys()):
        before, after = (_types(shape.members.get(path)) for shape in (old, new))
        if before != after and not _follows(path, old, new):
            yield Change(name, path, before, after)


def _absent_or(header: str, was: Callable[[str], bool], now: Callable[[str], bool]) -> tuple[str, str]:
    return ("sent" if was(header) else "absent", "sent" if now(header) else "absent")


def _types(types: frozenset[str] | None) -> str:
    return " or ".join(sorted(types)) if types else "absent"


def _follows(path: str, old: Shape, new: Shape) -> bool:
    """Whether ``path`` came or went with the member that holds it, which is told already."""
    parent = path.rpartition("/")[0] or "/"
    return path != "/" and (parent not in old.members or parent not in new.members)
