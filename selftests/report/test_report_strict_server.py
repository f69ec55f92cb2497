"""A report on a server that lets nothing in but files of its own: Jenkins, as it comes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from selftests.support.browser import Browser
from selftests.support.reports import Outcome, replay

# https://www.jenkins.io/doc/book/security/configuring-content-security-policy/: the default for what builds leave,
# as it was for years and as it is today.
JENKINS = {
    "old": "sandbox; default-src 'none'; img-src 'self'; style-src 'self';",
    "new": "sandbox allow-same-origin; default-src 'none'; img-src 'self'; style-src 'self';",
}
STYLED = "return getComputedStyle(document.querySelector('header.verdict')).paddingTop"


class _Jenkins(SimpleHTTPRequestHandler):
    policy = ""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", self.policy)
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def external(folder: Path) -> Outcome:
    """A report whose style stands beside it."""
    return replay(folder / "external", "--no-self-contained-html")


@pytest.fixture(params=JENKINS)
def jenkins(request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    """The URL under which the reports stand."""
    handler = type("Jenkins", (_Jenkins,), {"policy": JENKINS[request.param]})
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def padding(chromium: Browser, url: str) -> str:
    """What the page's style says of its first part."""
    chromium.driver.get(url)
    return str(chromium.run(STYLED))


def test_jenkins_shows_the_report_with_its_style(
    chromium: Browser,
    jenkins: str,
    external: Outcome,  # noqa: ARG001 - it is served
    replayed: Outcome,
) -> None:
    """The same as the page that holds its style itself, which Jenkins shows bare."""
    right = padding(chromium, replayed.page.as_uri())
    assert right != "0px"
    assert padding(chromium, f"{jenkins}/external/report.html") == right
    assert padding(chromium, f"{jenkins}/replayed/report.html") == "0px"


def test_nothing_that_needs_scripts_is_offered_there(chromium: Browser, jenkins: str, external: Outcome) -> None:  # noqa: ARG001
    chromium.driver.get(f"{jenkins}/external/report.html")
    assert chromium.is_visible("#requirements")
    assert not chromium.is_visible(".needs-scripts")
    assert not chromium.is_visible("#search")
    assert "No test has more to say" in chromium.text("#tests")


def test_it_opens_as_a_file_as_well(chromium: Browser, external: Outcome, replayed: Outcome) -> None:
    assert padding(chromium, external.page.as_uri()) == padding(chromium, replayed.page.as_uri())


def test_no_style_is_left_in_the_page(external: Outcome) -> None:
    assert "<style" not in external.html
    assert " style=" not in external.html
    assert (external.page.parent / "assets" / "style.css").is_file()


def test_a_refused_run_has_its_style_beside_it_too(tmp_path: Path) -> None:
    refused = replay(tmp_path / "refused", "--no-self-contained-html", "--target=sandbox")
    assert refused.exit_code == 4, refused.output
    assert "<style" not in refused.html
    assert ".verdict{" in (refused.page.parent / "assets" / "style.css").read_text(encoding="utf-8")


def test_a_style_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "told").mkdir()
    (tmp_path / "told" / "assets").write_text("a file", encoding="utf-8")
    told = replay(tmp_path / "told", "--no-self-contained-html")
    assert told.exit_code == 4, told.output
    assert "assets/style.css cannot be written" in told.output
