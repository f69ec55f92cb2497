"""The guide as a path: steps 5 to 7 with the verdicts of their parts, steps 1 to 4 with what these say of them."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from quickstart.judgement.catalogue import STEPS
from quickstart.judgement.diagnosis import Diagnosis
from quickstart.judgement.verdict import COULD_NOT_TEST, NOT_ASKED_FOR, NOT_WANTED, SATISFIED, Verdict, worst
from quickstart.run.tokens import CACHE, REFRESH, SERVICE_ACCOUNT

IMPLIED, NOT_KNOWN, NOT_DONE, NOT_NEEDED = "implied", "not-known", "not-done", "not-needed"
_UNDONE = {"no-user-component": "2", "not-connected": "4"}  # causes that show that a step was not taken


@dataclass(frozen=True)
class Part:
    """One part of a step: its anchor in the report, its verdict, and how many requirements have which verdict."""

    step: str
    title: str
    anchor: str
    verdict: str
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        """The number of its requirements that were selected and asked for."""
        return sum(number for kind, number in self.counts.items() if kind not in NOT_WANTED)

    @property
    def judged(self) -> int:
        """The number of its requirements that the run could judge."""
        return self.total - self.not_tested

    @property
    def not_tested(self) -> int:
        """The number of its requirements that could not be tested."""
        return self.counts.get(COULD_NOT_TEST, 0)

    @property
    def not_asked_for(self) -> int:
        """The number of its requirements that ``--disruptive`` alone asks for."""
        return self.counts.get(NOT_ASKED_FOR, 0)


@dataclass(frozen=True)
class Proof:
    """An answer that shows something: its exchange and its status."""

    exchange: str
    status: int


@dataclass(frozen=True)
class Stop:
    """One step of the guide. ``parts`` are empty for a step that is taken by hand, and ``words`` say what is known.

    ``proofs`` are the answers that show that such a step was taken.
    """

    number: str
    title: str
    verdict: str
    words: str
    parts: tuple[Part, ...] = ()
    proofs: tuple[Proof, ...] = ()

    @property
    def not_asked_for(self) -> int:
        """The number of its requirements that ``--disruptive`` alone asks for."""
        return sum(part.not_asked_for for part in self.parts)

    @property
    def not_tested(self) -> int:
        """The number of its requirements that could not be tested."""
        return sum(part.not_tested for part in self.parts)

    @property
    def proven_by(self) -> str:
        """Name the answers that show it: *token (200) and projects (200)*."""
        return " and ".join(f"{proof.exchange} ({proof.status})" for proof in self.proofs)

    def as_plain(self) -> dict[str, Any]:
        """Return a step that is taken by hand as data for the verdict."""
        return {
            "step": self.number,
            "title": self.title,
            "state": self.verdict,
            "words": self.words,
            "proven_by": [{"exchange": proof.exchange, "status": proof.status} for proof in self.proofs],
        }


@dataclass(frozen=True)
class _ByHand:
    number: str
    title: str
    shown_by: tuple[tuple[str, ...], ...]  # one requirement of each group must be satisfied
    shown: str
    unknown: str


# Nothing in an API can be asked whether these were done: another step's success implies it.
_KNOWN = ("token.status", "refresh.status", "client-credentials.status", "companies.status")
_BY_HAND = (
    _ByHand(
        "1",
        "Create your app",
        (_KNOWN,),
        "The Client ID is known.",
        "Cannot be known: this run saw nothing given to this Client ID.",
    ),
    _ByHand(
        "2",
        "Add the component",
        (_KNOWN, ("projects.status",)),
        "The app is given tokens and data, so it has a component and a version.",
        "Cannot be known: the app did not come as far as data.",
    ),
    _ByHand(
        "3",
        "Set the redirect URI",
        (("token.status",),),
        "The exchange of a code passed with this redirect URI.",
        "Cannot be known: this run saw no exchange of a code pass with this redirect URI.",
    ),
    _ByHand(
        "4",
        "Install the app",
        (("projects.status",),),
        "Projects of the company are answered, so the app is installed there.",
        "Cannot be known: this run saw no projects of the company; the app may not be installed there.",
    ),
)
_TITLES = {"5": "Generate a code", "6": "Get a token", "7": "Call the API", "": "On every step"}


# The redirect URI, where the run itself exchanged no code.
_REDIRECT = "3"
_BY_USER = "companies.status"
_OF_USER = "The run works with a user's token, which came of a code: a redirect URI is set."
_OF_SERVICE = "Not needed: the run's token is that of a service account, which no code is exchanged for."


def stops(
    found: Sequence[Verdict],
    exchanges: Iterable[Mapping[str, Any]],
    diagnosis: Diagnosis | None = None,
    *,
    source: str = "",
    sound: bool = False,
) -> list[Stop]:
    """Return the steps of the guide in their order, and at last what concerns all of them.

    ``source`` is the way by which the run got its token. In a ``sound`` run, in which nothing is broken, what could not
    be tested is what this kind of run has no means for, and takes no colour from what holds.
    """
    parts: dict[str, list[Part]] = {}
    for step in STEPS:
        number = step[:1] if step[:1].isdigit() else ""
        parts.setdefault(number, []).append(_part(step, found, sound=sound))
    return by_hand(found, exchanges, diagnosis, source) + [
        Stop(number, _TITLES[number], _colour((part.verdict for part in some), sound=sound), "", tuple(some))
        for number, some in parts.items()
    ]


def _colour(verdicts: Iterable[str], *, sound: bool) -> str:
    kinds = {*verdicts}
    return worst(kinds - {COULD_NOT_TEST} if sound and SATISFIED in kinds else kinds)


def by_hand(
    found: Sequence[Verdict],
    exchanges: Iterable[Mapping[str, Any]],
    diagnosis: Diagnosis | None = None,
    source: str = "",
) -> list[Stop]:
    """Return steps 1 to 4: which answer shows that each was taken or was not, or that it cannot be known."""
    satisfied = {one.requirement.id: one.exchanges[:1] for one in found if one.verdict == SATISFIED}
    statuses = {one["name"]: one["status"] for one in exchanges if one["status"] is not None}
    proofs = {
        requirement: Proof(name, statuses[name])
        for requirement, names in satisfied.items()
        for name in names
        if name in statuses
    }
    steps = [_without_code(_inferred(step, proofs), proofs, source) for step in _BY_HAND]
    return [_undone(step, statuses, diagnosis) if diagnosis else step for step in steps]


def _without_code(step: Stop, proofs: Mapping[str, Proof], source: str) -> Stop:
    """Return the step of the redirect URI as what a run shows of it that exchanged no code; others as they are."""
    if step.number != _REDIRECT or step.verdict != NOT_KNOWN or _BY_USER not in proofs:
        return step
    if source == SERVICE_ACCOUNT:
        return Stop(step.number, step.title, NOT_NEEDED, _OF_SERVICE)
    if source in {CACHE, REFRESH}:  # the cache holds tokens of users alone
        return Stop(step.number, step.title, IMPLIED, _OF_USER, proofs=(proofs[_BY_USER],))
    return step


def _undone(step: Stop, statuses: Mapping[str, int], diagnosis: Diagnosis) -> Stop:
    """Return the step, as not done where the first cause of the run is just that."""
    if _UNDONE.get(diagnosis.cause) != step.number or diagnosis.exchange not in statuses:
        return step
    proof = Proof(diagnosis.exchange, statuses[diagnosis.exchange])
    return Stop(step.number, step.title, NOT_DONE, f"Not done: {diagnosis.what}.", proofs=(proof,))


def anchor(step: str) -> str:
    """Return the id of a part in the report: ``step-6-token-info``."""
    return "step-" + step.replace(" ", "-")


def _inferred(step: _ByHand, proofs: Mapping[str, Proof]) -> Stop:
    shown = [next((proofs[name] for name in names if name in proofs), None) for names in step.shown_by]
    seen = tuple(dict.fromkeys(proof for proof in shown if proof))
    if None in shown:
        return Stop(step.number, step.title, NOT_KNOWN, step.unknown)
    return Stop(step.number, step.title, IMPLIED, step.shown, proofs=seen)


def _part(step: str, found: Sequence[Verdict], *, sound: bool) -> Part:
    kinds = [one.verdict for one in found if one.requirement.step == step]
    return Part(step, STEPS[step], anchor(step), _colour(kinds, sound=sound), Counter(kinds))
