"""Many accounts on one page: rows are accounts, columns the steps of the guide, each linked to its report."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from quickstart import __version__
from quickstart.judgement import ending
from quickstart.judgement.catalogue import STEPS
from quickstart.judgement.verdict import (
    ADVISORY,
    COULD_NOT_TEST,
    NOT_ASKED_FOR,
    NOT_RUN,
    SATISFIED,
    VIOLATED,
    WAIVED,
    worst,
)
from quickstart.report import html
from quickstart.report.path import anchor
from quickstart.secrecy.printable import one_line

CONFORMANT, NOT_CONFORMANT, NO_VERDICT = "conformant", "not-conformant", "no-verdict"
WORDS = {CONFORMANT: "Conformant", NOT_CONFORMANT: "Not conformant", NO_VERDICT: "No verdict"}
MISSING = "missing"  # how an account ended that left no verdict that can be read
_TOLD = (VIOLATED, ADVISORY, WAIVED, COULD_NOT_TEST)  # what a cell counts besides what is satisfied


@dataclass(frozen=True)
class Cell:
    """One step of one account: its worst verdict, and how many requirements have which."""

    step: str
    verdict: str
    counts: Mapping[str, int]

    @property
    def words(self) -> str:
        """What is counted, in a few words: *2 violated, 31 satisfied*."""
        told = [f"{self.counts[kind]} {html.NAMES[kind]}" for kind in (*_TOLD, SATISFIED) if self.counts.get(kind)]
        return ", ".join(told) or html.NAMES[self.verdict]

    @property
    def number(self) -> str:
        """What the cell shows beside its sign: the number of what is not as it must be, if any."""
        return str(self.counts[self.verdict]) if self.verdict in _TOLD and self.counts.get(self.verdict) else ""


@dataclass(frozen=True)
class Account:
    """One account of the fleet. ``report`` is a relative link to its page, or empty; ``reason`` why it says no more."""

    name: str
    state: str
    target: str = ""
    evidence: str = ""
    started: str = ""
    exit_code: int = 4
    kind: str = MISSING
    reason: str = ""
    first_cause: str = ""
    remedy: str = ""
    report: str = ""
    cells: tuple[Cell, ...] = ()
    violated: tuple[str, ...] = ()
    companies: Mapping[str, int] = field(default_factory=dict)

    @property
    def word(self) -> str:
        """The verdict in a word or two."""
        return "Not usable" if self.kind == ending.NOT_USABLE else WORDS[self.state]

    def as_plain(self) -> dict[str, Any]:
        """Return it as data for ``schemas/fleet.schema.json``."""
        return {
            "name": self.name,
            "conformant": {CONFORMANT: True, NOT_CONFORMANT: False}.get(self.state),
            "target": self.target,
            "evidence": self.evidence,
            "started": self.started,
            "exit_code": self.exit_code,
            "ending": self.kind,
            "reason": self.reason,
            "first_cause": self.first_cause,
            "remedy": self.remedy,
            "report": self.report,
            "steps": [{"step": one.step, "verdict": one.verdict, "counts": dict(one.counts)} for one in self.cells],
            "violated": list(self.violated),
            "companies": dict(self.companies) or None,
        }


def missing(name: str, reason: str, report: str = "") -> Account:
    """Return an account whose verdict is not there or cannot be read: it is never green."""
    return Account(name, NO_VERDICT, reason=one_line(reason), report=report)


def account(name: str, verdict: Mapping[str, Any], report: str = "") -> Account:
    """Return the account that a verdict, which obeys its schema, speaks of."""
    states = {True: CONFORMANT, False: NOT_CONFORMANT, None: NO_VERDICT}
    diagnosis = verdict.get("diagnosis") or {}
    requirements = verdict["requirements"]
    return Account(
        name=one_line(name),
        state=states[verdict["conformant"]],
        target=verdict["target"],
        evidence=one_line(verdict["evidence"]),
        started=one_line(verdict["started"]),
        exit_code=verdict["exit_code"],
        kind=verdict["ending"]["kind"],
        reason=one_line(verdict["ending"]["reason"]),
        first_cause=one_line(diagnosis.get("what", "")),
        remedy=one_line(diagnosis.get("remedy", "")),
        report=report,
        cells=tuple(_cell(step, requirements) for step in STEPS) if requirements else (),
        violated=tuple(one_line(one["id"]) for one in requirements if one["verdict"] == VIOLATED),
        companies=_companies(verdict.get("companies")),
    )


def _cell(step: str, requirements: Iterable[Mapping[str, Any]]) -> Cell:
    kinds = [str(one["verdict"]) for one in requirements if one["step"] == step]
    return Cell(step, worst(kinds) if kinds else NOT_RUN, Counter(kinds))


def _companies(told: Mapping[str, Any] | None) -> dict[str, int]:
    """Return how many companies were asked besides the configured one, and what came of them."""
    if told is None:
        return {}
    bad = [any(b["verdict"] in {"violated", "crashed"} for b in one["breaches"]) for one in told["asked"]]
    counts = Counter("broken" if broken else str(one["state"]) for one, broken in zip(told["asked"], bad, strict=True))
    return {"asked": len(told["asked"]), "total": told["total"], "broken": 0, **counts}


@dataclass(frozen=True)
class Fleet:
    """All accounts, in the order in which they were given. ``made`` is when the page was, ISO 8601."""

    accounts: Sequence[Account]
    made: str

    @property
    def counts(self) -> Mapping[str, int]:
        """How many accounts are conformant, are not, and say neither."""
        return Counter(one.state for one in self.accounts)

    @property
    def conformant(self) -> bool | None:
        """Whether all accounts are conformant; ``None`` where some say neither and none says no."""
        states = {one.state for one in self.accounts}
        if NOT_CONFORMANT in states:
            return False
        return None if NO_VERDICT in states or not states else True

    @property
    def state(self) -> str:
        """The whole, as a key of ``WORDS``."""
        return {True: CONFORMANT, False: NOT_CONFORMANT, None: NO_VERDICT}[self.conformant]

    @property
    def exit_code(self) -> int:
        """0 where all are conformant, 1 where one is not; else 3, 4 or 2: the worst reason why one says neither."""
        codes = {one.exit_code for one in self.accounts if one.state == NO_VERDICT}
        if self.conformant is not None:
            return 0 if self.conformant else 1
        return next((code for code in (3, 4, 2) if code in codes), 4)

    @property
    def sentence(self) -> str:
        """How many accounts are what, in one sentence."""
        counts, total = self.counts, len(self.accounts)
        parts = [
            words.format(counts[state])
            for state, words in (
                (NOT_CONFORMANT, "{} not conformant"),
                (NO_VERDICT, "{} without a verdict"),
                (CONFORMANT, "{} conformant"),
            )
            if counts.get(state)
        ]
        return f"{total} account{'' if total == 1 else 's'}: {', '.join(parts) or 'nothing was read'}."

    def as_json(self) -> str:
        """Return the text of ``fleet.json``."""
        document = {
            "format": 1,
            "suite": {"name": "procore-quick-start", "version": __version__},
            "made": self.made,
            "conformant": self.conformant,
            "exit_code": self.exit_code,
            "accounts": [one.as_plain() for one in self.accounts],
        }
        return json.dumps(document, indent=2, ensure_ascii=False) + "\n"

    def as_html(self) -> str:
        """Return the text of ``fleet.html``: one file, without a script, that asks no network."""
        return html.template("fleet.html.jinja").render(
            fleet=self,
            steps=STEPS,
            names=html.NAMES,
            signs=html.SIGNS,
            css=html.sheet(html.sheet(name="fleet.css")),
            anchor=anchor,
            not_wanted=(NOT_ASKED_FOR, NOT_RUN),
            version=__version__,
        )
