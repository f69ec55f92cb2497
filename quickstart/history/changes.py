"""What changed between two runs: requirements, steps, the verdict, and what makes two runs hard to compare."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quickstart.history import store
from quickstart.history.nights import CONFORMANT, NOT_CONFORMANT, answer, moment
from quickstart.history.record import Record, RecordError
from quickstart.judgement.verdict import ADVISORY, JUDGED, NOT_WANTED, SATISFIED, VIOLATED, WAIVED

FORMAT = 1
BROKEN, MENDED, NEW, GONE, UNTESTED, TESTED = "broken", "mended", "new", "gone", "not-tested-any-more", "tested-again"
# In the order in which they are told.
TITLES = {
    BROKEN: "broken",
    UNTESTED: "not tested any more",
    MENDED: "mended",
    TESTED: "tested again",
    NEW: "new",
    GONE: "gone",
}
NOWHERE = "not there"
_RANK = {SATISFIED: 0, WAIVED: 1, ADVISORY: 2, VIOLATED: 3}
_VERDICTS = {CONFORMANT: 0, NOT_CONFORMANT: 2}  # between them is no verdict: it says neither yes nor no


class ChangesError(Exception):
    """A run cannot be compared; the message names its file and why."""


@dataclass(frozen=True)
class Change:
    """What became of one requirement or step: ``kind`` is a key of TITLES; a state that there was not is empty.

    ``worse`` is whether somebody must look at it.
    """

    name: str
    kind: str
    old: str
    new: str
    worse: bool


@dataclass(frozen=True)
class Comparison:
    """The older run, the newer one, and what changed. ``apart`` says in sentences why they are hard to compare."""

    old: Record
    new: Record
    apart: tuple[str, ...]
    requirements: tuple[Change, ...]
    steps: tuple[Change, ...]

    @property
    def verdict_worse(self) -> bool:
        """Whether the verdict itself became worse."""
        return _VERDICTS.get(answer(self.new), 1) > _VERDICTS.get(answer(self.old), 1)

    @property
    def is_worse(self) -> bool:
        """Whether anything became worse."""
        return self.verdict_worse or any(one.worse for one in (*self.requirements, *self.steps))

    def of_kind(self, kind: str) -> list[Change]:
        """Return the requirements to which this happened."""
        return [one for one in self.requirements if one.kind == kind]

    @property
    def sentence(self) -> str:
        """The whole in one line."""
        counts = [f"{len(some)} {title}" for kind, title in TITLES.items() if (some := self.of_kind(kind))]
        since = f"since the run of {moment(self.old.when)}"
        if not counts:
            return f"no requirement changed its state {since}"
        return f"{', '.join(counts)} {since}"

    def as_plain(self) -> dict[str, Any]:
        """Return it as ``schemas/comparison.schema.json`` describes it."""
        return {
            "format": FORMAT,
            "worse": self.is_worse,
            "old": _run(self.old),
            "new": _run(self.new),
            "apart": list(self.apart),
            "requirements": [_plain(one) for one in self.requirements],
            "steps": [_plain(one) for one in self.steps],
        }


def lines(found: Comparison, most: int) -> Iterator[str]:
    """Yield the sentence, what makes the runs hard to compare, and at most so many changes of each kind."""
    yield found.sentence
    yield from found.apart
    if answer(found.old) != answer(found.new):
        yield f"verdict: {_word(found.old)}, now {_word(found.new)}"
    for kind, title in TITLES.items():
        every = found.of_kind(kind)
        # What was not wanted any more is told in a number: whoever gave the options knows.
        some = [one for one in every if kind != UNTESTED or one.worse]
        if len(every) > len(some):
            yield f"{title}: {len(every) - len(some)} that were left out of the newer run"
        for one in some[:most]:
            yield f"{title}: {one.name} ({one.old or NOWHERE}, now {one.new or NOWHERE})"
        if len(some) > most:
            yield f"{title}: {len(some) - most} more"


def _word(one: Record) -> str:
    return answer(one).replace("-", " ")


def _run(one: Record) -> dict[str, Any]:
    return {
        "when": one.when.isoformat(),
        "target": one.target,
        "evidence": one.evidence,
        "suite": one.suite,
        "ending": one.ending,
        "exit_code": one.exit_code,
        "conformant": one.conformant,
    }


def _plain(one: Change) -> dict[str, Any]:
    return {"name": one.name, "kind": one.kind, "old": one.old or None, "new": one.new or None, "worse": one.worse}


def compare(old: Record, new: Record) -> Comparison:
    """Return what changed from ``old`` to ``new``."""
    return Comparison(
        old=old,
        new=new,
        apart=tuple(_apart(old, new)),
        requirements=tuple(_changes(old.requirements, new.requirements)),
        steps=tuple(_changes(old.steps, new.steps)),
    )


def _apart(old: Record, new: Record) -> Iterator[str]:
    """Yield a sentence on each thing but time in which the runs themselves differ."""
    sides: tuple[tuple[str, Callable[[Record], str]], ...] = (
        ("target", lambda one: one.target),
        ("who answered", lambda one: one.who or "nobody"),
        ("version of the suite", lambda one: one.suite),
        ("what only --disruptive asks for", lambda one: _asked(one, "not-asked-for")),
        ("what -k, -m or a path selects", lambda one: _asked(one, "not-run")),
    )
    for what, of in sides:
        if of(old) != of(new):
            yield f"not of the same kind: {what} was {of(old)}, is {of(new)}"
    if old.when > new.when:
        yield f"the older run ({moment(old.when)}) is given as the newer one: the two may be in the wrong order"


def _asked(one: Record, state: str) -> str:
    left = len(one.states.get(state, ()))
    return f"{left} requirements left out" if left else "all of it"


def _changes(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Change]:
    found = [_change(name, old.get(name, ""), new.get(name, "")) for name in dict.fromkeys((*new, *old))]
    order = list(TITLES)
    yield from sorted((one for one in found if one), key=lambda one: order.index(one.kind))


def _change(name: str, was: str, now: str) -> Change | None:
    if was == now:
        return None
    kind, worse = "", False
    if not was:
        kind, worse = NEW, now == VIOLATED
    elif not now:
        kind = GONE
    elif {was, now} <= JUDGED:
        kind = BROKEN if _RANK[now] > _RANK[was] else MENDED
        worse = kind == BROKEN and now != WAIVED  # somebody has looked at that
    elif was in JUDGED:
        kind, worse = UNTESTED, now not in NOT_WANTED  # who does not ask loses nothing
    elif now in JUDGED:
        kind, worse = TESTED, now == VIOLATED
    return Change(name, kind, was, now, worse) if kind else None


def load(path: Path, before_last: bool = False) -> Record:
    """Return the run that a verdict holds, or the last one of a history, or the one before it.

    Raises:
        ChangesError: it cannot be read, or holds none.
    """
    try:
        if not path.exists():
            raise ChangesError(f"{path} is not there: name a verdict (--verdict-json) or a history (--history).")
        return _one(path, before_last) if path.is_file() else _last(path, before_last)
    except OSError as error:
        raise ChangesError(f"{path} cannot be read ({error.strerror or error}).") from None
    except store.StoreError as error:
        raise ChangesError(f"{error}.") from None


def _one(path: Path, before_last: bool) -> Record:
    """Return the run of a verdict; where the file is none, that of a history."""
    with path.open("rb") as file:
        text = file.read(store.LONGEST + 1)
    try:
        run = store.parsed(text)
    except RecordError as error:
        if text.strip() and b"\n" not in text.strip():  # one document, and not lines of them
            raise ChangesError(f"{path} cannot be compared: {error}.") from None
        return _last(path, before_last)
    if before_last:
        raise ChangesError(f"{path} cannot be compared with itself: it holds one run.")
    return run


def _last(path: Path, before_last: bool) -> Record:
    known = store.read(path)
    needed = 2 if before_last else 1
    if len(known.records) < needed:
        why = known.damaged[0] if known.damaged else f"it holds {len(known.records)} runs, and {needed} are needed"
        raise ChangesError(f"{path} cannot be compared: {why}.")
    return known.records[-needed]
