"""Several ways to differ at once: faults and variations, and what the caller asks for besides, in one world."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from standin.cases.case import Case
from standin.cases.listing import case_named
from standin.cases.options import behaviour_from
from standin.model.behaviour import Behaviour, Paging
from standin.model.clock import Clock
from standin.model.data import reading
from standin.model.dialects import DIALECTS, PROCORE, Dialect
from standin.model.directory import Directory, with_companies, with_projects
from standin.model.world import OUT_OF_BAND, World
from standin.server.certificates import Certificate

Populate = Callable[[Directory], Directory]
Rules = TypeVar("Rules", Behaviour, Paging)
Value = TypeVar("Value")


def populating(data: Path | None, companies: int | None, projects: int | None) -> list[Populate]:
    """What puts a file's data in place of ours, then so many companies and projects. Raises ValueError."""
    steps: list[Populate] = [] if data is None else [reading(data)]
    if companies is not None:
        steps.append(partial(with_companies, count=companies))
    if projects is not None:
        steps.append(partial(with_projects, count=projects))
    return steps


@dataclass(frozen=True)
class Wanted:
    """How a stand-in is to be. What the caller says wins over what the faults say; None and empty say nothing.

    ``settings`` are FIELD=VALUE of :class:`standin.model.behaviour.Behaviour`; ``clock_offset`` is in seconds;
    at ``clock_at``, in seconds since 1970, the clock stands still, and no answer counts what was asked before.
    """

    faults: Sequence[str] = ()
    dialect: str | None = None
    settings: Sequence[str] = ()
    clock_offset: float | None = None
    clock_at: float | None = None
    certificate: str | None = None
    populate: Sequence[Populate] = ()
    redirect_uris: Sequence[str] = ()
    seed: int = 0
    cases: tuple[Case, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Look the faults up. Raises ValueError."""
        object.__setattr__(self, "cases", tuple(case_named(name) for name in self.faults))

    def world(self) -> World:
        """A new world like that. Raises ValueError where two faults contradict each other."""
        offset = sum(each.clock_offset for each in self.cases) if self.clock_offset is None else self.clock_offset
        still = self.clock_at
        own = [case.redirect_uri for case in self.cases if case.redirect_uri != OUT_OF_BAND]
        behaviour = _one([case.behaviour for case in self.cases], Behaviour(), self.cases)
        return World(
            dialect=DIALECTS[self.dialect] if self.dialect else _dialect(self.cases),
            behaviour=behaviour_from(self.settings, replace(behaviour, rate_counts=still is None)),
            modifiers=tuple(modifier for case in self.cases for modifier in case.modifiers),
            clock=Clock(offset) if still is None else Clock.stopped(still, offset),
            populate=self._populated,
            redirect_uris=tuple(self.redirect_uris or own or (OUT_OF_BAND,)),
            seed=self.seed,
        )

    def shown_certificate(self) -> Certificate:
        """The certificate that Procore's hosts show. Raises ValueError."""
        if self.certificate:
            return Certificate(self.certificate)
        return _agreed("certificate", [case.certificate for case in self.cases], Certificate.RIGHT, self.cases)

    def _populated(self, known: Directory) -> Directory:
        # What the caller brings comes first: a fault may then add its companies and projects.
        for step in (*self.populate, *(case.populate for case in self.cases)):
            known = step(known)
        return known


def _dialect(cases: Sequence[Case]) -> Dialect:
    return _agreed("dialect", [case.dialect for case in cases], PROCORE, cases)


def _one(all_rules: Sequence[Rules], right: Rules, cases: Sequence[Case]) -> Rules:
    """The rules that differ as all of them do. Sets and hiccups add up."""
    changed: dict[str, Any] = {}
    for each in fields(right):
        default = getattr(right, each.name)
        values = [getattr(rules, each.name) for rules in all_rules]
        if isinstance(default, Paging):
            changed[each.name] = _one(values, default, cases)
        elif isinstance(default, tuple):
            changed[each.name] = tuple(item for value in values for item in value)
        elif isinstance(default, frozenset) and not default:
            changed[each.name] = frozenset().union(*values)
        else:
            changed[each.name] = _agreed(each.name, values, default, cases)
    return replace(right, **changed)


def _agreed(name: str, values: Sequence[Value], default: Value, cases: Sequence[Case]) -> Value:
    """What those say that do not say the default. Raises ValueError where they disagree."""
    said = [(value, case.id) for value, case in zip(values, cases, strict=True) if value != default]
    for value, other in said[1:]:
        if value != said[0][0]:
            raise ValueError(f"--fault: {said[0][1]} and {other} cannot be had together: both change {name}")
    return said[0][0] if said else default
