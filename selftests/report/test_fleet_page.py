"""What a reader's browser makes of the page of all accounts."""

import json
from pathlib import Path

import pytest

from quickstart.command.merge import write
from selftests.report.test_report_browser import AXE
from selftests.support.browser import DESKTOP, PHONE, Browser
from selftests.support.reports import replay


@pytest.fixture(scope="module")
def accounts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page of four accounts: one well, one broken, one with a name as long as it gets, one that left nothing."""
    folder = tmp_path_factory.mktemp("accounts")
    well = replay(folder / "well", f"--verdict-json={folder / 'well' / 'verdict.json'}")
    verdict = json.loads((folder / "well" / "verdict.json").read_text(encoding="utf-8"))
    odd = dict(verdict, conformant=None, exit_code=2, complete=False)
    odd["ending"] = {"kind": "broken-off", "reason": "it was interrupted " * 20, "not_judged": 3, "crashes": []}
    hurt = dict(verdict, conformant=False, exit_code=1)
    hurt["diagnosis"] = dict.fromkeys(("cause", "what", "remedy", "exchange"), "x" * 300)
    hurt["requirements"] = [{**one, "verdict": "violated"} for one in verdict["requirements"]]
    places = [("well", well.page.with_name("verdict.json")), ("gone", folder / "gone.json")]
    for name, content in {"n" * 60: odd, "hurt": hurt}.items():
        (folder / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")
        places.append((name, folder / f"{name}.json"))
    assert write(places, folder / "fleet.html", folder / "fleet.json") == 1
    return folder / "fleet.html"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation(chromium: Browser, accounts: Path, scheme: str) -> None:
    if not AXE.is_file():
        pytest.skip("axe-core is missing: run selftests/report/install.sh")
    chromium.cdp("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
    for size in (DESKTOP, PHONE):
        chromium.open(accounts, size=size)
        chromium.run(AXE.read_text(encoding="utf-8"))
        found = chromium.run(
            "return axe.run(document, {resultTypes: ['violations']}).then(found => found.violations.map("
            "one => one.id + ': ' + one.nodes.map(node => node.html).join(' | ')))"
        )
        assert found == []


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_nothing_is_wider_than_the_window(chromium: Browser, accounts: Path, size: tuple[int, int]) -> None:
    chromium.open(accounts, size=size)
    assert chromium.run("return document.documentElement.scrollWidth") <= size[0]


def test_the_page_asks_no_network_and_runs_no_script(chromium: Browser, accounts: Path) -> None:
    chromium.open(accounts)
    assert [url for url in chromium.asked() if url != accounts.as_uri()] == []
    assert chromium.errors() == []
    assert chromium.run("return document.scripts.length") == 0


def test_a_cell_leads_into_the_report(chromium: Browser, accounts: Path) -> None:
    chromium.open(accounts)
    assert chromium.text("h1").endswith("Not all conformant")
    link = "return document.querySelector('.fleet tbody tr a.cell').getAttribute('href')"
    assert chromium.run(link) == "well/report.html#step-5-authorize"
