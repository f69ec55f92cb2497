"""The pages that are made after runs, of a history, a comparison, all accounts: whole, without scripts, readable."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from quickstart.history import store
from quickstart.report import compare, site
from selftests.report.test_report_browser import AXE
from selftests.support.browser import DESKTOP, PHONE, Browser, axe
from selftests.support.ends import Tags
from selftests.support.nights import night, refused

BAD = {"projects.status": "violated", "me.status": "advisory"}
PAGES = ("index.html", "sandbox/index.html", "comparison.html")


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of two accounts, with a comparison."""
    folder = tmp_path_factory.mktemp("site")
    states = [{}, BAD, {}, {"token.status": "crashed"}, {"me.status": "waived"}, BAD, BAD]
    for account in ("sandbox", "<b>evil"):
        history = folder / account / site.HISTORY
        for number, some in enumerate(states):
            store.append(history, night(number, some, times={"token": 0.1 + 0.3 * (number % 3), "me": 0.05}))
        store.append(history, refused(7))
        store.append(history, night(8, BAD))
        (folder / account / "report.html").write_text("a report", encoding="utf-8")
    history = folder / "sandbox" / site.HISTORY
    assert compare.main([str(history), str(history), f"--html={folder / 'comparison.html'}"]) == 1
    assert site.main(["--site", str(folder)]) == 0
    return folder


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_whole_and_runs_nothing(pages: Path, name: str) -> None:
    text = (pages / name).read_text(encoding="utf-8")
    tags = Tags(text)
    assert (tags.open, tags.wrong) == ([], [])
    assert "script" not in tags.seen
    assert "<b>evil" not in text
    assert len(text) < 60_000


def test_a_page_links_what_stands_beside_it_alone(pages: Path) -> None:
    text = (pages / "sandbox" / "index.html").read_text(encoding="utf-8")
    assert '<a href="report.html">' in text
    assert '<a href="history.jsonl">' in text
    assert "verdict.json" not in text


def test_every_strip_says_in_words_what_it_shows(pages: Path) -> None:
    text = (pages / "sandbox" / "index.html").read_text(encoding="utf-8")
    strips = re.findall(r'<svg class="strip"[^>]*>', text)
    assert len(strips) == 6
    assert [one for one in strips if not re.search(r'role="img" aria-label="\d+ \w', one)] == []
    assert "2 violated, 1 not usable, 1 violated" in text


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_no_violation_in_it(chromium: Browser, pages: Path, name: str, scheme: str) -> None:
    if not AXE.is_file():
        pytest.skip("axe-core is missing: run selftests/report/install.sh")
    chromium.cdp("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
    chromium.open(pages / name)
    chromium.run("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert axe(chromium, AXE) == []


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("name", PAGES)
def test_no_page_is_wider_than_the_window(chromium: Browser, pages: Path, name: str, size: tuple[int, int]) -> None:
    chromium.open(pages / name, size=size)
    chromium.run("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert chromium.run("return document.documentElement.scrollWidth") <= size[0]
    narrow = "return Math.min(...[...document.querySelectorAll('.strips th .id')].map(one => one.offsetWidth), 999)"
    assert chromium.run(narrow) > 60, "an id stands letter under letter"
