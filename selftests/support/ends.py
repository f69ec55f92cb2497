"""A replay with every output, into which a plugin may do harm, and whether what it left is whole."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from quickstart.exchange import contract
from selftests.support.processes import python
from selftests.support.project import ROOT, bare_environment

FILES = {"--html": "r.html", "--junitxml": "j.xml", "--summary-md": "s.md", "--badge": "b.json"}
GREEN = "an older report: Conformant"


@dataclass(frozen=True)
class Left:
    """What a run left: exit code, terminal, verdict, and the text of each other output that is there."""

    code: int
    text: str
    verdict: dict[str, Any]
    files: dict[str, str]

    @property
    def last(self) -> str:
        return self.text.strip().splitlines()[-1]

    def ids(self, kind: str) -> set[str]:
        return {one["id"] for one in self.verdict["requirements"] if one["verdict"] == kind}


def options(folder: Path) -> list[str]:
    """Every output, and an older one in the place of each."""
    for name in (*FILES.values(), "v.json", "summary"):
        (folder / name).write_text(GREEN if name != "summary" else "", encoding="utf-8")
    return [*(f"{option}={folder / name}" for option, name in FILES.items()), f"--verdict-json={folder / 'v.json'}"]


def replay(
    folder: Path,
    *arguments: str,
    plugin: str = "",
    variables: Mapping[str, str] | None = None,
    root: Path = ROOT,
    asked: list[str] | None = None,
) -> Left:
    """Run the suite on its recordings with a plugin that does some harm."""
    (folder / "harm.py").write_text(f"import pytest\n{plugin}", encoding="utf-8")
    given = options(folder) if asked is None else asked
    environment = {
        **bare_environment(folder),
        "PYTHONPATH": str(folder),
        "GITHUB_ACTIONS": "true",
        "GITHUB_STEP_SUMMARY": str(folder / "summary"),
        **(variables or {}),
    }
    code, text = python(
        "pytest", "-p", "no:cacheprovider", "-p", "harm", *given, *arguments, environment=environment, folder=root
    )
    there = {name: folder / name for name in (*FILES.values(), "summary") if (folder / name).is_file()}
    files = {name: path.read_text(encoding="utf-8") for name, path in there.items()}
    verdict = folder / "v.json"
    document = json.loads(verdict.read_text(encoding="utf-8")) if verdict.exists() else {}
    return Left(code, text, document, files)


class Tags(HTMLParser):
    """What of a page is open at its end."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.attributes: set[str] = set()
        self.wrong: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        self.attributes.update(name for name, _ in attrs)
        if tag not in {"meta", "img", "input", "br", "hr", "source", "link"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.open and self.open[-1] == tag:
            self.open.pop()
        else:
            self.wrong.append(tag)


def is_whole(left: Left) -> bool:
    """Every output is there, of this run, and can be read by whom it is for."""
    tags = Tags(left.files["r.html"])
    assert (tags.open, tags.wrong) == ([], [])
    assert left.files["r.html"].rstrip().endswith("</html>")
    ElementTree.fromstring(left.files["j.xml"])  # noqa: S314 - our own
    assert json.loads(left.files["b.json"])["schemaVersion"] == 1
    assert left.files["s.md"].startswith("## ")
    assert left.files["summary"] == left.files["s.md"]
    assert not contract.violations(left.verdict, "verdict")
    assert GREEN not in "".join(left.files.values())
    return True
