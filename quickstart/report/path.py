"""The guide as a path: steps 5 to 7 with the verdicts of their parts, steps 1 to 4 with what these say of them."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from quickstart.judgement.catalogue import STEPS
from quickstart.judgement.verdict import NOT_RUN, ORDER, SATISFIED, Verdict

IMPLIED, NOT_SHOWN = "implied", "not-shown"


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
        """The number of its requirements that were selected."""
        return sum(self.counts.values()) - self.counts.get(NOT_RUN, 0)


@dataclass(frozen=True)
class Stop:
    """One step of the guide. ``parts`` are empty for a step that is taken by hand, and ``words`` say what is known."""

    number: str
    title: str
    verdict: str
    words: str
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True)
class _ByHand:
    number: str
    title: str
    shown_by: tuple[frozenset[str], ...]  # one requirement of each set must be satisfied
    shown: str
    unknown: str


# Nothing in an API can be asked whether these were done: another step's success implies it.
_KNOWN = frozenset({"token.status", "refresh.status", "client-credentials.status", "companies.status"})
_BY_HAND = (
    _ByHand(
        "1",
        "Create your app",
        (_KNOWN,),
        "The Client ID is known.",
        "This run did not see that the Client ID is known.",
    ),
    _ByHand(
        "2",
        "Add the component",
        (_KNOWN, frozenset({"projects.status"})),
        "The app is given tokens and data, so it has a component and a version.",
        "The app did not come as far as data.",
    ),
    _ByHand(
        "3",
        "Set the redirect URI",
        (frozenset({"token.status"}),),
        "The exchange passed with this redirect URI.",
        "This run saw no exchange pass with this redirect URI.",
    ),
    _ByHand(
        "4",
        "Install the app",
        (frozenset({"projects.status"}),),
        "Projects of the company are answered, so the app is installed there.",
        "This run saw no projects of the company; the app may not be installed there.",
    ),
)
_TITLES = {"5": "Generate a code", "6": "Get a token", "7": "Call the API", "": "On every step"}


def stops(found: Sequence[Verdict]) -> list[Stop]:
    """Return the steps of the guide in their order, and at last what concerns all of them."""
    verdicts = {one.requirement.id: one.verdict for one in found}
    by_hand = [_implied(step, verdicts) for step in _BY_HAND]
    parts: dict[str, list[Part]] = {}
    for step in STEPS:
        number = step[:1] if step[:1].isdigit() else ""
        parts.setdefault(number, []).append(_part(step, found))
    return by_hand + [
        Stop(number, _TITLES[number], worst(part.verdict for part in some), "", tuple(some))
        for number, some in parts.items()
    ]


def worst(verdicts: Iterable[str]) -> str:
    """Return the worst of some verdicts, *not run* if there are none."""
    return max(verdicts, key=ORDER.index, default=NOT_RUN)


def anchor(step: str) -> str:
    """Return the id of a part in the report: ``step-6-token-info``."""
    return "step-" + step.replace(" ", "-")


def _implied(step: _ByHand, verdicts: Mapping[str, str]) -> Stop:
    shown = all(any(verdicts.get(name) == SATISFIED for name in names) for names in step.shown_by)
    return Stop(step.number, step.title, IMPLIED if shown else NOT_SHOWN, step.shown if shown else step.unknown)


def _part(step: str, found: Sequence[Verdict]) -> Part:
    kinds = [one.verdict for one in found if one.requirement.step == step]
    return Part(step, STEPS[step], anchor(step), worst(kinds), Counter(kinds))
