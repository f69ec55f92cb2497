"""Charts as paths of SVG: a strip of states, a line of times. No colour says what no shape and no words say."""

from collections.abc import Sequence
from itertools import groupby
from typing import Final

from quickstart.history.nights import CONFORMANT, NO_VERDICT, NOT_CONFORMANT
from quickstart.judgement.ending import NOT_USABLE
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
from quickstart.report.words import NAMES

PITCH: Final = 12  # of one run in a strip, in its own units; 2 of them stay free
HEIGHT: Final = 14  # of a strip
LINE: Final = 20  # height of a line of times
STEP: Final = 10  # of one run in it
_MOST = 12  # stretches that are told of a strip
# How high a state stands: what is worse is higher, what says nothing is a dot or a dash, what died is a cross.
_BAR = {SATISFIED: 6, CONFORMANT: 6, WAIVED: 9, ADVISORY: 10, VIOLATED: 14, NOT_CONFORMANT: 14}
_CROSS = "l2-2 3 3 3-3 2 2-3 3 3 3-2 2-3-3-3 3-2-2 3-3z"
_RING = "h10v10h-10zm3 3v4h4v-4z"
_DOT = "h4v4h-4z"
_DASH = "h10v1h-10z"
STATES = {
    **NAMES,
    CONFORMANT: "conformant",
    NOT_CONFORMANT: "not conformant",
    NO_VERDICT: "no verdict",
    NOT_USABLE: "not usable",
    COULD_NOT_TEST: "not tested",
}
_OTHERS = {
    CRASHED: (0, 4, _CROSS),
    NOT_USABLE: (0, 4, _RING),
    NO_VERDICT: (0, 4, _RING),
    COULD_NOT_TEST: (3, 10, _DOT),
    NOT_ASKED_FOR: (0, 13, _DASH),
    NOT_RUN: (0, 13, _DASH),
}


def strip(states: Sequence[str]) -> list[tuple[str, str]]:
    """Return a path for each state that occurs, with the state: its runs from left to right."""
    paths: dict[str, list[str]] = {}
    for number, state in enumerate(states):
        paths.setdefault(state, []).append(_mark(number * PITCH, state))
    return [(state, "".join(marks)) for state, marks in paths.items()]


def _mark(left: int, state: str) -> str:
    if state in _BAR:
        height = _BAR[state]
        return f"M{left} {HEIGHT - height}h10v{height}h-10z"
    right, top, shape = _OTHERS[state]
    return f"M{left + right} {top}{shape}"


def words(states: Sequence[str]) -> str:
    """Return what a strip shows, from left to right: *12 satisfied, 3 violated, 15 satisfied*."""
    stretches = [(state, len([*some])) for state, some in groupby(states)]
    shown = ", ".join(f"{number} {STATES[state]}" for state, number in stretches[-_MOST:])
    left_out = len(stretches) - _MOST
    return f"{left_out} stretches before, {shown}" if left_out > 0 else shown


def line(values: Sequence[float | None], top: float, height: int = LINE) -> str:
    """Return the path of a line of values from 0 to ``top``; where one is missing it is broken."""
    path: list[str] = []
    pen: int | None = None  # how high it stands
    for number, value in enumerate(values):
        if value is None:
            pen = None
            continue
        y = round(height - 1 - (height - 2) * min(1.0, value / top if top else 0.0))
        # A beginning is a point, which a line of no length is not; relative steps are half as long.
        path.append(f"M{number * STEP} {y}h0" if pen is None else f"l{STEP} {y - pen}")
        pen = y
    return "".join(path)


def top(values: Sequence[float | None]) -> float:
    """Return the end of an axis that holds all values: 1, 2 or 5 with noughts."""
    most = max((one for one in values if one is not None), default=0.0)
    scale = 0.001
    while most > scale * 1000:
        scale *= 10
    return next((step * scale for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000) if step * scale >= most), most)


def seconds(value: float) -> str:
    """Return a time in few letters: *0.012 s*, *1.53 s*, *84 s*."""
    return f"{value:.3f} s" if value < 1 else f"{value:.2f} s" if value < 10 else f"{value:.0f} s"


def span(values: Sequence[float | None]) -> str:
    """Return from where to where the values go: *0.012 s to 0.034 s*."""
    known = [one for one in values if one is not None]
    if not known:
        return "unknown"
    low, high = seconds(min(known)), seconds(max(known))
    return low if low == high else f"{low} to {high}"
