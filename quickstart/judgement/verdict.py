"""From test reports to a verdict for each requirement, and to the machine-readable document of the run."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from quickstart import __version__
from quickstart.judgement.catalogue import Requirement

SATISFIED, ADVISORY, VIOLATED = "satisfied", "advisory", "violated"
COULD_NOT_TEST, NOT_RUN = "could-not-test", "not-run"
# From the best to the worst: a requirement with several tests has the worst of their verdicts.
ORDER = (NOT_RUN, SATISFIED, COULD_NOT_TEST, ADVISORY, VIOLATED)


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


def verdicts(catalogue: Mapping[str, Requirement], findings: Iterable[Finding]) -> list[Verdict]:
    """Return the verdict of every requirement, in the order of the catalogue."""
    found: dict[str, list[Finding]] = {name: [] for name in catalogue}
    for finding in findings:
        found[finding.requirement].append(finding)
    return [_verdict(requirement, found[name]) for name, requirement in catalogue.items()]


def _verdict(requirement: Requirement, findings: list[Finding]) -> Verdict:
    if not findings:
        return Verdict(requirement, NOT_RUN, "", (), ())
    worst = max(findings, key=lambda finding: ORDER.index(finding.verdict))
    tests = tuple(sorted(finding.test for finding in findings))
    exchanges = tuple(dict.fromkeys(name for finding in findings for name in finding.exchanges))
    return Verdict(requirement, worst.verdict, worst.detail, tests, exchanges, worst.remedy)


def conformant(found: Iterable[Verdict]) -> bool | None:
    """Return whether no requirement is violated, or ``None`` if not one could be judged."""
    kinds = {verdict.verdict for verdict in found}
    if VIOLATED in kinds:
        return False
    return True if kinds & {SATISFIED, ADVISORY} else None


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
) -> dict[str, Any]:
    """Return the verdict as ``schemas/verdict.schema.json`` describes it; ``complete`` stands last."""
    return {
        "format": 1,
        "suite": {"name": "procore-quick-start", "version": __version__},
        "target": target,
        "evidence": evidence,
        "started": started,
        "ended": ended,
        "exit_code": exit_code,
        # Whoever could not do their work has no say in what Procore does.
        "conformant": False if conformant(found) is False else None if diagnosis else conformant(found),
        "diagnosis": dict(diagnosis) if diagnosis else None,
        "requirements": [
            {
                "id": one.requirement.id,
                "step": one.requirement.step,
                "level": one.requirement.level,
                "verdict": one.verdict,
                "detail": one.detail,
                "tests": list(one.tests),
                "exchanges": list(one.exchanges),
            }
            for one in found
        ],
        "exchanges": [dict(exchange) for exchange in exchanges],
        "complete": True,
    }


def as_plain(finding: Finding) -> dict[str, Any]:
    """Return the finding as data that a report can carry."""
    return asdict(finding)


def from_plain(data: Mapping[str, Any]) -> Finding:
    """Return the finding that ``as_plain`` made the data of."""
    return Finding(**{**data, "exchanges": tuple(data["exchanges"])})
