"""The requirements, one promise of the guide each: ``tests/catalogue.toml`` is the one source of traceability."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from quickstart.judgement import portal

_parsed = lru_cache(maxsize=1)(tomllib.loads)  # the matrix forks one process for many runs
LEVELS = ("must", "should", "observe")
# What a level rests on. A must needs a document that makes the promise, or somebody's data; the rest is at most should.
PROMISED = ("guide", "reference", "rfc", "safety")
BASES = (*PROMISED, "doorkeeper", "sighting", "sense")
DOCUMENTED, SEEN, INFERRED = "documented", "documented and seen live", "inferred"
EVIDENCE = (DOCUMENTED, SEEN, INFERRED)
NOT_SEEN = "not yet seen at Procore"
UNSEEN_ADVICE = "Look at the exchange; then report it, or waive it (README, Waivers)."
FOLLOWS = "follows from: "  # begins a quote that does not say the sentence itself
# The guide as a path; a requirement's step is one of these keys.
STEPS = {
    "5 authorize": "Generate a code",
    "6 exchange": "Exchange the code for a token",
    "6 refresh": "Refresh the token",
    "6 client credentials": "Token of a service account",
    "6 token info": "Ask what the token is",
    "6 revoke": "Revoke a token",
    "7 companies": "List companies",
    "7 projects": "List the projects of a company",
    "7 me": "Who am I",
    "transport": "TLS, headers, limits, JSON",
}


class CatalogueError(Exception):
    """The catalogue cannot be used; the message names the entry and what to change."""


@dataclass(frozen=True)
class Requirement:
    """One promise: ``id`` is stable and ours, ``level`` follows the modal verb of ``source``.

    ``basis`` is a word of ``BASES`` and ``evidence`` one of ``EVIDENCE``: how sure we are that Procore means it.
    """

    id: str
    level: str
    basis: str
    evidence: str
    step: str
    sentence: str
    expected: str
    quote: str
    source: str
    remedy: str

    @property
    def standing(self) -> str:
        """What the level rests on, and how sure that is, in words."""
        return f"{self.basis}, {self.evidence}" + (f", {NOT_SEEN}" if self.is_unseen else "")

    def basis_beside(self, remedy: str) -> str:
        """Return the standing and, where nobody wrote down yet that Procore does it, what that means for the reader.

        A ``remedy`` by what came that reports nothing stands alone: whoever has a wrong secret has nothing to waive.
        """
        in_our_hands = remedy not in {"", self.remedy} and portal.SUPPORT not in remedy
        return f"{self.standing}. {UNSEEN_ADVICE}" if self.is_unseen and not in_our_hands else self.standing

    @property
    def is_unseen(self) -> bool:
        """Whether an RFC asks for it, and nobody wrote down yet that Procore does it."""
        return self.basis == "rfc" and self.evidence == DOCUMENTED


def load(path: Path) -> dict[str, Requirement]:
    """Read the catalogue: requirements by id, in the order of the file.

    Raises:
        CatalogueError: the file is no TOML, or an entry lacks a field or names an unknown level or step.
    """
    try:
        entries = _parsed(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise CatalogueError(f"{path.name} cannot be read: {error}") from None
    return {name: _requirement(name, entry, path.name) for name, entry in entries.items()}


def _requirement(name: str, entry: object, file: str) -> Requirement:
    if not isinstance(entry, Mapping):
        raise CatalogueError(f'{file}: {name} is not a table; quote the id: ["{name}"]')
    fields = set(Requirement.__dataclass_fields__) - {"id"}
    wrong = fields ^ entry.keys()
    if wrong:
        raise CatalogueError(f"{file}: [{name}] must have exactly {', '.join(sorted(fields))}; look at {sorted(wrong)}")
    if entry["level"] not in LEVELS or entry["step"] not in STEPS:
        raise CatalogueError(f"{file}: [{name}] has an unknown level or step ({entry['level']}, {entry['step']})")
    if entry["basis"] not in BASES or entry["evidence"] not in EVIDENCE:
        raise CatalogueError(
            f"{file}: [{name}] basis must be one of {', '.join(BASES)}, evidence one of {', '.join(EVIDENCE)}"
        )
    try:
        remedy = entry["remedy"].format_map(portal.WORDS)
    except (KeyError, ValueError) as error:
        raise CatalogueError(f"{file}: [{name}] remedy names {error}, which portal.py does not know") from None
    requirement = Requirement(id=name, **{**entry, "remedy": remedy})
    problem = _overstated(requirement)
    if problem:
        raise CatalogueError(f"{file}: [{name}] {problem}")
    return requirement


def _overstated(one: Requirement) -> str:
    """Say why the level claims more than the basis carries, or nothing."""
    promised = one.basis in PROMISED
    if one.level == "must" and not promised:
        return f"is a must on the basis of {one.basis}; make it a should, or name the document that promises it"
    if one.level == "must" and one.quote.startswith(FOLLOWS) and one.basis != "safety":
        return "is a must whose quote only leads to it; make it a should, or quote the promise"
    if not promised and one.evidence != INFERRED:
        return f"has the basis {one.basis}, so its evidence is {INFERRED}"
    return ""
