"""Runs of the suite whose reports the self-tests and the pictures are made of, each in a process of its own."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from selftests.support.processes import python
from selftests.support.project import NO_HYPOTHESIS, ROOT
from standin.model.world import World
from standin.server.running import serve


@dataclass(frozen=True)
class Outcome:
    """What a run left: the page, its text, the exit code and what stood on the terminal."""

    page: Path
    exit_code: int
    output: str

    @property
    def html(self) -> str:
        """The page as text."""
        return self.page.read_text(encoding="utf-8")


def replay(folder: Path, *arguments: str, root: Path = ROOT, variables: Mapping[str, str] | None = None) -> Outcome:
    """Run the suite in ``root`` on its recordings; the report is ``folder/report.html``."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PROCORE_", "PYTEST_", "GITHUB_")) and name.lower() not in {"https_proxy", "http_proxy"}
    }
    return _run(folder, arguments, root, {**kept, **(variables or {})})


def live(folder: Path, world: World, *arguments: str, root: Path = ROOT, disruptive: bool = True) -> Outcome:
    """Run the suite live against a stand-in that serves ``world``, and ask for what is disruptive or not."""
    with serve(world) as procore:
        environment = {name: value for name, value in procore.environment.items() if not name.startswith("GITHUB_")}
        asked = ("--target=sandbox", *(["--disruptive"] if disruptive else []))
        return _run(folder, (*asked, *arguments), root, environment)


def run_in(environment: Mapping[str, str], folder: Path) -> Outcome:
    """Run the suite live in the environment of a stand-in that is there already, as a nightly run does."""
    kept = {name: value for name, value in environment.items() if not name.startswith("GITHUB_")}
    return _run(folder, ("--target=sandbox",), ROOT, kept)


def _run(folder: Path, arguments: tuple[str, ...], root: Path, environment: Mapping[str, str]) -> Outcome:
    folder.mkdir(parents=True, exist_ok=True)
    page = folder / "report.html"
    command = ("pytest", "-q", "-p", "no:cacheprovider", f"--html={page}", *arguments)
    code, output = python(*command, environment={**environment, **NO_HYPOTHESIS}, folder=root)
    return Outcome(page, code, output)
