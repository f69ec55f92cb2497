"""How a run came to its end, and whether what it found may be called a verdict."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

FINISHED = "finished"  # all that was selected was judged
BROKEN_OFF = "broken-off"  # by a person, a time-out, or -x and --maxfail
NOT_USABLE = "not-usable"  # options, settings, tables or recordings
CRASHED = "crashed"  # an exception that nobody expected: a fault of the suite, whatever the servers did
INTERRUPTED = "it was interrupted"  # by Ctrl-C, which has no words


@dataclass(frozen=True)
class Crash:
    """An exception that nobody expected: ``where`` is a test or a part of the run, ``text`` its traceback.

    No secret is in any of them.
    """

    where: str
    error: str
    text: str

    @property
    def sentence(self) -> str:
        """One line on it."""
        return f"{self.where}: {self.error}"


@dataclass(frozen=True)
class Ending:
    """How the run ended: ``reason`` says why it did not finish, ``not_judged`` counts the tests that it left."""

    kind: str = FINISHED
    reason: str = ""
    not_judged: int = 0
    crashes: tuple[Crash, ...] = ()

    @property
    def sentence(self) -> str:
        """The whole in one sentence without a full stop; empty for a run that finished."""
        if self.kind == FINISHED:
            return ""
        words = {
            BROKEN_OFF: f"The run was broken off ({self.reason})",
            NOT_USABLE: f"Not usable: {self.reason.rstrip('.')}",
            CRASHED: f"The suite itself failed ({self.reason})",
        }
        return words[self.kind] + self.left

    @property
    def left(self) -> str:
        """Say how many tests were left, if any: it continues a sentence."""
        if not self.not_judged:
            return ""
        return f"; {'1 test was' if self.not_judged == 1 else f'{self.not_judged} tests were'} not judged"

    def as_plain(self) -> dict[str, Any]:
        """Return it as data for the verdict."""
        return {
            "kind": self.kind,
            "reason": self.reason,
            "not_judged": self.not_judged,
            "crashes": [{"where": one.where, "error": one.error, "traceback": one.text} for one in self.crashes],
        }


WHOLE = Ending()


def answer(judged: bool | None, ending: Ending, *, doubted: bool = False) -> bool | None:
    """Return whether Procore conforms, as far as a run that ended so may say.

    ``judged`` is ``verdict.conformant`` of what it found. A suite that failed has no say. What was broken off has seen
    a violation, or nothing. Where it is ``doubted`` that the run could do its work, it can say no, but not yes.
    """
    if ending.kind == CRASHED:
        return None
    if judged is False:
        return False
    return None if doubted or ending.kind != FINISHED else judged


def exit_code(given: int, judged: bool | None, ending: Ending) -> int:
    """Return the exit code of a run that pytest would end with ``given``: 3 where the suite failed, and so on."""
    if ending.kind == CRASHED:
        return 3
    if ending.kind == FINISHED:
        return given
    if judged is False:
        return 1
    return 4 if ending.kind == NOT_USABLE else 2


def first_sentence(crashes: Iterable[Crash]) -> str:
    """Return what the reader is told of crashes: the first, and how many there are."""
    known = [*crashes]
    more = f", and {len(known) - 1} more" if len(known) > 1 else ""
    return f"{known[0].sentence}{more}" if known else ""
