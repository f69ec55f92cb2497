"""What a reader's browser makes of a report: safe, reachable, readable."""

import re
from pathlib import Path

import pytest

from selftests.support.browser import DESKTOP, PHONE, Browser, axe
from selftests.support.reports import Outcome

AXE = Path(__file__).parent / ".axe" / "node_modules" / "axe-core" / "axe.min.js"
REPORTS = ("replayed", "broken", "waived", "hostile", "long", "historic")


@pytest.fixture(params=REPORTS)
def any_report(request: pytest.FixtureRequest) -> Outcome:
    outcome: Outcome = request.getfixturevalue(request.param)
    return outcome


def test_report_asks_no_network(chromium: Browser, any_report: Outcome) -> None:
    chromium.open(any_report.page)
    assert [url for url in chromium.asked() if not url.startswith(any_report.page.as_uri())] == []


def test_scripts_of_ours_run_and_no_others(chromium: Browser, any_report: Outcome) -> None:
    """``ran`` is what every hostile string of the stand-in would set."""
    chromium.open(any_report.page)
    chromium.run("document.querySelectorAll('details').forEach(one => one.open = true)")
    chromium.run("document.getElementById('show_all_details')?.click()")
    assert chromium.run("return [typeof window.ran, document.documentElement.className]") == ["undefined", "scripts"]
    assert chromium.errors() == []


def test_hostile_names_are_shown_as_text(chromium: Browser, hostile: Outcome) -> None:
    """The name of the company is in the headline, markup and all, and no element was made of it."""
    chromium.open(hostile.page)
    assert "<script>ran=1</script>" in chromium.text(".facts")
    assert chromium.run("return document.querySelectorAll('img[src=x], svg[onload], script[src]').length") == 0


def test_no_link_leads_where_an_answer_wants(chromium: Browser, hostile: Outcome) -> None:
    chromium.open(hostile.page)
    assert "Location: javascript:" in chromium.run("return document.body.textContent")
    links = chromium.run("return [...document.querySelectorAll('a')].map(one => one.getAttribute('href'))")
    sources = r"#|https://(developers\.procore\.com|www\.rfc-editor\.org|github\.com/doorkeeper-gem)/"
    odd = [link for link in links if not re.match(sources, link)]
    assert odd == []


@pytest.mark.parametrize(
    ("which", "scheme"),
    [
        ("broken", "light"),
        ("broken", "dark"),
        ("hostile", "dark"),
        ("drifted", "light"),
        ("waived", "light"),
        ("waived", "dark"),
        ("historic", "light"),
        ("historic", "dark"),
        ("companies", "light"),
        ("companies", "dark"),
    ],
)
def test_axe_finds_no_violation(request: pytest.FixtureRequest, chromium: Browser, which: str, scheme: str) -> None:
    if not AXE.is_file():
        pytest.skip("axe-core is missing: run selftests/report/install.sh")
    any_report: Outcome = request.getfixturevalue(which)
    chromium.cdp("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
    chromium.open(any_report.page)
    # All groups and the first exchanges open: the others are of the same parts.
    chromium.run("document.querySelectorAll('.group, .exchange:nth-of-type(-n+4)').forEach(one => one.open = true)")
    found = axe(chromium, AXE)
    assert found == []


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_nothing_is_wider_than_the_window(chromium: Browser, any_report: Outcome, size: tuple[int, int]) -> None:
    chromium.open(any_report.page, size=size)
    chromium.run("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert chromium.run("return document.documentElement.scrollWidth") <= size[0]


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_first_screen_answers(chromium: Browser, broken: Outcome, size: tuple[int, int]) -> None:
    """Does it conform, whose answers, on what evidence: without scrolling."""
    chromium.open(broken.page, size=size)
    bottom = "return document.querySelector(arguments[0]).getBoundingClientRect().bottom"
    assert chromium.text("h1").splitlines()[-2:] == ["Not conformant", "the local stand-in, not Procore"]
    assert "no statement about Procore’s servers" in chromium.text(".evidence")
    assert max(chromium.run(bottom, part) for part in ("h1", ".evidence")) < size[1]


def test_readable_with_scripts_off(chromium: Browser, broken: Outcome) -> None:
    chromium.cdp("Emulation.setScriptExecutionDisabled", value=True)
    try:
        chromium.open(broken.page)
        body = chromium.driver.find_element("tag name", "body").text
    finally:
        chromium.cdp("Emulation.setScriptExecutionDisabled", value=False)
    for words in (
        "Not conformant",
        "Have an administrator of the company install it",
        "projects.status",
        "Step 4",
        "table needs scripts",
    ):
        assert words in body


def test_keyboard_opens_an_exchange(chromium: Browser, replayed: Outcome) -> None:
    chromium.open(replayed.page)
    summary = chromium.driver.find_element("css selector", "#x-companies > summary")
    chromium.run("arguments[0].focus()", summary)
    chromium.driver.switch_to.active_element.send_keys("\n")
    assert '"name": "Quick Start Sandbox"' in chromium.text("#x-companies")


def test_keyboard_opens_a_row_of_the_tests_and_keeps_the_focus(chromium: Browser, broken: Outcome) -> None:
    chromium.open(broken.page)
    chromium.run("document.querySelector('#results-table .collapsible > .col-result').focus()")
    chromium.driver.switch_to.active_element.send_keys("\n")
    assert chromium.is_visible("#results-table .extras-row")
    assert chromium.run("return document.activeElement.className") == "col-result"


def test_first_tab_skips_to_what_to_do(chromium: Browser, replayed: Outcome) -> None:
    chromium.open(replayed.page)
    chromium.driver.find_element("tag name", "body").send_keys("\t")
    assert chromium.run("return document.activeElement.getAttribute('href')") == "#what-to-do"


@pytest.mark.parametrize("fragment", ["#token.expires-in", "#x-projects", "#step-6-token-info"])
def test_deep_link_opens_what_it_names(chromium: Browser, replayed: Outcome, fragment: str) -> None:
    """Also into a part that is closed at first."""
    chromium.open(replayed.page, fragment)
    selector = f"[id='{fragment[1:]}']"
    top = chromium.run("return document.querySelector(arguments[0]).getBoundingClientRect().top", selector)
    assert chromium.is_visible(selector)
    assert 0 <= top < DESKTOP[1]


def test_filter_shows_what_is_violated_alone(chromium: Browser, broken: Outcome) -> None:
    chromium.open(broken.page)
    chromium.run("document.getElementById('show-violated').click()")
    shown = chromium.run(
        "return [...document.querySelectorAll('.rows > [id]')].filter(row => row.checkVisibility())"
        ".map(row => row.dataset.verdict)"
    )
    assert shown
    assert set(shown) == {"violated"}


@pytest.mark.parametrize("kind", ["waived", "not-asked-for"])
def test_filter_shows_each_state_alone(chromium: Browser, waived: Outcome, kind: str) -> None:
    chromium.open(waived.page)
    chromium.run(f"document.getElementById('show-{kind}').click()")
    shown = chromium.run(
        "return [...document.querySelectorAll('.rows > [id]')].filter(row => row.checkVisibility())"
        ".map(row => row.dataset.verdict)"
    )
    assert shown
    assert set(shown) == {kind}


def test_waived_breach_is_seen_at_once_with_reason_and_end(chromium: Browser, waived: Outcome) -> None:
    """Its part is open, and the reason is shown as text."""
    chromium.open(waived.page)
    assert chromium.is_visible("[id='me.status'] .broken")
    words = chromium.text("[id='me.status'] .broken")
    assert "until 2999-12-31: <b>switched off</b> in our sandbox, ticket 4711" in words
    assert "404, as long as it is off" in words


def test_tests_are_called_waived_in_the_table_too(chromium: Browser, waived: Outcome) -> None:
    chromium.open(waived.page)
    assert (
        chromium.run(
            "return [...document.querySelectorAll('#results-table .col-result[data-word=waived]')]"
            ".map(one => one.textContent + getComputedStyle(one, '::after').content)"
        )
        == ['XFailed": waived"'] * 2
    )


def test_filter_works_without_scripts(chromium: Browser, broken: Outcome) -> None:
    chromium.cdp("Emulation.setScriptExecutionDisabled", value=True)
    try:
        chromium.open(broken.page)
        chromium.driver.find_element("id", "show-violated").send_keys(" ")
        shown = [row for row in chromium.driver.find_elements("css selector", "li[data-verdict]") if row.is_displayed()]
        kinds = {row.get_attribute("data-verdict") for row in shown}
    finally:
        chromium.cdp("Emulation.setScriptExecutionDisabled", value=False)
    assert kinds == {"violated"}


def test_print_shows_the_requirements_and_no_controls(chromium: Browser, replayed: Outcome) -> None:
    """Closed groups are printed open: paper cannot be clicked."""
    chromium.open(replayed.page)
    chromium.cdp("Emulation.setEmulatedMedia", media="print")
    try:
        assert chromium.is_visible("[id='token.expires-in'] b")
        assert not chromium.is_visible("#show")
        assert len(chromium.cdp("Page.printToPDF")["data"]) > 10_000
    finally:
        chromium.cdp("Emulation.setEmulatedMedia", media="")
