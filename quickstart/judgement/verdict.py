"""From test reports to a verdict for each requirement, and to the machine-readable document of the run."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from quickstart import __version__
from quickstart.exchange.cost import Cost
from quickstart.judgement import ending
from quickstart.judgement.catalogue import Requirement
from quickstart.judgement.ending import WHOLE, Ending
from quickstart.judgement.waivers import Waiver, Waivers

SATISFIED, ADVISORY, VIOLATED = "satisfied", "advisory", "violated"
WAIVED = "waived"  # broken, and put up with
COULD_NOT_TEST, NOT_RUN = "could-not-test", "not-run"
NOT_ASKED_FOR = "not-asked-for"  # its exchange is sent with --disruptive alone
_FEW = 2  # exchanges of a requirement that observes them, and not all of a run
CRASHED = "crashed"  # its test died of something that nobody expected: a fault of the suite
# From the best to the worst: a requirement with several tests has the worst of their verdicts.
ORDER = (NOT_RUN, SATISFIED, NOT_ASKED_FOR, COULD_NOT_TEST, WAIVED, ADVISORY, CRASHED, VIOLATED)
JUDGED = frozenset({SATISFIED, WAIVED, ADVISORY, VIOLATED})
NOT_WANTED = frozenset({NOT_RUN, NOT_ASKED_FOR})  # by whoever gave the options; they say nothing of the rest

NO_WAIVERS = Waivers()
# Where a detail names an exchange: "me: ...", "without: me, revoke", "... of me; ...", "me has 3 items", "me to ...".
_NAMED = re.compile(r"(?:^|[:;,] |\b(?:and|in|of|on) )([a-z0-9.-]+)(?=$|[,:;]| (?:and|carries|has|leads|to)\b)")


@dataclass(frozen=True)
class Finding:
    """What one test found about one requirement; plain data, since xdist carries it between processes.

    ``remedy`` is what to do about it, as what came decides; where nothing is to be done, it is empty.
    """

    requirement: str
    test: str
    verdict: str
    detail: str
    exchanges: tuple[str, ...]
    remedy: str = ""


@dataclass(frozen=True)
class Verdict:
    """What the run says of one requirement; ``remedy`` as in ``Finding``."""

    requirement: Requirement
    verdict: str
    detail: str
    tests: tuple[str, ...]
    exchanges: tuple[str, ...]
    remedy: str = ""
    waiver: Waiver | None = None  # of a breach that is waived

    @property
    def blamed(self) -> tuple[str, ...]:
        """The exchanges that a breach is about."""
        return blamed(self.detail, self.exchanges)


def verdicts(
    catalogue: Mapping[str, Requirement], findings: Iterable[Finding], waivers: Waivers = NO_WAIVERS
) -> list[Verdict]:
    """Return the verdict of every requirement, in the order of the catalogue; what is waived has its waiver."""
    found: dict[str, list[Finding]] = {name: [] for name in catalogue}
    for finding in findings:
        found[finding.requirement].append(finding)
    judged = [_verdict(requirement, found[name]) for name, requirement in catalogue.items()]
    return [replace(one, waiver=waivers.of(one.requirement.id)) if one.verdict == WAIVED else one for one in judged]


def _verdict(requirement: Requirement, findings: list[Finding]) -> Verdict:
    if not findings:
        return Verdict(requirement, NOT_RUN, "", (), ())
    worst = max(findings, key=lambda finding: ORDER.index(finding.verdict))
    tests = tuple(sorted(finding.test for finding in findings))
    exchanges = tuple(dict.fromkeys(name for finding in findings for name in finding.exchanges))
    return Verdict(requirement, worst.verdict, worst.detail, tests, exchanges, worst.remedy)


def conformant(found: Iterable[Verdict], *, drifted: bool = False) -> bool | None:
    """Return whether no requirement is violated, or ``None`` if not one could be judged.

    ``drifted`` is whether answers changed their shape in a way that the run is to fail of.
    """
    kinds = {verdict.verdict for verdict in found}
    if VIOLATED in kinds or drifted:
        return False
    return True if kinds & JUDGED else None


NOT_REACHED = "the run ended before it was judged"


def unreached(
    found: Iterable[Verdict], left: Collection[str], reasons: Mapping[str, str] | None = None
) -> list[Verdict]:
    """Return the verdicts of a run that left tests: a requirement in ``left`` is not satisfied yet, for its reason."""
    return [
        replace(one, verdict=COULD_NOT_TEST, detail=(reasons or {}).get(one.requirement.id, NOT_REACHED))
        if one.requirement.id in left and one.verdict in {NOT_RUN, SATISFIED}
        else one
        for one in found
    ]


def blamed(detail: str, exchanges: Sequence[str]) -> tuple[str, ...]:
    """Return those of the ``exchanges`` of a breach that its detail names; all of them where it names none."""
    named = {*_NAMED.findall(detail)}
    return tuple(name for name in exchanges if name in named) or tuple(exchanges)


def worse(one: Finding | None, other: Finding) -> Finding:
    """Return the worse of two findings of one test, whose phases are reported one by one."""
    return other if one is None or ORDER.index(other.verdict) >= ORDER.index(one.verdict) else one


def worst(verdicts: Iterable[str]) -> str:
    """Return the worst of what was wanted; *not asked for* or *not run* where nothing was."""
    kinds = {*verdicts}
    return max(kinds - NOT_WANTED or kinds, key=ORDER.index, default=NOT_RUN)


def tolerated_exchanges(
    found: Iterable[Verdict], unexpected: Collection[str], needed: Collection[str] = ()
) -> frozenset[str]:
    """Return those of the ``unexpected`` answers, by exchange, that a run puts up with: nothing of them is violated.

    One is what an advisory or a waiver is about: the only unexpected one among its exchanges, and, for those that the
    run's own work ``needed``, its only exchange. Another is what a requirement of its own observes and never judges.
    """
    known = [*found]
    violated = {name for one in known if one.verdict == VIOLATED for name in one.blamed}
    put_up_with = set()
    for one in known:
        wrong = [name for name in one.exchanges if name in unexpected]
        if (
            one.verdict in {ADVISORY, WAIVED}
            and len(wrong) == 1
            and (len(one.exchanges) == 1 or not {*wrong} & {*needed})
        ):
            put_up_with.update(wrong)
        if one.requirement.level == "observe" and len(one.exchanges) <= _FEW and not {*wrong} & {*needed}:
            put_up_with.update(wrong)
    put_up_with -= violated
    # What rests on an answer that is put up with could not be tested for its sake.
    for one in known:
        if one.verdict == COULD_NOT_TEST and put_up_with & {*one.exchanges}:
            put_up_with.update({*one.exchanges} & {*unexpected} - violated - {*needed})
    return frozenset(put_up_with)


def stale_waivers(found: Iterable[Verdict], waivers: Waivers) -> list[str]:
    """Return a sentence for each waiver that is past its date or not needed any more, of what was judged."""
    judged = [one for one in found if one.verdict in JUDGED]
    told = [waivers.stale(one.requirement.id, broken=one.verdict != SATISFIED) for one in judged]
    return [sentence for sentence in told if sentence]


def document(
    found: list[Verdict],
    exchanges: Sequence[Mapping[str, Any]],
    *,
    target: str,
    evidence: str,
    started: str,
    ended: str,
    exit_code: int,
    diagnosis: Mapping[str, str] | None = None,
    steps: Sequence[Mapping[str, Any]] = (),
    notes: Sequence[str] = (),
    end: Ending = WHOLE,
    drifted: bool = False,
    cost: Cost | None = None,
    companies: Mapping[str, Any] | None = None,
    lists: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """Return the verdict as ``schemas/verdict.schema.json`` describes it; ``complete`` stands last."""
    # Whoever could not do their work has no say in what Procore does.
    doubted = diagnosis is not None or exit_code != 0
    return {
        "format": 1,
        "suite": {"name": "procore-quick-start", "version": __version__},
        "target": target,
        "evidence": evidence,
        "started": started,
        "ended": ended,
        "exit_code": exit_code,
        "conformant": ending.answer(conformant(found, drifted=drifted), end, doubted=doubted),
        "ending": end.as_plain(),
        "diagnosis": dict(diagnosis) if diagnosis else None,
        "cost": cost.as_plain() if cost else None,
        "notes": list(notes),
        "steps": [dict(step) for step in steps],
        "requirements": [
            {
                "id": one.requirement.id,
                "step": one.requirement.step,
                "level": one.requirement.level,
                "basis": one.requirement.basis,
                "evidence": one.requirement.evidence,
                "verdict": one.verdict,
                "detail": one.detail,
                "waiver": _plain_waiver(one.waiver) if one.waiver else None,
                "tests": list(one.tests),
                "exchanges": list(one.exchanges),
            }
            for one in found
        ],
        "exchanges": [dict(exchange) for exchange in exchanges],
        "lists": [dict(one) for one in lists],
        **({"companies": dict(companies)} if companies is not None else {}),
        "complete": end.kind == ending.FINISHED,
    }


def _plain_waiver(waiver: Waiver) -> dict[str, str]:
    return {"reason": waiver.reason, "until": waiver.until.isoformat(), "expected": waiver.expected}


def as_plain(finding: Finding) -> dict[str, Any]:
    """Return the finding as data that a report can carry."""
    return asdict(finding)


def from_plain(data: Mapping[str, Any]) -> Finding:
    """Return the finding that ``as_plain`` made the data of."""
    return Finding(**{**data, "exchanges": tuple(data["exchanges"])})
