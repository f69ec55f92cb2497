"""Whom the answers of a run speak of, in words that nobody can take for more than they are."""

import re
from dataclasses import dataclass
from datetime import date

from quickstart.exchange.targets import TARGETS

_DAY = re.compile(r"\b\d{4}-\d\d-\d\d\b")


@dataclass(frozen=True)
class Origin:
    """Where the answers come from. ``procore`` is whether they came from hosts of Procore."""

    name: str
    evidence: str
    procore: bool
    live: bool

    @property
    def statement(self) -> str:
        """The sentence that stands under the verdict: evidence, and how far it reaches."""
        reach = "" if self.procore else "; no statement about Procore’s servers"
        if self.procore and not self.live:
            reach = "; it says nothing of what Procore’s servers answer today"
        return f"{self.evidence[:1].upper()}{self.evidence[1:]}{reach}."

    @property
    def subject(self) -> str:
        """Who conforms, or does not: ``"The local stand-in"``."""
        return (
            f"Procore’s {self.name.removeprefix('the ')}" if self.procore else f"{self.name[:1].upper()}{self.name[1:]}"
        )


def describe(origin: str, evidence: str, *, live: bool, today: date) -> Origin:
    """Return the origin of a run of ``today``; ``origin`` and ``evidence`` are words of ``session``, ``cassettes``."""
    procore = origin in {f"the {name}" for name in TARGETS}
    if live and not evidence.startswith("none"):
        words = f"answered live by {origin} on {day(today)}"
    else:
        words = _DAY.sub(_dated, evidence)
    return Origin(name=origin or "nobody", evidence=words, procore=procore, live=live)


def _dated(match: re.Match[str]) -> str:
    """Return ``2026-11-23`` as *23 November 2026*; what is no day of the calendar as it is."""
    try:
        return day(date.fromisoformat(match[0]))
    except ValueError:
        return match[0]


def day(moment: date) -> str:
    """Return *23 November 2026*."""
    return f"{moment.day} {moment:%B} {moment.year}"
