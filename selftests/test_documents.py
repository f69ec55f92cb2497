"""docs/ and README say what is so."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from selftests.documents import CAUSES, REQUIREMENTS, causes, page, requirements, source_name
from selftests.support.project import ROOT
from standin.cases.faults import FAULTS

PAGES = (
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "SECURITY.md",
    "docs/requirements.md",
    "docs/causes.md",
    "docs/benchmarks.md",
    "docs/clients.md",
    "docs/stand-in.md",
    "docs/tokens-in-pipelines.md",
    "docs/pipelines.md",
    "docs/many-accounts.md",
)
LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)")


def test_the_requirements_are_fresh() -> None:
    assert REQUIREMENTS.read_text(encoding="utf-8") == page(), "stale: run python -m selftests.documents"


def test_the_causes_are_fresh() -> None:
    assert CAUSES.read_text(encoding="utf-8") == causes(), "stale: run python -m selftests.documents"


def test_every_fault_is_named() -> None:
    text = page()
    assert [case.id for case in FAULTS if f"`{case.id}`" not in text] == []


def test_a_step_without_requirements_has_no_heading() -> None:
    assert "## " not in requirements([], FAULTS)


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://www.rfc-editor.org/rfc/rfc7009#section-2.1", "RFC 7009 §2.1"),
        ("https://developers.procore.com/documentation/oauth-endpoints", "oauth endpoints"),
        ("https://developers.procore.com/reference/rest/me?version=latest", "reference, me"),
    ],
)
def test_a_source_has_a_short_name(url: str, name: str) -> None:
    assert source_name(url) == name


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_somewhere(name: str) -> None:
    """Each link into the project names a file that is there and, where it names one, a heading of it."""
    here = ROOT / name
    lost = []
    for path, fragment in LINK.findall(here.read_text(encoding="utf-8")):
        there = (here.parent / unquote(path)).resolve() if path else here
        if not there.exists() or (fragment and fragment not in anchors(there)):
            lost.append(f"{path}#{fragment}")
    assert not lost


def anchors(page: Path) -> set[str]:
    """The anchors that GitHub gives the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("name", PAGES)
def test_named_paths_are_there(name: str) -> None:
    """What stands in `backquotes` and begins with a folder of ours is a file or a folder."""
    text = (ROOT / name).read_text(encoding="utf-8")
    named = re.findall(
        r"`((?:quickstart|standin|selftests|tests|schemas|cassettes|docs|benchmarks|\.github)/[^`\s]*)`", text
    )
    assert [path for path in named if not [*ROOT.glob(path.rstrip("/"))]] == []


def test_the_worked_example_of_contributing_stands_in_the_files() -> None:
    """Each line of the diff is there, but for what it leaves out."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    diff = text.partition("```diff\n")[2].partition("```")[0].splitlines()
    file, missing = "", []
    for line in diff:
        if line.startswith("--- "):
            file = (ROOT / line.split()[1]).read_text(encoding="utf-8")
        elif not all(part in file for part in line.removeprefix("+").split("…")):
            missing.append(line)
    assert len(diff) <= 35
    assert missing == []
