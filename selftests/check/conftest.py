"""Each report once, for the tests of the page."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from selftests.support.browser import chromium  # noqa: F401 - a fixture
from selftests.support.processes import python
from selftests.support.project import ROOT

HERE = ROOT / "selftests" / "check"
SOME = ("--only=all-well", "--only=pages", "--only=not-installed", "--only=dropped")
HOSTILE = (
    "import os, requests\n"
    "requests.get('https://sandbox.procore.com/rest/<script>ran=1</script>/<img src=x onerror=ran=1>',"
    " headers={'Authorization': 'Bearer x'})\n"
    "requests.post('https://login-sandbox.procore.com/oauth/token',"
    " data={'grant_type': '<script>ran=1</script>', 'scope': 'javascript:ran=1'})\n"
    "raise SystemExit('<script>ran=1</script>')\n"
)


def page(folder: Path, *command: str, scenarios: tuple[str, ...] = SOME) -> Path:
    """The HTML report of a check."""
    path = folder / "check.html"
    _, output = python("standin", "check", f"--html={path}", *scenarios, "--", *command, environment=os.environ)
    assert path.is_file(), output
    return path


@pytest.fixture(scope="session")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the good client."""
    return page(tmp_path_factory.mktemp("good"), sys.executable, str(HERE / "good_client.py"))


@pytest.fixture(scope="session")
def careless(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the careless client."""
    return page(tmp_path_factory.mktemp("careless"), sys.executable, str(HERE / "careless_client.py"))


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a client whose every word is markup."""
    return page(tmp_path_factory.mktemp("hostile"), sys.executable, "-c", HOSTILE, "<script>ran=1</script>")
