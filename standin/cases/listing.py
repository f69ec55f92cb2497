"""All faults and variations by id, and how ``--list-faults`` prints them."""

from __future__ import annotations

import os
import sys
from difflib import get_close_matches

from standin.cases.case import Case
from standin.cases.faults import FAULTS
from standin.cases.variations import VARIATIONS

CASES = {case.id: case for case in (*FAULTS, *VARIATIONS)}


def case_named(name: str) -> Case:
    """The fault or variation of that id. Raises ValueError, which names the closest ones."""
    if name in CASES:
        return CASES[name]
    close = ", ".join(get_close_matches(name, CASES)) or "see --list-faults"
    raise ValueError(f"--fault: there is no fault or variation {name!r} ({close})")


def line(case: Case) -> str:
    """The id, the step, the sentence, what must catch it, the cause: separated by tabs, for people and for cut(1)."""
    caught = [*sorted(case.violated), *(f"{name} (advisory)" for name in sorted(case.advisory))]
    return "\t".join((case.id, case.step, case.sentence, " ".join(caught) or "-", case.says or "-"))


def show() -> int:
    """Print all of them; returns the exit code."""
    try:
        print(
            f"# {len(FAULTS)} faults: id, step, what Procore does, what must catch it, the cause where it is no promise"
        )
        print("\n".join(line(case) for case in FAULTS))
        print(f"# {len(VARIATIONS)} benign variations: id, step, what Procore does, the only advisories")
        print("\n".join(line(case) for case in VARIATIONS), flush=True)
    except BrokenPipeError:
        # Whoever reads has enough, as head(1) has; Python would complain once more while it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0
