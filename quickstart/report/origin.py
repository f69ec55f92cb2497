"""Whom the answers of a run speak of, in words that nobody can take for more than they are."""

from dataclasses import dataclass
from datetime import date

from quickstart.targets import TARGETS


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


def describe(origin: str, evidence: str, *, live: bool) -> Origin:
    """Return the origin of a run; ``origin`` and ``evidence`` are the words of ``session`` and ``cassettes``."""
    procore = origin in {f"the {name}" for name in TARGETS}
    words = [_dated(word) if index else word for index, word in enumerate(evidence.split(" on "))]
    return Origin(name=origin or "nobody", evidence=" on ".join(words), procore=procore, live=live)


def _dated(text: str) -> str:
    """Return ``2026-11-23`` as *23 November 2026*; anything else as it is."""
    try:
        return day(date.fromisoformat(text))
    except ValueError:
        return text


def day(moment: date) -> str:
    """Return *23 November 2026*."""
    return f"{moment.day} {moment:%B} {moment.year}"
