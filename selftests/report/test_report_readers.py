"""What readers of a report do with it: send a text, copy a request, search, follow links, print it, mail it."""

from __future__ import annotations

import base64
import html
import re
import subprocess
from pathlib import Path

import pytest

from selftests.support.browser import DESKTOP, PHONE, Browser
from selftests.support.reports import Outcome, run_in
from standin.model.world import World
from standin.server.running import serve

KILOBYTE = 1_000
PAGES = 3
GREEN = {"satisfied", "implied", "not-needed"}


@pytest.fixture(scope="module")
def service(folder: Path) -> Outcome:
    """A nightly run of a service account."""
    with serve(World()) as procore:
        kept = {name: value for name, value in procore.environment.items() if name != "PROCORE_AUTHORIZATION_CODE"}
        return run_in(kept, folder / "service")


@pytest.fixture(scope="module")
def second_night(folder: Path) -> Outcome:
    """A nightly run of a user whose token was cached the night before."""
    with serve(World()) as procore:
        variables = {**procore.environment, "PROCORE_TOKEN_CACHE": str(folder / "tokens")}
        run_in(variables, folder / "first-night")
        return run_in(variables, folder / "second-night")


@pytest.fixture(params=["service", "second_night"])
def nightly(request: pytest.FixtureRequest) -> Outcome:
    outcome: Outcome = request.getfixturevalue(request.param)
    assert outcome.exit_code == 0, outcome.output
    return outcome


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_first_screen_says_what_is_broken_and_who_must_do_what(
    chromium: Browser, broken: Outcome, size: tuple[int, int]
) -> None:
    chromium.open(broken.page, size=size)
    words = chromium.text(".tasks li")
    for part in (
        "Listing the projects of the company MUST answer 200.",
        "403",
        "App is not connected to this company",
        "an administrator of the company in Procore",
        "Have an administrator of the company install it",
        "Text to send",
    ):
        assert part in words
    bottom = "return document.querySelector('.sending summary').getBoundingClientRect().top"
    assert chromium.run(bottom) < size[1]


def test_text_to_send_names_the_request_and_says_whose_answer_it_is(broken: Outcome) -> None:
    found = re.search(r'<pre class="send">(.*?)</pre>', broken.html, re.DOTALL)
    assert found
    text = html.unescape(found[1])
    assert re.search(r"projects: GET https://\S+ -> 403, request id [0-9a-f-]{36}, .* GMT", text)
    assert "no statement about Procore’s servers" in text
    assert "To see it again: pytest --target=sandbox --disruptive --requirement=projects.status" in text
    assert "To:" not in text


def test_text_is_copied_as_it_stands(chromium: Browser, broken: Outcome) -> None:
    chromium.open(broken.page)
    chromium.cdp("Browser.grantPermissions", permissions=["clipboardReadWrite", "clipboardSanitizedWrite"])
    chromium.run("document.querySelector('.sending').open = true")
    chromium.driver.find_element("css selector", ".sending .copier").click()
    chromium.wait_for("return document.querySelector('.sending .copier').textContent === 'Copied'")
    copied = chromium.run("return navigator.clipboard.readText()")
    assert copied == chromium.run("return document.querySelector('pre.send').textContent")


def test_text_can_be_marked_where_no_script_runs(chromium: Browser, broken: Outcome) -> None:
    chromium.cdp("Emulation.setScriptExecutionDisabled", value=True)
    try:
        chromium.open(broken.page)
        chromium.driver.find_element("css selector", ".sending summary").click()
        text = chromium.driver.find_element("css selector", "pre.send")
        assert text.is_displayed()
        assert text.value_of_css_property("user-select") == "all"
        assert chromium.driver.find_elements("css selector", ".copier") == []
    finally:
        chromium.cdp("Emulation.setScriptExecutionDisabled", value=False)


def test_no_step_is_grey_in_the_best_nightly_run(chromium: Browser, nightly: Outcome) -> None:
    chromium.open(nightly.page)
    kinds = chromium.run("return [...document.querySelectorAll('.path > li')].map(one => one.className)")
    assert len(kinds) == 8
    assert set(kinds) <= GREEN
    assert "not asked for" in chromium.text(".path")


def test_green_report_is_small(nightly: Outcome) -> None:
    assert nightly.page.stat().st_size <= 150 * KILOBYTE


def test_report_of_every_exchange_is_small_too(replayed: Outcome) -> None:
    assert replayed.page.stat().st_size <= 160 * KILOBYTE


def test_commands_for_curl_hold_no_secret_and_work(tmp_path: Path) -> None:
    """The service account's token, as the page says, and with it the list of companies."""
    world = World()
    with serve(world) as procore:
        page = run_in(procore.environment, tmp_path).html
        lines = {
            name: html.unescape(line)
            for name, line in re.findall(r'id="x-([\w.-]+)".*?<pre>(.*?)</pre>', page, re.DOTALL)
        }
        realm = world.realms["sandbox"]
        secrets = [realm.application.secret, *realm.by_access, *realm.codes]
        assert not [line for line in lines.values() if any(secret in line for secret in secrets)]
        assert '"client_secret=$PROCORE_CLIENT_SECRET"' in lines["client-credentials"]
        assert '"Authorization: Bearer $PROCORE_TOKEN"' in lines["companies"]
        granted = _shell(lines["client-credentials"], procore.environment)
        token = re.search(r'"access_token":\s*"([^"]+)"', granted)
        assert token, granted
        company = procore.environment["PROCORE_COMPANY_ID"]
        asked = f"{lines['companies']} -H 'Procore-Company-Id: {company}'"
        came = _shell(asked, {**procore.environment, "PROCORE_TOKEN": token[1]})
        assert " 200" in came.partition("\n")[0] or "\nHTTP/1.1 200" in came
        assert "Quick Start Sandbox" in came


def _shell(line: str, environment: dict[str, str]) -> str:
    done = subprocess.run(
        ["/bin/sh", "-c", line], env=environment, capture_output=True, text=True, timeout=30, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_requirements_and_exchanges_lead_to_each_other(chromium: Browser, replayed: Outcome) -> None:
    chromium.open(replayed.page)
    assert "projects.status" in chromium.run(
        "return [...document.querySelectorAll('#x-projects p a')].map(one => one.hash.slice(1))"
    )
    lost = chromium.run(
        "return [...document.querySelectorAll('a[href^=\"#\"]')].map(one => decodeURIComponent(one.hash.slice(1)))"
        ".filter(one => !document.getElementById(one))"
    )
    assert lost == []


def test_search_shows_what_has_the_words_in_both_lists(chromium: Browser, replayed: Outcome) -> None:
    chromium.open(replayed.page)
    chromium.driver.find_element("id", "search").send_keys("projects-v1.0")
    shown = chromium.run(
        "return [...document.querySelectorAll('.rows > [id], #exchanges details[id]')]"
        ".filter(one => one.checkVisibility()).map(one => one.id)"
    )
    assert "x-projects-v1.0" in shown
    assert 0 < len(shown) < 10
    assert re.fullmatch(r"\d+ requirements, \d+ exchanges", chromium.text("#found"))


def test_deep_link_shows_what_a_search_hides(chromium: Browser, replayed: Outcome) -> None:
    chromium.open(replayed.page)
    chromium.driver.find_element("id", "search").send_keys("projects-v1.0")
    chromium.run("location.hash = '#me.status'")
    chromium.wait_for("return document.getElementById('me.status').checkVisibility()")


def test_chart_of_times_says_in_words_what_it_draws(chromium: Browser, replayed: Outcome) -> None:
    chromium.open(replayed.page)
    label = chromium.run("return document.querySelector('.times svg[role=img]').getAttribute('aria-label')")
    count = chromium.run("return document.querySelectorAll('#exchanges details[id]').length")
    columns = chromium.run(
        "return [...document.querySelectorAll('.times path')].map(one => one.getAttribute('d')).join('')"
    )
    assert re.fullmatch(
        rf"Times of {count} exchanges in the order of sending: median [\d.]+ s, longest [\d.]+ s", label
    )
    assert columns.count("M") == count
    assert "v-60h" in columns


@pytest.mark.parametrize("which", ["replayed", "broken", "service"])
@pytest.mark.parametrize(("width", "height"), [(8.27, 11.69), (8.5, 11)], ids=["A4", "Letter"])
def test_print_has_three_pages_and_the_exchanges_on_demand(
    request: pytest.FixtureRequest, chromium: Browser, which: str, width: float, height: float
) -> None:
    outcome: Outcome = request.getfixturevalue(which)
    chromium.open(outcome.page)
    assert _pages(chromium, width, height) <= PAGES
    chromium.run("document.getElementById('print-exchanges').click()")
    assert _pages(chromium, width, height) > PAGES


def _pages(chromium: Browser, width: float, height: float) -> int:
    pdf = base64.b64decode(chromium.cdp("Page.printToPDF", paperWidth=width, paperHeight=height)["data"])
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def test_answer_that_is_wrong_is_shown_in_full(broken: Outcome) -> None:
    """With all headers, while a right one has the beginning of its body and what is its own."""
    shown = dict(re.findall(r'id="x-([\w.-]+)"(.*?)</details>', broken.html, re.DOTALL))
    assert "X-Frame-Options: SAMEORIGIN" in shown["projects"]
    assert "X-Frame-Options" not in shown["companies"]
    assert "usual headers" in shown["companies"]
    assert "X-Request-Id" in shown["companies"]
