"""What a reader's browser makes of the page: safe, reachable, readable, of the suite's look."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from selftests.support.browser import DESKTOP, PHONE, Browser
from selftests.support.project import ROOT

AXE = ROOT / "selftests" / "report" / ".axe" / "node_modules" / "axe-core" / "axe.min.js"
STYLES = (
    ROOT / "standin" / "check" / "templates" / "check.css",
    ROOT / "quickstart" / "report" / "templates" / "report.css",
)


@pytest.fixture(params=["good", "careless", "hostile"])
def any_page(request: pytest.FixtureRequest) -> Path:
    path: Path = request.getfixturevalue(request.param)
    return path


def test_page_asks_no_network_and_runs_no_script(chromium: Browser, any_page: Path) -> None:
    chromium.open(any_page)
    assert [url for url in chromium.asked() if not url.startswith(any_page.as_uri())] == []
    assert chromium.run("return [typeof window.ran, document.scripts.length]") == ["undefined", 0]
    assert chromium.errors() == []


def test_what_a_client_sends_is_shown_as_text_and_leads_nowhere(chromium: Browser, hostile: Path) -> None:
    chromium.open(hostile)
    assert "/rest/<script>ran=1</script>" in chromium.run("return document.body.textContent")
    links = chromium.run("return [...document.querySelectorAll('a')].map(one => one.getAttribute('href'))")
    sources = r"#|https://(developers\.procore\.com|www\.rfc-editor\.org)/"
    assert [link for link in links if not re.match(sources, link)] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation(chromium: Browser, any_page: Path, scheme: str) -> None:
    if not AXE.is_file():
        pytest.skip("axe-core is missing: run selftests/report/install.sh")
    chromium.cdp("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
    chromium.open(any_page)
    chromium.run("document.querySelectorAll('details').forEach(one => one.open = true)")
    chromium.cdp("Runtime.evaluate", expression=AXE.read_text(encoding="utf-8"))
    found = chromium.run(
        "return axe.run(document, {resultTypes: ['violations']}).then(found => found.violations.map("
        "one => `${one.id}: ${one.nodes.slice(0, 3).map(node => node.html.slice(0, 200)).join(' | ')}`))"
    )
    assert found == []


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_nothing_is_wider_than_the_window(chromium: Browser, any_page: Path, size: tuple[int, int]) -> None:
    chromium.open(any_page, size=size)
    chromium.run("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert chromium.run("return document.documentElement.scrollWidth") <= size[0]


@pytest.mark.parametrize(("which", "word"), [("good", "Behaves well"), ("careless", "Something is wrong")])
def test_first_screen_answers(request: pytest.FixtureRequest, chromium: Browser, which: str, word: str) -> None:
    chromium.open(request.getfixturevalue(which), size=PHONE)
    bottom = "return document.querySelector('.evidence').getBoundingClientRect().bottom"
    assert chromium.text(".word") == word
    assert chromium.run(bottom) < PHONE[1]


def test_each_rule_is_told_with_remedy_and_source(chromium: Browser, careless: Path) -> None:
    chromium.open(careless)
    told = chromium.text("[id='code.reused']")
    assert "Exchange the code once" in told
    assert "“The client MUST NOT use the authorization code more than once.” RFC 6749 §4.1.2" in told
    assert "failed, where a good client succeeds" in chromium.text(".rules")


def test_the_look_is_the_suites() -> None:
    """Both pages have the same colours: the stand-in may not import the suite's, and a copy grows old."""
    tokens = [
        re.findall(r"--[\w-]+: #[0-9a-f]+", path.read_text(encoding="utf-8").partition("@media print")[0])
        for path in STYLES
    ]
    assert tokens[0] == tokens[1]
