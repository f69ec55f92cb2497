"""The suite as somebody has it who never cloned it: a wheel, installed beside nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from selftests.support.project import ROOT, bare_environment

SECONDS = 120


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package as ``pip install .`` builds it, by what is installed already: no index is asked."""
    folder = tmp_path_factory.mktemp("wheel")
    line = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(line, cwd=ROOT, check=True, capture_output=True, timeout=SECONDS)
    (found,) = folder.glob("*.whl")
    return found


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the wheel was installed into, alone."""
    folder = tmp_path_factory.mktemp("site")
    line = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", f"--target={folder}"]
    subprocess.run([*line, str(wheel)], check=True, capture_output=True, timeout=SECONDS)
    return folder


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """An empty folder to work in."""
    folder = tmp_path / "empty"
    folder.mkdir()
    return folder


Quickstart = Callable[..., tuple[int, str]]


@pytest.fixture
def quickstart(installed: Path, elsewhere: Path) -> Quickstart:
    """What runs the installed command in the empty folder, and returns exit code and output."""

    def run(*arguments: str, **variables: str) -> tuple[int, str]:
        path = os.pathsep.join([str(installed / "bin"), os.environ["PATH"]])
        ours = {"PATH": path, "PYTHONPATH": str(installed), "COLUMNS": "300"}
        environment = {**bare_environment(elsewhere.parent), **ours, **variables}
        done = subprocess.run(
            [sys.executable, str(installed / "bin" / "procore-quickstart"), *arguments],
            cwd=elsewhere,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        return done.returncode, done.stdout

    return run
