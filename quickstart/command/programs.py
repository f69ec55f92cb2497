"""``run``, ``smoke`` and ``standin``: other programs, handed what was typed, in the user's own folder."""

import argparse
import runpy
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from quickstart import CLAIMS
from quickstart.command.ends import UNUSABLE

# Of pytest's own options those that README names, for shells that complete.
_PYTESTS = ("--html", "--junitxml", "--record-mode", "-k", "-m", "-n", "-v", "-x", "--lf", "--durations")
_FILES = (Path("tests"),)  # what may be named as it stands in a clone


def run(arguments: Sequence[str]) -> int:
    """Run the suite: pytest on the claims, wherever they are, with settings and reports in the working folder."""
    import pytest

    from quickstart.command import refusal

    words = [_claim(word) for word in arguments]
    line = [
        f"--config-file={CLAIMS / 'pytest.ini'}",
        f"--rootdir={CLAIMS}",
        f"--folder={Path.cwd()}",
        "-p",
        "no:cacheprovider",  # it would write beside the claims, which may be installed for all users
        *([] if words != [*arguments] else [str(CLAIMS / "tests")]),
        *words,
    ]
    refusals = refusal.Refusals()
    code = int(pytest.main(line, [refusals]))
    if refusals.reason:
        refusal.tell(arguments, refusals.reason)
    return code


def _claim(word: str) -> str:
    """Return a word of the command line; a module of claims, or a test in it, as what it is here."""
    path, colons, rest = word.partition("::")
    there = CLAIMS / path
    named = path.endswith(".py") and Path(path).parent in _FILES and there.is_file()
    return f"{there}{colons}{rest}" if named else word


def smoke(arguments: Sequence[str]) -> int:
    """Run the shortest honest check."""
    return run(["-m", "smoke", *arguments])


def standin(arguments: Sequence[str]) -> int:
    """Be the stand-in. It is a program of its own, started and not imported: it knows nothing of us, nor we of it."""
    sys.argv[1:] = arguments
    try:
        runpy.run_module("standin", run_name="__main__", alter_sys=True)
    except ImportError as error:
        print(f"The stand-in is not here ({error}): install the suite whole.", file=sys.stderr)
        return UNUSABLE
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else UNUSABLE
    return 0


class _Declared:
    """Takes the options that the suite declares to pytest, for another parser."""

    def __init__(self, parser: argparse.ArgumentParser) -> None:
        self.addoption: Any = parser.add_argument

    def getgroup(self, *_: str) -> "_Declared":
        """Return what takes the options of a group."""
        return self


def declare_options(parser: argparse.ArgumentParser) -> None:
    """Declare what ``run`` takes, to a parser that completes."""
    from quickstart.plugin import declared

    declared.add_options(_Declared(parser))  # type: ignore[arg-type]
    for name in _PYTESTS:
        parser.add_argument(name)
