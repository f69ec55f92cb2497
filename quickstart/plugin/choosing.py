"""Which requirements a run judges: ``--requirement`` names them, whole or by a pattern; or the smoke test."""

from collections.abc import Collection, Sequence
from difflib import get_close_matches
from fnmatch import fnmatchcase

import pytest

from quickstart.report.again import OPTION


def is_smoke(config: pytest.Config) -> bool:
    """Return whether the run is the smoke test and nothing else."""
    return bool(config.getoption("markexpr", "").strip() == "smoke")


def wanted(config: pytest.Config, known: Collection[str]) -> frozenset[str] | None:
    """Return the ids that ``--requirement`` asks for, or ``None`` where it was not given.

    Raises:
        pytest.UsageError: a pattern is the id of nothing.
    """
    patterns: Sequence[str] = config.getoption("requirement", None) or ()
    if not patterns:
        return None
    found: set[str] = set()
    for pattern in patterns:
        some = {one for one in known if fnmatchcase(one, pattern)}
        if not some:
            near = get_close_matches(pattern, known, 1, 0.5)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise pytest.UsageError(
                f"{OPTION}={pattern} is the id of no requirement{hint} (`procore-quickstart requirements` lists them)"
            )
        found |= some
    return frozenset(found)
