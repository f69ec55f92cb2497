"""``merge``: verdicts of many accounts, from wherever they were made, into one page and one document."""

import argparse
import json
import os
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from quickstart.command.ends import UNUSABLE
from quickstart.exchange import contract
from quickstart.report import files, fleet
from quickstart.report.fleet import Account, Fleet
from quickstart.secrecy.printable import one_line

VERDICT, REPORT = "verdict.json", "report.html"
_NAMED = re.compile(r"([^=/\\]{1,60})=(.+)", re.DOTALL)
_LARGEST = 200_000_000  # bytes of one verdict
_ON_ITS_OWN = {"verdict", "procore-quickstart"}  # names of files that say nothing of the account


class MergeError(Exception):
    """Nothing can be merged; the message says what to change."""


def merge(options: argparse.Namespace) -> int:
    """Read the verdicts, write what was asked for, and print one line for each account."""
    try:
        return write([*_places(options.verdicts)], options.html, options.json)
    except (MergeError, files.FileError) as error:
        print(one_line(str(error)), file=sys.stderr)
        return UNUSABLE


def write(places: Iterable[tuple[str, Path]], page: Path | None, document: Path | None) -> int:
    """Merge the verdicts at these places, by name of account; return the exit code of the whole.

    Raises:
        files.FileError: the page or the document cannot be written.
    """
    beside = (page or document or Path("fleet.html")).absolute().parent
    made = datetime.now(UTC).replace(microsecond=0).isoformat()
    whole = Fleet([_account(name, path, beside) for name, path in _named_apart(places)], made)
    for option, path, text in (("--html", page, whole.as_html), ("--json", document, whole.as_json)):
        if path is not None:
            files.write(option, path, text())
    for one in whole.accounts:
        why = one.first_cause or one.reason
        print(one_line(f"{one.name}: {one.word}{f': {why}' if why else ''}"))
    print(whole.sentence)
    return whole.exit_code


def _places(given: Iterable[str]) -> Iterator[tuple[str, Path]]:
    """Yield name and verdict of each account: ``NAME=FILE``, a file, or a folder with one folder an account.

    Raises:
        MergeError: a folder has no verdict in it.
    """
    for word in given:
        named = _NAMED.fullmatch(word) if not Path(word).exists() else None
        path = Path(named[2] if named else word)
        if path.is_dir():
            found = [path / VERDICT] if (path / VERDICT).is_file() else sorted(path.glob(f"*/**/{VERDICT}"))
            if not found:
                raise MergeError(f"{path} has no {VERDICT} in it: name the verdicts, or the folder that has theirs.")
            yield from ((named[1] if named and len(found) == 1 else _name(one, path), one) for one in found)
        else:
            yield named[1] if named else _name(path), path


def _name(path: Path, folder: Path | None = None) -> str:
    """Return what an account is called by where its verdict is: its folder, where the file has no name of its own."""
    if folder is not None and path.parent != folder:
        return path.relative_to(folder).parts[0]
    return path.stem if path.stem not in _ON_ITS_OWN else path.absolute().parent.name


def _named_apart(places: Iterable[tuple[str, Path]]) -> list[tuple[str, Path]]:
    """Return the places, each under a name of its own."""
    seen: Counter[str] = Counter()
    apart = []
    for name, path in places:
        seen[name] += 1
        apart.append((name if seen[name] == 1 else f"{name} ({seen[name]})", path))
    return apart


def _account(name: str, path: Path, beside: Path) -> Account:
    report = path.with_name(REPORT) if path.stem in _ON_ITS_OWN else path.with_suffix(".html")
    link = _link(report, beside) if report.is_file() else ""
    try:
        if path.stat().st_size > _LARGEST:
            return fleet.missing(name, f"{path.name} has more than {_LARGEST:,} bytes: it is no verdict", link)
        document: Any = json.loads(path.read_text(encoding="utf-8"))
        wrong = next(contract.validator("verdict").iter_errors(document), None)
    except OSError as error:
        return fleet.missing(name, f"{path} cannot be read ({error.strerror}): its run left no verdict", link)
    except (ValueError, RecursionError):
        return fleet.missing(name, f"{path} is no JSON: its run was killed, or it is another file", link)
    if wrong is not None:
        where = "/".join(map(str, wrong.absolute_path)) or "the document"
        return fleet.missing(name, f"{path} is no verdict of this suite ({where} is not as it must be)", link)
    return fleet.account(name, document, link)


def _link(report: Path, beside: Path) -> str:
    """Return the way from the page to a report; a file on another drive is named whole."""
    try:
        way = os.path.relpath(report.absolute(), beside)
    except ValueError:
        return report.absolute().as_uri()
    return quote(Path(way).as_posix())
