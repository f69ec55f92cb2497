"""The times of the exchanges as columns of SVG, in the order of sending, a path for each host."""

from collections.abc import Sequence
from dataclasses import dataclass

from quickstart.report.exchanges import Shown

PITCH, BAR = 10, 8  # of a column, in units of the drawing
HEIGHT = 60
_LEAST = 1.0  # height of a column: nothing took no time
_SLOWEST = 5
_HOSTS = 2  # that have a colour of their own


@dataclass(frozen=True)
class Times:
    """``paths`` are the hosts and their columns; ``longest`` is in seconds, what the highest column stands for."""

    width: int
    paths: Sequence[tuple[str, str]]
    longest: float
    slowest: Sequence[Shown]


def times(shown: Sequence[Shown]) -> Times | None:
    """Return the chart, or ``None`` where there is nothing to compare."""
    if len(shown) < 2:
        return None
    longest = max(one.seconds for one in shown)
    paths: dict[str, list[str]] = {}
    for number, one in enumerate(shown):
        height = max(_LEAST, HEIGHT * one.seconds / longest) if longest else _LEAST
        known = one.host if one.host in paths or len(paths) < _HOSTS else "others"
        paths.setdefault(known, []).append(f"M{number * PITCH} {HEIGHT}v-{height:.0f}h{BAR}V{HEIGHT}")
    slowest = sorted(shown, key=lambda one: one.seconds, reverse=True)[:_SLOWEST]
    return Times(len(shown) * PITCH, [(host, "".join(some)) for host, some in paths.items()], longest, slowest)
