"""Each report once, for all tests of this folder."""

from pathlib import Path

import pytest

from selftests.report import nights
from selftests.support import worlds
from selftests.support.browser import chromium  # noqa: F401 - a fixture
from selftests.support.project import copy
from selftests.support.reports import Outcome, live, replay
from standin.model.world import World


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the reports are written."""
    return tmp_path_factory.mktemp("reports")


@pytest.fixture(scope="session")
def replayed(folder: Path) -> Outcome:
    """The report of the shipped recordings."""
    files = (f"--summary-md={folder}/replayed.md", f"--badge={folder}/replayed.json", f"--junit-xml={folder}/junit.xml")
    return replay(folder / "replayed", *files)


@pytest.fixture(scope="session")
def broken_world() -> World:
    """The stand-in of ``broken``, which knows the secrets that it gave out."""
    return worlds.step_4_skipped()


@pytest.fixture(scope="session")
def broken(folder: Path, broken_world: World) -> Outcome:
    """The report of a stand-in in whose company the app is not installed."""
    files = (f"--summary-md={folder}/broken.md", f"--junit-xml={folder}/broken.xml")
    return live(folder / "broken", broken_world, *files)


@pytest.fixture(scope="session")
def waived(folder: Path) -> Outcome:
    """The report of a run with violations, waivers of some, and much that it was not asked for."""
    waivers = folder / "waivers.toml"
    waivers.write_text(worlds.WAIVERS, encoding="utf-8")
    files = (f"--summary-md={folder}/waived.md", f"--waivers={waivers}")
    return live(folder / "waived", worlds.put_up_with(), *files, disruptive=False)


@pytest.fixture(scope="session")
def hostile(folder: Path) -> Outcome:
    """The report of a stand-in whose every word is markup."""
    return live(folder / "hostile", worlds.hostile(), f"--summary-md={folder}/hostile.md")


@pytest.fixture(scope="session")
def companies(folder: Path) -> Outcome:
    """The report of a run that asked all companies, of which one is broken and one not connected."""
    return live(folder / "companies", worlds.one_company_broken(), "--companies=all")


@pytest.fixture(scope="session")
def long(folder: Path) -> Outcome:
    """The report of a stand-in with 10,000 projects, each of them wrong."""
    some = "test_projects_answers_200 or test_projects_belong_to_the_company"
    return live(folder / "long", worlds.ten_thousand_projects(), "-k", some)


@pytest.fixture(scope="session")
def historic(folder: Path) -> Outcome:
    """The report of a run after seven nights, one of which was broken, and beside an earlier one."""
    return nights.made(folder / "historic", 8)


@pytest.fixture(scope="session")
def drifted(folder: Path) -> Outcome:
    """The report of a recording that differs in shape from the one before."""
    root = copy(folder / "suite")
    return live(
        folder / "drifted", worlds.changed(), "--record-mode=rewrite", f"--summary-md={folder}/drifted.md", root=root
    )
