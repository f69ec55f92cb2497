"""What is said of a fault of the suite itself: how to report it; and of a run that was broken off before it began."""

import platform
from collections.abc import Iterator

import pytest

from quickstart import __version__
from quickstart.judgement.ending import BROKEN_OFF, CRASHED, Ending

TOLD = 3  # crashes whose tracebacks are shown; the verdict has more
PLEASE = "Report it to those who keep this suite, with the versions and the traceback, which are redacted"


def versions() -> str:
    """Return what a report of a crash must name."""
    python, system = platform.python_version(), platform.system()
    return f"procore quick start {__version__}, pytest {pytest.__version__}, Python {python}, {system}"


def lines(end: Ending) -> Iterator[str]:
    """Yield the end of the terminal for a run that has no end of its own; the verdict in a word comes last."""
    if end.kind == CRASHED:
        for crash in end.crashes[:TOLD]:
            yield f"crashed: {crash.sentence}"
            yield from (f"  {line}" for line in crash.text.splitlines())
        yield f"what to do: {PLEASE}: {versions()}."
        yield f"NO VERDICT: {end.sentence[0].lower()}{end.sentence[1:]}. This run says nothing of Procore."
    if end.kind == BROKEN_OFF:
        yield f"NO VERDICT: {end.sentence}."
