"""The companies beside the configured one: which were asked, and what each of them broke."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from quickstart.judgement.verdict import CRASHED, VIOLATED, Verdict

JUDGED, NOT_CONNECTED, NOT_TESTED = "judged", "not-connected", "not-tested"
BAD = frozenset({VIOLATED, CRASHED})
_NAMED = 10  # companies that a text names; a verdict names them all


@dataclass(frozen=True)
class Breach:
    """What one company broke: the requirement, ``violated``, ``advisory`` or ``waived``, and what came instead."""

    requirement: str
    verdict: str
    detail: str


@dataclass(frozen=True)
class Company:
    """One company that was asked. ``reason`` says why it was not judged; ``status`` is ``None`` without an answer."""

    id: int
    name: str
    state: str
    status: int | None = None
    seconds: float = 0.0
    breaches: tuple[Breach, ...] = ()
    reason: str = ""
    projects: int = 0  # that were judged
    more: bool = False  # its list goes on, and that was not read

    @property
    def words(self) -> str:
        """The company as messages name it."""
        return f"company {self.id} ({self.name})" if self.name else f"company {self.id}"

    @property
    def is_broken(self) -> bool:
        """Whether a requirement is violated in it."""
        return any(one.verdict in BAD for one in self.breaches)

    def as_plain(self) -> dict[str, Any]:
        """Return it as data for the verdict."""
        return {**asdict(self), "breaches": [asdict(one) for one in self.breaches]}


@dataclass
class Asked:
    """What ``--companies`` asked for, and how far it came: ``total`` companies, those asked so far, and why no more.

    ``own`` is the configured company, which the whole suite judges. ``unfinished`` is empty where all were asked.
    """

    own: int
    total: int = 0
    companies: list[Company] = field(default_factory=list)
    unfinished: str = ""
    broken: int = 0

    def add(self, one: Company) -> None:
        """Take one more that was asked."""
        self.companies.append(one)
        self.broken += one.is_broken

    @property
    def counts(self) -> Mapping[str, int]:
        """How many companies are broken, as they must be, not connected, and not tested."""
        return Counter("broken" if one.is_broken else one.state for one in self.companies)

    @property
    def odd(self) -> Sequence[Company]:
        """The companies that somebody should look at, the broken ones first."""
        told = [one for one in self.companies if one.breaches or one.state != JUDGED]
        return sorted(told, key=lambda one: (not one.is_broken, one.state))

    @property
    def sentence(self) -> str:
        """How many were asked, and what came of it, without a full stop."""
        counts = self.counts
        fine = counts.get(JUDGED, 0)
        parts = [f"{fine:,} {'is' if fine == 1 else 'are'} as {'it' if fine == 1 else 'they'} must be"]
        parts += [f"{counts[kind]:,} {words}" for kind, words in _COUNTED.items() if counts.get(kind)]
        asked = f"{len(self.companies):,} of {self.total:,} companies beside {self.own} were asked"
        return f"{asked}: {', '.join(parts)}" if self.companies else asked

    @property
    def sampled(self) -> str:
        """Of how many companies not all projects were judged, without a full stop; empty where all were."""
        more = sum(one.more for one in self.companies)
        whose = "1 company" if more == 1 else f"{more:,} companies"
        return f"of the projects of {whose} not all were judged: --exhaustive reads all pages" if more else ""

    def lines(self) -> Iterator[str]:
        """Yield what a terminal or a summary says: how many, and the first ones that somebody should look at."""
        yield self.sentence + (f" ({self.unfinished})" if self.unfinished else "")
        if self.sampled:
            yield self.sampled
        told = self.odd
        for one in told[:_NAMED]:
            broken = ", ".join(dict.fromkeys(breach.requirement for breach in one.breaches))
            yield f"{one.words}: {broken or one.reason}"
        if len(told) > _NAMED:
            yield f"and {len(told) - _NAMED:,} more companies, which the verdict names"

    def as_plain(self) -> dict[str, Any]:
        """Return it as data for the verdict."""
        return {
            "own": self.own,
            "total": self.total,
            "unfinished": self.unfinished,
            "asked": [one.as_plain() for one in self.companies],
        }


_COUNTED = {
    "broken": "broken",
    NOT_CONNECTED: "not connected: the app is not installed there",
    NOT_TESTED: "could not be tested",
}


def counted(found: Iterable[Verdict], asked: Asked | None) -> list[Verdict]:
    """Return the verdicts, each of which says in how many more companies the same is broken."""
    if asked is None:
        return [*found]
    kinds = Counter(
        kind for one in asked.companies for kind in {(each.requirement, each.verdict) for each in one.breaches}
    )
    return more_often(found, kinds, "company ", ("in 1 company", "in {:,} companies"))


def more_often(
    found: Iterable[Verdict], times: Mapping[tuple[str, str], int], told: str, words: tuple[str, str]
) -> list[Verdict]:
    """Return the verdicts, each of which says how often more the same is broken, by requirement and verdict.

    One of the times may be ``told`` already: the detail begins so. ``words`` are for one and for more of them.
    """

    def counted(one: Verdict) -> Verdict:
        more = times.get((one.requirement.id, one.verdict), 0) - bool(re.match(told, one.detail))
        if more < 1:
            return one
        return replace(one, detail=f"{one.detail}; and {words[more > 1].format(more)} more")

    return [counted(one) for one in found]
