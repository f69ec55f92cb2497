"""The command ``compare OLD NEW``: what changed between two verdicts, or between the last runs of a history.

Exit codes: 0 nothing became worse, 1 something did, 4 not usable (arguments, files).
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from quickstart.history import changes, nights
from quickstart.history.changes import ChangesError, Comparison
from quickstart.history.record import Record
from quickstart.report import files, html
from quickstart.report.html import Bare
from quickstart.report.outputs import as_json
from quickstart.secrecy.printable import one_line

SAME, WORSE, UNUSABLE = 0, 1, 4
_MOST = 1000  # changes of each kind on a terminal


class Parser(argparse.ArgumentParser):
    """A parser whose complaint is one sentence, and whose exit code says that something is not usable."""

    def error(self, message: str) -> NoReturn:
        """End with the sentence."""
        self.exit(UNUSABLE, f"{self.prog}: {message}\n")


def parser(program: str) -> Parser:
    """Return what reads the arguments."""
    made = Parser(prog=program, description="What changed between two runs.")
    made.add_argument("old", metavar="OLD", type=Path, help="a verdict (--verdict-json), or a history: its last run")
    made.add_argument(
        "new", metavar="NEW", type=Path, help="the newer one; the same history twice compares its last two runs"
    )
    made.add_argument("--json", metavar="FILE", type=Path, help="also as JSON (schemas/comparison.schema.json)")
    made.add_argument("--html", metavar="FILE", type=Path, help="also as a page")
    return made


def main(arguments: Sequence[str], program: str = "procore-quickstart compare") -> int:
    """Run the command; return the exit code."""
    given = parser(program).parse_args(arguments)
    try:
        twice = given.old.exists() and given.new.exists() and given.old.samefile(given.new)
        found = changes.compare(changes.load(given.old, before_last=twice), changes.load(given.new))
        for line in text(found):
            print(one_line(line))
        if given.json:
            files.write("--json", given.json, as_json(found.as_plain()))
        if given.html:
            files.write("--html", given.html, page(found))
    except (ChangesError, files.FileError) as error:
        print(one_line(str(error)), file=sys.stderr)
        return UNUSABLE
    return WORSE if found.is_worse else SAME


def text(found: Comparison) -> list[str]:
    """Return what the terminal shows."""
    return [
        f"old: {_run(found.old)}",
        f"new: {_run(found.new)}",
        *changes.lines(found, _MOST),
        "something became worse" if found.is_worse else "nothing became worse",
    ]


def _run(one: Record) -> str:
    return f"{nights.moment(one.when)}, {one.target}, {one.evidence}: {nights.state(one).replace('-', ' ')}"


def page(found: Comparison) -> str:
    """Return the comparison as a page of its own."""
    verdict = nights.NOT_CONFORMANT if found.is_worse else nights.CONFORMANT
    word = "Something became worse" if found.is_worse else "Nothing became worse"
    lead = f"{found.sentence[:1].upper()}{found.sentence[1:]}."
    return html.bare(Bare("comparison", verdict, word, found.new.whose, lead), html.changes_section(found))
