"""Debian's Chromium, headless: what it shows of a report, what it ran, and what it asked of the network."""

import base64
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.support.ui import WebDriverWait

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)
DESKTOP, PHONE = (1200, 900), (390, 844)


@dataclass(frozen=True)
class Browser:
    """One browser; every page is opened anew, as a file."""

    driver: webdriver.Chrome

    def open(self, page: Path, fragment: str = "", *, size: tuple[int, int] = DESKTOP) -> None:
        """Open a report at ``size`` (CSS pixels)."""
        width, height = size
        self.cdp("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self.driver.get("about:blank")
        self.log("performance")
        self.log("browser")
        self.driver.get(page.as_uri() + fragment)

    def cdp(self, command: str, **parameters: Any) -> Any:
        """Send a command of the Chrome DevTools Protocol."""
        return self.driver.execute_cdp_cmd(command, parameters)

    def run(self, script: str, *arguments: Any) -> Any:
        """Return what a script gives back."""
        return self.driver.execute_script(script, *arguments)

    def text(self, selector: str) -> str:
        """Return what is visible of the first element that ``selector`` finds."""
        return str(self.run("return document.querySelector(arguments[0]).innerText", selector))

    def is_visible(self, selector: str) -> bool:
        """Whether the first element that ``selector`` finds takes room on the page."""
        return bool(self.run("return document.querySelector(arguments[0]).checkVisibility()", selector))

    def wait_for(self, script: str) -> None:
        """Wait until a script gives back something true; at most ten seconds."""
        self.wait_until(lambda: bool(self.run(script)))

    def wait_until(self, happened: Callable[[], bool]) -> None:
        """Wait for it, at most ten seconds."""
        WebDriverWait(self.driver, 10).until(lambda _: happened())

    def log(self, kind: str) -> list[dict[str, Any]]:
        """Return the entries of a log since it was last read; ``kind`` is ``performance`` or ``browser``."""
        entries: list[dict[str, Any]] = self.driver.get_log(kind)  # type: ignore[no-untyped-call]
        return entries

    def asked(self) -> list[str]:
        """Return the URLs that were asked for since the page was opened."""
        messages = [json.loads(entry["message"])["message"] for entry in self.log("performance")]
        sent = [message["params"] for message in messages if message["method"] == "Network.requestWillBeSent"]
        return [request["request"]["url"] for request in sent]

    def errors(self) -> list[str]:
        """Return what the console complained of."""
        return [entry["message"] for entry in self.log("browser")]

    def picture(self, path: Path) -> None:
        """Save what the window shows as PNG."""
        path.write_bytes(base64.b64decode(self.cdp("Page.captureScreenshot", format="png")["data"]))


def axe(page: Browser, script: Path) -> list[str]:
    """What axe-core, whose ``script`` this is, finds wrong with the page that is open."""
    # Not through the page's own policy, which lets no script but ours in
    page.cdp("Runtime.evaluate", expression=script.read_text(encoding="utf-8"))
    found: list[str] = page.run(
        "return axe.run(document, {resultTypes: ['violations']}).then(found => found.violations.map("
        "one => `${one.id}: ${one.nodes.slice(0, 3).map(node => node.html.slice(0, 200)).join(' | ')}`))"
    )
    return found


@contextmanager
def browser(profile: Path, home: Path | None = None) -> Iterator[Browser]:
    """Start Chromium with an empty ``profile``, and end it; it trusts the authorities of ``home``."""
    environment = {**os.environ, **({} if home is None else {"HOME": str(home)})}
    options = Options()
    options.binary_location = CHROMIUM or ""
    for flag in (*_FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(DRIVER, env=environment))
    try:
        yield Browser(driver)
    finally:
        driver.quit()


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """The browser, for the conftest of a folder that needs it; without one the test is skipped."""
    if not (CHROMIUM and DRIVER):
        pytest.skip("chromium or chromedriver is missing: run selftests/report/install.sh")
    with browser(tmp_path_factory.mktemp("profile")) as started:
        yield started
