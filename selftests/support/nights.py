"""Runs of the suite as records, made without a run: what a history holds of many nights."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from quickstart.history.record import Record, of_verdict
from quickstart.judgement.ending import FINISHED

FIRST = datetime(2026, 10, 1, 4, 17, tzinfo=UTC)
LIVE = "live, the sandbox"
STEPS = {"token": "6 exchange", "projects": "7 projects", "me": "7 me"}


def verdict(
    night: int = 0,
    states: Mapping[str, str] | None = None,
    *,
    times: Mapping[str, float] | None = None,
    evidence: str = LIVE,
    target: str = "sandbox",
    kind: str = FINISHED,
    **changes: Any,
) -> dict[str, Any]:
    """The verdict of a run on the ``night`` after the first, with the state of each requirement."""
    found = {"token.status": "satisfied", "projects.status": "satisfied", "me.status": "satisfied", **(states or {})}
    when = FIRST + timedelta(days=night)
    violated = "violated" in found.values()
    return {
        "format": 1,
        "suite": {"name": "procore-quick-start", "version": "1.0.0"},
        "target": target,
        "evidence": evidence,
        "started": when.isoformat(),
        "ended": (when + timedelta(seconds=9)).isoformat(),
        "exit_code": int(violated),
        "conformant": not violated,
        "ending": {"kind": kind, "reason": "" if kind == FINISHED else "a setting is missing", "crashes": []},
        "diagnosis": None,
        "requirements": [
            {"id": name, "step": STEPS[name.partition(".")[0]], "verdict": state} for name, state in found.items()
        ],
        "exchanges": [
            {"name": name, "status": 200, "seconds": seconds} for name, seconds in (times or {"token": 0.2}).items()
        ],
        **changes,
    }


def night(number: int = 0, states: Mapping[str, str] | None = None, **changes: Any) -> Record:
    """The record of such a run."""
    return of_verdict(verdict(number, states, **changes))


def refused(number: int, reason: str = "not-usable") -> Record:
    """The record of a run that did not begin."""
    return of_verdict(
        {
            **verdict(number, kind=reason, evidence="none: no exchange was made"),
            "requirements": [],
            "exchanges": [],
            "conformant": None,
            "exit_code": 4,
        }
    )
