"""What is imported is declared, what is declared is locked, and what is locked names no place but PyPI."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from selftests.support.project import ROOT, modules_in

OURS = {"quickstart", "standin", "tests", "selftests", "benchmarks", "conftest"}
USED = ("conftest.py", "quickstart", "standin", "tests")  # what a user runs
DEVELOPED = ("selftests", "benchmarks")
PROOFS = "benchmarks/mutation/requirements.in"  # what the nightly job of the proofs adds
WALKS = "selftests/clients/walks"  # run with the clients, in an environment of their own
RIVALS = tuple(f"benchmarks/rivals/{name}" for name in ("schemathesis", "tavern"))  # likewise, in one each
ELSEWHERE = (WALKS, *RIVALS)
INSTALLED = ("quickstart", "standin")  # what pip install . installs
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = {
    "requirements.txt": ("requirements.in",),
    "requirements-dev.txt": ("requirements.in", "requirements-dev.in"),
    "selftests/clients/requirements.txt": ("selftests/clients/requirements.in",),
    "benchmarks/mutation/requirements.txt": ("benchmarks/mutation/requirements.in",),
    **{f"{name}/requirements.txt": (f"{name}/requirements.in",) for name in RIVALS},
}


def pins(*names: str) -> dict[str, str]:
    """The version of each package that these files of requirements pin."""
    found: dict[str, str] = {}
    for name in names:
        text = (ROOT / name).read_text(encoding="utf-8")
        for package, version in re.findall(r"^([\w.\-]+)==([\w.]+)", text, re.MULTILINE):
            found[canonicalize_name(package)] = version
    return found


def imported(*parts: str) -> set[str]:
    """The distributions, or else the modules, that these parts of the project import from outside of it."""
    known = packages_distributions()
    modules = {
        name.partition(".")[0]
        for part in parts
        for path in (modules_in(ROOT / part) if (ROOT / part).is_dir() else [ROOT / part])
        if part in ELSEWHERE or not any(path.is_relative_to(ROOT / one) for one in ELSEWHERE)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in _names(node)
    }
    strangers = modules - OURS - sys.stdlib_module_names
    return {canonicalize_name(name) for module in strangers for name in known.get(module, [module])}


def _names(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module] if isinstance(node, ast.ImportFrom) and node.module and not node.level else []


def test_what_a_user_runs_imports_only_what_is_declared() -> None:
    assert imported(*USED) - pins("requirements.in").keys() == set()


def test_self_tests_import_only_what_is_declared() -> None:
    assert imported(*DEVELOPED) - pins("requirements.in", "requirements-dev.in", PROOFS).keys() == set()


def test_the_walks_of_other_clients_import_only_what_is_declared_for_them() -> None:
    # What we have installed as well is no name of a package of theirs.
    declared = pins("selftests/clients/requirements.in").keys() | {"requests"}
    assert imported(WALKS) - declared == set()


@pytest.mark.parametrize("rival", RIVALS)
def test_the_inputs_of_a_rival_import_only_what_is_declared_for_it(rival: str) -> None:
    # What a rival itself depends on and its users import, too.
    assert imported(rival) - pins(f"{rival}/requirements.in").keys() - {"requests"} == set()


def test_what_is_installed_depends_on_all_that_it_imports() -> None:
    declared = {canonicalize_name(Requirement(one).name) for one in PROJECT["project"]["dependencies"]}
    assert imported(*INSTALLED) - declared == set()


def test_the_ranges_hold_the_pinned_versions() -> None:
    pinned = pins("requirements.in")
    ranges = [Requirement(one) for one in PROJECT["project"]["dependencies"]]
    assert [str(one) for one in ranges if pinned[canonicalize_name(one.name)] not in one.specifier] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_each_pin(lock: str) -> None:
    stale = pins(*LOCKS[lock]).items() - pins(lock).items()
    assert stale == set(), f"compile {lock} anew: the command is its second line"


def test_both_locks_hold_the_same_versions() -> None:
    assert pins("requirements.txt").items() <= pins("requirements-dev.txt").items()


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_hashes_and_no_other_index(lock: str) -> None:
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    text = [line.strip(" \\") for line in lines if line.strip() and not line.startswith("#")]
    after = [(one, other) for one, other in zip(text, [*text[1:], ""], strict=True) if not one.startswith("--hash=")]
    assert [
        one for one, other in after if "==" not in one or not re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", other)
    ] == []
    assert [one for one in lines if "://" in one or "/" in one.partition("#")[0]] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_says_how_it_is_made(lock: str) -> None:
    """The command stands in the lock, in what it is made from, and in CONTRIBUTING."""
    command = (ROOT / lock).read_text(encoding="utf-8").splitlines()[1].removeprefix("#").strip()
    assert command.startswith("uv pip compile ")
    for name in (LOCKS[lock][-1], "CONTRIBUTING.md"):
        assert command in (ROOT / name).read_text(encoding="utf-8"), name
