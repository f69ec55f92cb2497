"""What a history says of its last runs: by step, since when something is broken, what came and went, how long it took.

Runs of other targets, or that somebody else answered, are another series: a stand-in says nothing of a sandbox.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from quickstart.history.record import Record
from quickstart.judgement import ending
from quickstart.judgement.verdict import ADVISORY, CRASHED, JUDGED, NOT_RUN, VIOLATED

LAST = 30  # runs that are looked at for what came and went, and shown
FLAKY = 2  # changes of state in them: it broke and mended, or the other way round
CONFORMANT, NOT_CONFORMANT, NO_VERDICT = "conformant", "not-conformant", "no-verdict"
_BROKEN = (VIOLATED, ADVISORY)


@dataclass(frozen=True)
class Streak:
    """A state that has not changed since ``since``, for ``runs`` runs that judged it.

    ``before`` is the state that it had until then, empty where the history does not reach back so far.
    """

    state: str
    since: datetime
    runs: int
    before: str = ""


@dataclass(frozen=True)
class Row:
    """One requirement over the last runs: its state in each, how often it changed, and since when it is as it is."""

    name: str
    states: Sequence[str]
    changes: int
    streak: Streak

    @property
    def is_flaky(self) -> bool:
        """Whether it came and went."""
        return self.changes >= FLAKY

    @property
    def is_broken(self) -> bool:
        """Whether the last run that judged it found it broken."""
        return self.streak.state in _BROKEN


@dataclass(frozen=True)
class Times:
    """How long one exchange took: seconds in each of the last runs, ``None`` where it had no answer."""

    name: str
    seconds: Sequence[float | None]

    @property
    def known(self) -> list[float]:
        """The times that are known."""
        return [one for one in self.seconds if one is not None]

    @property
    def median(self) -> float:
        """The median of what is known."""
        return median(self.known)

    @property
    def slowest(self) -> float:
        """The longest."""
        return max(self.known)


@dataclass(frozen=True)
class Nights:
    """The last runs of a series, oldest first; the last one is the one that asks.

    ``total`` counts the runs of the series and ``others`` those that are left out; ``streak`` is that of the verdict.
    """

    runs: Sequence[Record]
    total: int
    others: int
    streak: Streak
    rows: Sequence[Row]
    steps: Mapping[str, Sequence[str]]
    times: Sequence[Times]
    notes: Sequence[str] = ()

    @property
    def broken(self) -> list[Row]:
        """What is broken, the longest first."""
        return [row for row in self.rows if row.is_broken]

    @property
    def flaky(self) -> list[Row]:
        """What came and went, the most restless first."""
        return sorted((row for row in self.rows if row.is_flaky), key=lambda row: (-row.changes, row.name))

    @property
    def medians(self) -> list[float | None]:
        """The median time of an exchange in each run."""
        return [median(times) if (times := _times(one)) else None for one in self.runs]

    @property
    def slowest(self) -> list[float | None]:
        """The longest time of an exchange in each run."""
        return [max(_times(one), default=None) for one in self.runs]


def answer(record: Record) -> str:
    """Return the verdict of a run as a state."""
    if record.conformant is None:
        return NO_VERDICT
    return CONFORMANT if record.conformant else NOT_CONFORMANT


_ENDS = {ending.NOT_USABLE: ending.NOT_USABLE, ending.CRASHED: CRASHED}


def state(record: Record) -> str:
    """Return the verdict of a run as a state, or what kept it from having one."""
    found = answer(record)
    return _ENDS.get(record.ending, found) if found == NO_VERDICT else found


def series(records: Iterable[Record], last: Record) -> list[Record]:
    """Return the runs that may be put in a row with ``last``: of the same target, answered by the same.

    A run that was refused, or that nobody answered, is one of each series of its target.
    """
    return [one for one in records if one.target == last.target and (not one.who or one.who == last.who)]


def _reference(earlier: Sequence[Record], last: Record) -> Record:
    """Return the run whose series is meant: where nobody answered the last one, that of the last that was answered."""
    if last.who:
        return last
    return next((one for one in reversed(earlier) if one.target == last.target and one.who), last)


def nights(earlier: Sequence[Record], last: Record, notes: Sequence[str] = ()) -> Nights:
    """Return what is said of ``last`` and the runs before it; ``notes`` are told with it."""
    row = [*series(earlier, _reference(earlier, last)), last]
    verdicts = _Streaks()
    requirements: dict[str, _Streaks] = {}
    shown = row[-LAST:]
    for number, one in enumerate(row):
        is_shown = number >= len(row) - len(shown)
        verdicts.see(answer(one), one.when, counted=is_shown)
        for state, names in one.states.items():
            if state in JUDGED:
                for name in names:
                    requirements.setdefault(name, _Streaks()).see(state, one.when, counted=is_shown)
    judged = [one.requirements for one in shown]
    rows = [
        Row(name, [known.get(name, NOT_RUN) for known in judged], seen.changes, seen.streak)
        for name, seen in requirements.items()
        if seen.changes or (seen.streak.state in _BROKEN and any(name in known for known in judged))
    ]
    return Nights(
        runs=shown,
        total=len(row),
        others=len(earlier) + 1 - len(row),
        streak=verdicts.streak,
        rows=sorted(rows, key=lambda one: (not one.is_broken, one.streak.since, one.name)),
        steps=_steps(shown),
        times=_by_exchange(shown),
        notes=notes,
    )


class _Streaks:
    """Follows one state from run to run."""

    def __init__(self) -> None:
        self._state, self._runs = "", 0
        self._since: datetime | None = None
        self._before = ""
        self.changes = 0

    def see(self, state: str, when: datetime, *, counted: bool) -> None:
        """Take the state of the next run; a change is ``counted`` in the last runs alone."""
        if state != self._state:
            self.changes += counted and bool(self._state)
            self._state, self._since, self._before, self._runs = state, when, self._state, 0
        self._runs += 1

    @property
    def streak(self) -> Streak:
        """The state as it is, and since when."""
        assert self._since is not None, "nothing was seen"
        return Streak(self._state, self._since, self._runs, self._before)


def _steps(shown: Sequence[Record]) -> dict[str, list[str]]:
    names = dict.fromkeys(step for one in reversed(shown) for step in one.steps)
    return {step: [one.steps.get(step) or _ENDS.get(one.ending, NOT_RUN) for one in shown] for step in names}


def _by_exchange(shown: Sequence[Record]) -> list[Times]:
    names = dict.fromkeys(name for one in reversed(shown) for name in one.exchanges)
    every = [Times(name, [_time(one, name) for one in shown]) for name in names]
    return [one for one in every if one.known]


def _time(record: Record, name: str) -> float | None:
    status, seconds = record.exchanges.get(name, (None, 0.0))
    return None if status is None else seconds


def _times(record: Record) -> list[float]:
    return [seconds for status, seconds in record.exchanges.values() if status is not None]


def sentence(known: Nights) -> str:
    """Return the one line of the terminal: since when it is as it is, and what came and went."""
    words = {CONFORMANT: "conformant", NOT_CONFORMANT: "not conformant", NO_VERDICT: "without a verdict"}
    if known.total == 1:
        return "this is the first run that it holds of this target"
    parts = [f"{words[known.streak.state]} {ago(known.streak)}"]
    broken = [row for row in known.broken if row.streak.state == VIOLATED]
    if broken:
        first = broken[0]
        more = f", and {len(broken) - 1} more" if len(broken) > 1 else ""
        parts.append(f"{first.name} is violated {ago(first.streak)}{more}")
    if known.flaky:
        some = ", ".join(row.name for row in known.flaky[:3])
        more = f" and {len(known.flaky) - 3} more" if len(known.flaky) > 3 else ""
        parts.append(f"came and went in the last {len(known.runs)} runs: {some}{more}")
    return "; ".join(parts)


def ago(streak: Streak) -> str:
    """Return *since 3 November 2026, 04:17 UTC (5 runs)*."""
    runs = "1 run" if streak.runs == 1 else f"{streak.runs} runs"
    least = "" if streak.before else " at least"
    return f"since {moment(streak.since)}{least} ({runs})"


def moment(when: datetime) -> str:
    """Return *3 November 2026, 04:17 UTC*."""
    return f"{when.day} {when:%B %Y, %H:%M} UTC"
