"""``python -m selftests.quotes DOCUMENTATION RFCS``: which quotes of the catalogue do not stand where they link to.

DOCUMENTATION is a checkout of Procore's documentation (github.com/procore/documentation), RFCS a folder of rfcNNNN.txt.
Neither is part of this project. White space, marks of Markdown, HTML tags and page breaks of RFCs do not count.
``--with FILE`` judges the ``quote`` and ``source`` of a TOML file of the same ids instead of the catalogue's own.
"""

from __future__ import annotations

import argparse
import html
import re
import sys
import tomllib
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from quickstart.judgement import catalogue
from quickstart.judgement.catalogue import FOLLOWS, Requirement
from selftests.support.project import ROOT

ELISION = " […] "
DOCUMENTATION = "https://developers.procore.com/documentation/"
RFCS = "https://www.rfc-editor.org/rfc/"
PERMALINK = re.compile(r"^permalink: /(\S+)$", re.MULTILINE)
# A comment is not on the page that a reader sees, and Procore keeps old guides in comments.
INVISIBLE = re.compile(r"<!--.*?-->|</?[a-z][^<>]*>", re.DOTALL)
LINK_TARGET = re.compile(r"(?<=\])\([^()]*\)")
PAGE_BREAK = re.compile(r"\s*\n\S[^\n]*\[Page \d+\]\s*RFC \d+[^\n]*\n")
MARKS = str.maketrans("", "", "*_`[]()#<>|")


def plain(text: str) -> str:
    """Return a text without marks, each run of white space as one blank."""
    return " ".join(html.unescape(text).translate(MARKS).split())


def pages(documentation: Path, rfcs: Path) -> dict[str, str]:
    """Return the plain text of each page by its address."""
    found = {}
    for path in documentation.rglob("*.md"):
        text = path.read_text(encoding="utf-8")
        if link := PERMALINK.search(text):
            found[DOCUMENTATION + link[1]] = plain(LINK_TARGET.sub("", INVISIBLE.sub("", text)))
    for path in rfcs.glob("rfc*.txt"):
        found[RFCS + path.stem] = plain(PAGE_BREAK.sub("\n", path.read_text(encoding="utf-8")))
    return found


def checkable(one: Requirement) -> bool:
    """Whether the source is a page of the documentation or an RFC."""
    return one.source.startswith((DOCUMENTATION, RFCS))


def missing(one: Requirement, known: dict[str, str]) -> list[str]:
    """Return the parts of a quote that do not stand on the page that it links to."""
    page = known.get(one.source.partition("#")[0])
    parts = one.quote.removeprefix(FOLLOWS).split(ELISION)
    return parts if page is None else [part for part in parts if not plain(part) or plain(part) not in page]


def report(entries: Iterable[Requirement], known: dict[str, str]) -> list[str]:
    """Return one line for each part that is missing."""
    return [f"{one.id}: not on {one.source}: {part!r}" for one in entries for part in missing(one, known)]


def main() -> int:
    """Print what is wrong and what was not checked; 1 if anything is wrong."""
    parser = argparse.ArgumentParser(prog="python -m selftests.quotes", description=__doc__)
    parser.add_argument("documentation", type=Path, help="a checkout of procore/documentation")
    parser.add_argument("rfcs", type=Path, help="a folder of rfcNNNN.txt")
    parser.add_argument("--with", dest="other", type=Path, help="TOML with quote and source by id, to judge instead")
    options = parser.parse_args()
    entries = catalogue.load(ROOT / "tests" / "catalogue.toml")
    for name, new in tomllib.loads(options.other.read_text(encoding="utf-8")).items() if options.other else ():
        entries[name] = replace(entries[name], quote=new["quote"], source=new["source"])
    checked = [one for one in entries.values() if checkable(one)]
    wrong = report(checked, pages(options.documentation, options.rfcs))
    print(*wrong, sep="\n", end="\n" if wrong else "")
    unchecked = [one.id for one in entries.values() if not checkable(one)]
    print(f"{len(checked)} quotes looked up, {len(wrong)} parts not found; {len(unchecked)} not checked:", *unchecked)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
