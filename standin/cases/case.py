"""One fault or one benign variation: what the stand-in says or does differently, and what a suite must make of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from standin.cases.says import SAYS
from standin.model.behaviour import Behaviour
from standin.model.clock import Clock
from standin.model.dialects import PROCORE, Dialect
from standin.model.directory import Directory
from standin.model.world import OUT_OF_BAND, Modifier, World
from standin.server.certificates import Certificate


def _as_it_is(known: Directory) -> Directory:
    return known


@dataclass(frozen=True)
class Case:
    """One way to differ from the right stand-in.

    ``id`` is stable. ``step`` is a step of the guide in the catalogue's words. ``sentence`` says what Procore does: a
    lie when it is a fault, something legal when it is a variation. ``violated`` and ``advisory`` are exactly the
    requirements that a run must find broken, kept apart; all others stay satisfied or become could-not-test.
    """

    id: str
    step: str
    sentence: str
    modifiers: tuple[Modifier, ...] = ()
    violated: frozenset[str] = frozenset()
    advisory: frozenset[str] = frozenset()
    behaviour: Behaviour = field(default_factory=Behaviour)
    dialect: Dialect = PROCORE
    certificate: Certificate = Certificate.RIGHT
    clock_offset: float = 0.0
    populate: Callable[[Directory], Directory] = _as_it_is
    redirect_uri: str = OUT_OF_BAND
    """What the app registered in step 3."""

    @property
    def says(self) -> str:
        """The cause that a run must name first; empty: one of the promises in ``violated``, or nothing."""
        return SAYS.get(self.id, "")

    @property
    def is_fault(self) -> bool:
        """Whether something that Procore must or should do is broken."""
        return bool(self.violated or self.advisory)

    def world(self, *, seed: int = 0) -> World:
        """A new stand-in that differs in this way."""
        return World(
            dialect=self.dialect,
            behaviour=self.behaviour,
            modifiers=self.modifiers,
            clock=Clock(self.clock_offset),
            populate=self.populate,
            redirect_uris=(self.redirect_uri,),
            seed=seed,
        )


def case(
    name: str,
    step: str,
    sentence: str,
    *modifiers: Modifier,
    violates: str = "",
    advises: str = "",
    behaviour: Behaviour | None = None,
    dialect: Dialect = PROCORE,
    certificate: Certificate = Certificate.RIGHT,
    clock_offset: float = 0.0,
    populate: Callable[[Directory], Directory] = _as_it_is,
    redirect_uri: str = OUT_OF_BAND,
) -> Case:
    """One line of a table; ``violates`` and ``advises`` are requirement ids, separated by spaces."""
    return Case(
        id=name,
        step=step,
        sentence=sentence,
        modifiers=modifiers,
        violated=frozenset(violates.split()),
        advisory=frozenset(advises.split()),
        behaviour=behaviour or Behaviour(),
        dialect=dialect,
        certificate=certificate,
        clock_offset=clock_offset,
        populate=populate,
        redirect_uri=redirect_uri,
    )
