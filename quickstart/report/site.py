"""The command ``history``: adds verdicts to a history, and makes pages of it, for one account or for a site of many.

Exit codes: 0 done, 4 not usable (arguments, files).
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from quickstart.history import changes, nights, store
from quickstart.history.changes import ChangesError
from quickstart.history.nights import Nights
from quickstart.report import files, html
from quickstart.report.compare import UNUSABLE, Parser
from quickstart.report.html import Bare
from quickstart.secrecy.printable import one_line

HISTORY = "history.jsonl"  # of an account, in its folder of a site
_MORE = (("Report of the last run", "report.html"), ("Verdict", "verdict.json"), ("History", HISTORY))
_WORDS = {
    nights.CONFORMANT: "Conformant",
    nights.NOT_CONFORMANT: "Not conformant",
    nights.NO_VERDICT: "No verdict",
}


@dataclass(frozen=True)
class Account:
    """One account of a site: the name of its folder, and its last runs."""

    name: str
    nights: Nights


def main(arguments: Sequence[str], program: str = "procore-quickstart history") -> int:
    """Run the command; return the exit code."""
    parser = Parser(prog=program, description="Nights in a row, without a run.")
    parser.add_argument("history", metavar="HISTORY", help=f"file or folder; with --site a folder of NAME/{HISTORY}")
    parser.add_argument("verdicts", metavar="VERDICT", nargs="*", type=Path, help="verdicts to add, once each")
    parser.add_argument("--html", metavar="FILE", type=Path, help="write its page")
    parser.add_argument("--site", action="store_true", help="write the page of each account, and one for all")
    given = parser.parse_args(arguments)
    if given.site and (given.verdicts or given.html):
        parser.error("--site makes pages of the histories that are there: leave verdicts and --html out")
    try:
        if given.site:
            return _site(Path(given.history))
        path = store.located(given.history)
        _add(path, given.verdicts)
        known, sentence = _nights(path)
        print(one_line(f"history: {sentence}"))
        if given.html:
            files.write("--html", given.html, page(known, sentence, given.html.parent))
    except (ChangesError, store.StoreError, files.FileError) as error:
        print(one_line(str(error)), file=sys.stderr)
        return UNUSABLE
    return 0


def _add(path: Path, verdicts: Sequence[Path]) -> None:
    """Add each verdict that is not there yet, oldest first: a run is known by when it began, and of what target."""
    there = {(one.when, one.target) for one in store.read(path).records}
    for one in sorted(map(changes.load, verdicts), key=lambda one: one.when):
        if (one.when, one.target) not in there:
            store.append(path, one)
            there.add((one.when, one.target))


def _nights(path: Path) -> tuple[Nights, str]:
    last = changes.load(path)
    read = store.read(path)
    for note in read.notes:
        print(one_line(f"note: {note}"), file=sys.stderr)
    known = nights.nights(read.records[:-1], last, read.notes)
    return known, nights.sentence(known)


def page(known: Nights, sentence: str, folder: Path) -> str:
    """Return the page of one account, with links to what stands beside it."""
    last = known.runs[-1]
    verdict = nights.answer(last)
    links = [(name, file) for name, file in _MORE if (folder / file).is_file()]
    lead = f"{sentence[:1].upper()}{sentence[1:]}."
    head = Bare("history", verdict, _WORDS[verdict], f"{last.target}: {last.whose}", lead, links)
    return html.bare(head, html.history_section(known))


def _site(folder: Path) -> int:
    """Write a page for each account that has a history, and one for all of them."""
    accounts = []
    for path in sorted(folder.glob(f"*/{HISTORY}")):
        known, sentence = _nights(path)
        files.write("--site", path.parent / "index.html", page(known, sentence, path.parent))
        accounts.append(Account(path.parent.name, known))
    if not accounts:
        raise ChangesError(f"{folder} holds no {HISTORY} of an account: make NAME/{HISTORY} first.")
    verdicts = {nights.answer(one.nights.runs[-1]) for one in accounts}
    order = (nights.NOT_CONFORMANT, nights.NO_VERDICT, nights.CONFORMANT)
    worst = next(one for one in order if one in verdicts)
    conformant = sum(nights.answer(one.nights.runs[-1]) == nights.CONFORMANT for one in accounts)
    lead = f"{conformant} of {len(accounts)} accounts conform in their last run."
    head = Bare("all accounts", worst, _WORDS[worst], f"{len(accounts)} accounts", lead)
    files.write("--site", folder / "index.html", html.bare(head, html.accounts_section(accounts)))
    print(f"site: {lead}")
    return 0
