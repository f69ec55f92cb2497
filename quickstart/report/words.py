"""What a verdict is called, and which columns a table of verdicts has: the same in every form of the report."""

from collections.abc import Collection

from quickstart.judgement.verdict import (
    ADVISORY,
    COULD_NOT_TEST,
    CRASHED,
    NOT_ASKED_FOR,
    NOT_RUN,
    SATISFIED,
    VIOLATED,
    WAIVED,
)

NAMES = {
    SATISFIED: "satisfied",
    ADVISORY: "advisory",
    VIOLATED: "violated",
    WAIVED: "waived",
    COULD_NOT_TEST: "not tested",
    NOT_ASKED_FOR: "not asked for",
    NOT_RUN: "not selected",
    CRASHED: "crashed",
}
# How the reason of an expected failure begins, which is what these are to pytest.
ADVISORY_MARK, WAIVED_MARK = "advisory: ", "waived "
_ALWAYS = frozenset({SATISFIED, ADVISORY, VIOLATED, COULD_NOT_TEST})
_COLUMNS = (SATISFIED, ADVISORY, VIOLATED, WAIVED, COULD_NOT_TEST, NOT_ASKED_FOR, CRASHED)


def columns(found: Collection[str]) -> list[str]:
    """Return the verdicts that get a column where these were found: some always do, the others if they occur."""
    return [kind for kind in _COLUMNS if kind in _ALWAYS or kind in found]


def waivers(count: int) -> str:
    """Return *1 waiver*, *2 waivers*."""
    return "1 waiver" if count == 1 else f"{count} waivers"
