"""What changed in shape between recordings and newer ones, or what is answered today, and whom that breaks."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from quickstart.exchange.answer import Answer
from quickstart.report.shape import Shape, ShapeError, of_answer, of_cassette, together

FORMAT = 1
BREAKING, ADDITIVE = "breaking", "additive"
# Headers that say nothing of a call: of the way (proxies, caches, connections), the moment, the browser; cookies; and
# Link, which stands there or not as there are more items.
_OF_THE_WAY = re.compile(
    r"accept-ranges|age|alt-svc|cf-.+|connection|content-(encoding|length|security-policy.*)|date|etag|expires|"
    r"keep-alive|last-modified|link|nel|permissions-policy|pragma|referrer-policy|report-to|retry-after|server|"
    r"server-timing|set-cookie|strict-transport-security|trailer|transfer-encoding|vary|via|x-amz.+|x-cache.*|"
    r"x-content-type-options|x-download-options|x-envoy.+|x-frame-options|x-permitted-cross-domain-policies|"
    r"x-powered-by|x-request-id|x-runtime|x-served-by|x-timer|x-xss-protection"
)


@dataclass(frozen=True)
class Change:
    """One difference: in ``exchange``, ``what`` (``/[]/id``, ``status``, ``header etag``) was ``old``, is ``new``.

    ``kind`` is BREAKING for what a client may rest on, ADDITIVE for what it can pass over, empty for a recording that
    came or went.
    """

    exchange: str
    what: str
    old: str
    new: str
    kind: str = field(default="", compare=False)

    def __str__(self) -> str:
        kind = f" ({self.kind})" if self.kind else ""
        return f"{self.exchange}: {self.what} was {self.old}, is {self.new}{kind}"


@dataclass(frozen=True)
class Drift:
    """All differences of two sets of answers. ``old`` and ``new`` say in words what each is and where it comes from.

    ``compared`` are the exchanges that were, ``left_out`` says of the others why not. ``strict`` is whether the run is
    to fail where something is breaking.
    """

    old: str
    new: str
    changes: tuple[Change, ...]
    compared: tuple[str, ...] = ()
    left_out: Mapping[str, str] = field(default_factory=dict)
    strict: bool = False

    def count(self, kind: str) -> int:
        """Return how many changes are of this kind."""
        return Counter(one.kind for one in self.changes)[kind]

    @property
    def fails(self) -> bool:
        """Whether the run is to fail of it."""
        return self.strict and self.count(BREAKING) > 0

    @property
    def breaking(self) -> str:
        """How many changes are breaking, in words."""
        return f"{self.count(BREAKING)} breaking change{'' if self.count(BREAKING) == 1 else 's'}"

    @property
    def sentence(self) -> str:
        """One line for the terminal."""
        number = len(self.changes)
        what = f"{number} change{'s' if number > 1 else ''} of shape" if number else "no change of shape"
        kinds = ", ".join(f"{some} {kind}" for kind in (BREAKING, ADDITIVE) if (some := self.count(kind)))
        return f"drift: {what} between {self.old} and {self.new}" + (f": {kinds}" if kinds else "")

    @property
    def lines(self) -> list[str]:
        """The sentence and each change, for the terminal: one that many exchanges show is told once."""
        alike: dict[Change, list[str]] = {}
        for one in self.changes:
            alike.setdefault(replace(one, exchange=""), []).append(one.exchange)
        return [self.sentence, *(str(replace(one, exchange=_few(names))) for one, names in alike.items())]

    def as_plain(self) -> dict[str, Any]:
        """Return it as ``schemas/drift.schema.json`` describes it."""
        return {
            "format": FORMAT,
            "old": self.old,
            "new": self.new,
            "breaking": self.count(BREAKING),
            "additive": self.count(ADDITIVE),
            "changes": [
                {"exchange": one.exchange, "what": one.what, "old": one.old, "new": one.new, "kind": one.kind or None}
                for one in self.changes
            ],
            "compared": list(self.compared),
            "left_out": dict(self.left_out),
        }


NOTHING = Drift("nothing", "nothing", ())


def _few(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"


def _told(changes: Iterator[Change]) -> tuple[Change, ...]:
    """Return the changes in the order in which they are told: what breaks somebody first."""
    return tuple(sorted(changes, key=lambda one: one.kind != BREAKING))


class Recorded:
    """A folder of recordings: ``shapes`` by exchange, and why the others cannot be read (``damaged``)."""

    def __init__(self, folder: Path) -> None:
        self.shapes: dict[str, Shape] = {}
        self.damaged: dict[str, str] = {}
        self._kin: dict[tuple[str, int, str], list[Shape]] = {}
        for path in sorted(folder.glob("*.yaml")):
            try:
                shape = self.shapes[path.stem] = of_cassette(path)
            except ShapeError as error:
                self.damaged[path.stem] = str(error)
            else:
                self._kin.setdefault(_kind_of_answer(path.stem, shape), []).append(shape)

    def kin(self, name: str) -> Shape:
        """Return what all answers of the same endpoint and status say of this one: a page of a list is a few items."""
        return together(self._kin[_kind_of_answer(name, self.shapes[name])])


def _kind_of_answer(name: str, shape: Shape) -> tuple[str, int, str]:
    return shape.endpoint or name, shape.status, shape.media_type


def compare(old: Path, new: Path, recorded: Collection[str], *, old_words: str, new_words: str) -> Drift:
    """Return what differs between two folders of cassettes; ``recorded`` are the exchanges that the new one keeps."""
    names = sorted({path.stem for path in old.glob("*.yaml")} | {*recorded})
    before, after = Recorded(old), Recorded(new)
    changes = (change for name in names for change in _recording(name, before, after, kept=name in recorded))
    words = f"the old recordings ({old_words})", f"the new ones ({new_words})"
    return Drift(*words, _told(changes), compared=tuple(names))


def live(
    recordings: Path,
    answers: Mapping[str, Answer],
    *,
    old_words: str,
    new_words: str,
    clean: Callable[[str], str],
    strict: bool = False,
) -> Drift:
    """Return what differs between the recordings and what is answered; ``clean`` takes secrets out of a text."""
    changes, compared, left_out = [], [], {}
    old = Recorded(recordings)
    for name, answer in answers.items():
        if answer.failure or name not in old.shapes:
            left_out[name] = clean(answer.outcome) if answer.failure else old.damaged.get(name, "not recorded")
            continue
        found = differences(name, old.shapes[name], of_answer(answer), old.kin(name), answer.definition.expect)
        compared.append(name)
        changes += [replace(one, what=clean(one.what), new=clean(one.new)) for one in found]
    words = f"the recordings ({old_words})", f"the answers ({new_words})"
    return Drift(*words, _told(iter(changes)), tuple(compared), left_out, strict)


def _recording(name: str, old: Recorded, new: Recorded, *, kept: bool) -> Iterator[Change]:
    was = name in {*old.shapes, *old.damaged}
    if not was or not kept:
        yield Change(name, "the recording", "there" if was else "not there", "there" if kept else "not there")
        return
    damage = old.damaged.get(name) or new.damaged.get(name)
    if damage:
        yield Change(name, "the recording", "compared with nothing", f"not compared: {damage}")
        return
    yield from differences(name, old.shapes[name], new.shapes[name], old.kin(name))


def differences(
    name: str, old: Shape, new: Shape, kin: Shape | None = None, right: Collection[int] = ()
) -> Iterator[Change]:
    """Yield the differences of two shapes of the exchange ``name``.

    ``kin`` is what is known of the members of such answers; ``right`` are the statuses that it may have. Where the
    status is another, the answer is another: the rest of it is not compared.
    """
    if old.status != new.status:
        yield Change(name, "status", str(old.status), str(new.status), ADDITIVE if new.status in right else BREAKING)
        return
    if old.media_type != new.media_type:
        yield Change(name, "media type", old.media_type or "none", new.media_type or "none", BREAKING)
    for header in sorted(old.headers ^ new.headers):
        if not _OF_THE_WAY.fullmatch(header):
            came = header in new.headers
            was, now = ("absent", "sent") if came else ("sent", "absent")
            yield Change(name, f"header {header}", was, now, ADDITIVE if came else BREAKING)
    known = kin or old
    for path in sorted(known.members.keys() | new.members.keys()):
        kind = _kind(path, known, new)
        if kind:
            yield Change(name, path, _types(known.members.get(path)), _types(new.members.get(path)), kind)


def _types(types: frozenset[str] | None) -> str:
    return " or ".join(sorted(types)) if types else "absent"


def _kind(path: str, old: Shape, new: Shape) -> str:
    """Return what it is that became of a path; empty where that may be with the same shape."""
    was, now = old.members.get(path), new.members.get(path)
    if was and now:
        return BREAKING if _is_of_another_type(was, now) else ""
    if path == "/":  # a body that is JSON here and none there
        return BREAKING if was else ADDITIVE
    holder, _, last = path.rpartition("/")
    holds = "array" if last == "[]" else "object"
    # Of a list without items, and of what is not there or null, nobody knows what would be in it.
    if last == "[]" or not all(holds in shape.members.get(holder or "/", ()) for shape in (old, new)):
        return ""
    if now:
        return ADDITIVE
    return "" if path in old.optional else BREAKING


def _is_of_another_type(was: frozenset[str], now: frozenset[str]) -> bool:
    """Whether a client that knew what was is surprised. What was always null may be anything."""
    if was == {"null"}:
        return False
    known = was | {"integer"} if "number" in was else was
    return bool(now - known)
