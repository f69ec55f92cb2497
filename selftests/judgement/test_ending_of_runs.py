"""How a run ended decides what it may say: every ending with every judgement."""

from __future__ import annotations

import pytest

from quickstart.judgement import ending
from quickstart.judgement.ending import BROKEN_OFF, CRASHED, FINISHED, NOT_USABLE, Crash, Ending

CRASH = Crash("tests/a.py::b", "KeyError: 'x'", "Traceback")


@pytest.mark.parametrize(
    ("kind", "judged", "says", "says_in_doubt", "code"),
    [
        (FINISHED, True, True, None, 0),
        (FINISHED, False, False, False, 0),
        (FINISHED, None, None, None, 0),
        (BROKEN_OFF, True, None, None, 2),
        (BROKEN_OFF, False, False, False, 1),
        (BROKEN_OFF, None, None, None, 2),
        (NOT_USABLE, True, None, None, 4),
        (NOT_USABLE, False, False, False, 1),
        (NOT_USABLE, None, None, None, 4),
        (CRASHED, True, None, None, 3),
        (CRASHED, False, None, None, 3),
        (CRASHED, None, None, None, 3),
    ],
)
def test_what_a_run_may_say_and_its_exit_code(
    kind: str, judged: bool | None, says: bool | None, says_in_doubt: bool | None, code: int
) -> None:
    ended = Ending(kind, "ctrl-c")
    assert ending.answer(judged, ended) is says
    assert ending.answer(judged, ended, doubted=True) is says_in_doubt
    assert ending.exit_code(0, judged, ended) == code


@pytest.mark.parametrize("given", [0, 1, 2, 5])
def test_a_run_that_finished_keeps_the_exit_code_that_pytest_gives(given: int) -> None:
    assert ending.exit_code(given, True, ending.WHOLE) == given


@pytest.mark.parametrize(
    ("ended", "words"),
    [
        (Ending(), ""),
        (Ending(BROKEN_OFF, "ctrl-c"), "The run was broken off (ctrl-c)"),
        (Ending(BROKEN_OFF, "ctrl-c", 1), "The run was broken off (ctrl-c); 1 test was not judged"),
        (Ending(BROKEN_OFF, "ctrl-c", 2), "The run was broken off (ctrl-c); 2 tests were not judged"),
        (Ending(NOT_USABLE, "No secret."), "Not usable: No secret"),
        (Ending(CRASHED, "KeyError"), "The suite itself failed (KeyError)"),
    ],
)
def test_an_ending_is_one_sentence(ended: Ending, words: str) -> None:
    assert ended.sentence == words
    assert ended.left == (words[words.index(";") :] if ";" in words else "")


def test_crashes_are_told_by_the_first_and_their_number() -> None:
    assert ending.first_sentence([]) == ""
    assert ending.first_sentence([CRASH]) == "tests/a.py::b: KeyError: 'x'"
    assert ending.first_sentence([CRASH, Crash("b", "E", "")]) == "tests/a.py::b: KeyError: 'x', and 1 more"
    assert ending.first_sentence([CRASH] * 3) == "tests/a.py::b: KeyError: 'x', and 2 more"


def test_an_ending_is_plain_data_in_the_verdict() -> None:
    ended = Ending(CRASHED, "why", 2, (CRASH,))
    crash = {"where": CRASH.where, "error": CRASH.error, "traceback": CRASH.text}
    assert ended.as_plain() == {"kind": CRASHED, "reason": "why", "not_judged": 2, "crashes": [crash]}
    assert Ending().as_plain() == {"kind": FINISHED, "reason": "", "not_judged": 0, "crashes": []}
