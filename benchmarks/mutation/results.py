"""A mutant while it lives, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from benchmarks.mutation.mutants import Mutant

KILLED, SURVIVED, UNCHANGED = "killed", "survived", "unchanged"


@dataclass(frozen=True)
class Result:
    """What became of a mutant; ``by`` is who killed it, and ``tried`` how many attempts there were."""

    key: str
    outcome: str
    by: str
    tried: int
    seconds: float
    before: str
    after: str


@dataclass
class Living:
    """A mutant that nobody has killed yet."""

    mutant: Mutant
    code: str
    requirements: frozenset[str]
    tried: int = 0
    seconds: float = 0.0

    def as_plain(self) -> dict[str, Any]:
        """Return what the process that judges it must know."""
        required = sorted(self.requirements)
        return {"key": self.mutant.key, "path": self.mutant.path, "code": self.code, "requirements": required}
