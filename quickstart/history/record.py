"""What is kept of one run: a compact record, made from its verdict, on one line of a history."""

import math
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from quickstart.exchange.targets import TARGETS
from quickstart.judgement import ending
from quickstart.judgement.verdict import ORDER, worst

FORMAT = 1
NAME = "procore-quick-start"
_REASON = 300  # characters of why a run did not finish
_MADE = re.compile(r"recorded from (.+) on \d{4}-\d\d-\d\d\Z")
_STATES = frozenset(ORDER)
_ENDINGS = frozenset({ending.FINISHED, ending.BROKEN_OFF, ending.NOT_USABLE, ending.CRASHED})
Exchange = tuple[int | None, float]  # status, or None where no answer came; seconds


class RecordError(ValueError):
    """A text is no record of a run; the message says why, and continues a sentence."""


@dataclass(frozen=True, slots=True)
class Record:
    """One run. ``seconds`` is how long it took, ``cause`` the id of its first cause.

    ``states`` are ids of requirements by verdict: a fifth of what it takes to keep each one's.
    """

    when: datetime
    seconds: float
    suite: str
    target: str
    evidence: str
    ending: str
    reason: str
    exit_code: int
    conformant: bool | None
    cause: str
    steps: Mapping[str, str]
    states: Mapping[str, tuple[str, ...]]
    exchanges: Mapping[str, Exchange] = field(default_factory=dict)

    @property
    def requirements(self) -> dict[str, str]:
        """The verdict of each requirement, by id."""
        return {name: state for state, names in self.states.items() for name in names}

    @property
    def who(self) -> str:
        """Who answered, without when: *the sandbox*. Empty where nobody did."""
        return _who(self.evidence)

    @property
    def whose(self) -> str:
        """Who answered, in words that nobody can take for more: *the local stand-in, not Procore*."""
        procore = not self.who or self.who in {f"the {name}" for name in TARGETS}
        return (self.who or "nobody") + ("" if procore else ", not Procore")

    def as_plain(self) -> dict[str, Any]:
        """Return it as ``schemas/history.schema.json`` describes it."""
        return {
            "format": FORMAT,
            "suite": {"name": NAME, "version": self.suite},
            "when": self.when.isoformat(),
            "seconds": self.seconds,
            "target": self.target,
            "evidence": self.evidence,
            "ending": self.ending,
            "reason": self.reason,
            "exit_code": self.exit_code,
            "conformant": self.conformant,
            "cause": self.cause,
            "counts": {state: len(names) for state, names in self.states.items()},
            "steps": dict(self.steps),
            "states": {state: list(names) for state, names in self.states.items()},
            "exchanges": {name: list(one) for name, one in self.exchanges.items()},
        }


def _who(evidence: str) -> str:
    found = []
    for part in evidence.split("; "):
        made = _MADE.match(part)
        found += [made[1] if made else "" if part.startswith("none: ") else part.removeprefix("live, ")]
    return "; ".join(dict.fromkeys(one for one in found if one))


def of_verdict(document: Mapping[str, Any]) -> Record:
    """Return what is kept of a run whose verdict this is (``schemas/verdict.schema.json``).

    Raises:
        RecordError: it is none.
    """
    try:
        found = document["requirements"]
        started = _moment(document["started"])
        steps: dict[str, list[str]] = {}
        states: dict[str, list[str]] = {}
        for one in found:
            steps.setdefault(one["step"], []).append(one["verdict"])
            states.setdefault(one["verdict"], []).append(one["id"])
        return _record(
            {
                **document,
                "when": document["started"],
                "seconds": round((_moment(document["ended"]) - started).total_seconds(), 1),
                "ending": document["ending"]["kind"],
                "reason": document["ending"]["reason"][:_REASON],
                "cause": (document["diagnosis"] or {}).get("cause", ""),
                "steps": {step: worst(some) for step, some in steps.items()},
                "states": states,
                "exchanges": {one["name"]: [one["status"], one["seconds"]] for one in document["exchanges"]},
            }
        )
    except (LookupError, TypeError, AttributeError, ValueError) as error:
        raise RecordError(_why("verdict", error)) from None


def from_plain(document: Any) -> Record:
    """Return the record that a line of a history holds; a verdict stands for its record.

    Raises:
        RecordError: it is neither.
    """
    if not isinstance(document, dict):
        raise RecordError("it is no JSON object")
    if document.get("format") != FORMAT:
        raise RecordError(f"its format is {str(document.get('format'))[:20]}, and this suite reads {FORMAT}")
    if "requirements" in document:
        return of_verdict(document)
    try:
        return _record(document)
    except (LookupError, TypeError, AttributeError, ValueError) as error:
        raise RecordError(_why("record of a run", error)) from None


def _why(what: str, error: Exception) -> str:
    if isinstance(error, RecordError):
        return str(error)
    missing = f" ({error.args[0]} is missing)" if isinstance(error, KeyError) else ""
    return f"it is no {what}{missing}"


def _record(plain: Mapping[str, Any]) -> Record:
    states = {_known(state, _STATES): _names(names) for state, names in plain["states"].items()}
    return Record(
        when=_moment(plain["when"]),
        seconds=_seconds(plain["seconds"]),
        suite=_text(plain["suite"]["version"]),
        target=_text(plain["target"]),
        evidence=_text(plain["evidence"]),
        ending=_known(plain["ending"], _ENDINGS),
        reason=_text(plain["reason"])[:_REASON],
        exit_code=int(plain["exit_code"]),
        conformant=_answer(plain["conformant"]),
        cause=_text(plain["cause"]),
        steps={_text(step): _known(state, _STATES) for step, state in plain["steps"].items()},
        states=states,
        exchanges={_text(name): _exchange(one) for name, one in plain["exchanges"].items()},
    )


def _exchange(one: Any) -> Exchange:
    status, seconds = one
    return None if status is None else int(status), _seconds(seconds)


def _seconds(value: Any) -> float:
    seconds = float(value)
    if not (math.isfinite(seconds) and seconds >= 0):
        raise RecordError(f"{str(value)[:40]} is no time")
    return seconds


def _answer(value: Any) -> bool | None:
    if value is not None and not isinstance(value, bool):
        raise RecordError(f"{str(value)[:40]!r} is neither true, false nor null")
    return value


def _names(names: Iterable[Any]) -> tuple[str, ...]:
    return tuple(map(_text, names))


def _text(value: Any) -> str:
    """Return a text that a thousand records share, or refuse what is none."""
    if not isinstance(value, str):
        raise RecordError(f"{str(value)[:40]!r} is no text")
    return sys.intern(value)


def _known(value: Any, known: frozenset[str]) -> str:
    if value not in known:
        raise RecordError(f"{str(value)[:40]!r} is not one of {', '.join(sorted(known))}")
    return _text(value)


def _moment(text: Any) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
