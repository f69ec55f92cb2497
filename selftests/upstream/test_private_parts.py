"""What is private in pytest and pytest-html is used in one room, and is there in the releases that are installed."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from _pytest.junitxml import LogXML, _NodeReporter
from _pytest.terminal import TerminalReporter
from pytest_html.basereport import BaseReport
from pytest_html.report import Report

from quickstart.upstream import page
from selftests.support.project import ROOT, modules_in

ROOM = ROOT / "quickstart" / "upstream"
NAMEDTUPLES = {"_replace"}  # whose public methods begin so
USERS = [ROOT / "conftest.py", *modules_in(ROOT / "quickstart"), *modules_in(ROOT / "tests")]


def private_uses(source: str) -> Iterator[str]:
    """Yield what ``source`` uses of others that is private: modules, and attributes of what is not its own."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in {"_pytest", "pytest_html"}:
            yield str(node.module)
        elif isinstance(node, ast.Import):
            yield from (one.name for one in node.names if one.name.partition(".")[0] in {"_pytest", "pytest_html"})
        elif isinstance(node, ast.Attribute) and node.attr.startswith("_") and not node.attr.endswith("__"):
            ours = isinstance(node.value, ast.Name) and node.value.id in {"self", "cls"}
            if not ours and node.attr not in NAMEDTUPLES:
                yield ast.unparse(node)


@pytest.mark.parametrize("path", [path for path in USERS if ROOM not in path.parents], ids=lambda path: path.stem)
def test_nobody_else_uses_what_is_private(path: Path) -> None:
    assert [*private_uses(path.read_text(encoding="utf-8"))] == [], "what is private belongs into quickstart/upstream"


def test_private_uses_are_found() -> None:
    source = "import _pytest.x\nfrom pytest_html import y\nself._mine\nparts._replace()\nx.__name__\nitem._id = 1"
    assert [*private_uses(source)] == ["_pytest.x", "pytest_html", "item._id"]


@pytest.mark.parametrize(
    ("owner", "name"),
    [
        (pytest.TestReport, "_to_json"),
        (pytest.TestReport, "_from_json"),
        (pytest.Config, "cwd_relative_nodeid"),
        (LogXML, "node_reporter"),
        (_NodeReporter, "_add_simple"),
        (BaseReport, "_write_report"),
    ],
)
def test_methods_are_there(owner: Any, name: str) -> None:
    assert callable(getattr(owner, name))


@pytest.mark.parametrize(
    ("owner", "name"),
    [
        (pytest.Item, "_id"),
        (TerminalReporter, "_tw"),
        (TerminalReporter, "startpath"),
        (LogXML, "logfile"),
        (LogXML, "node_reporters"),
        (BaseReport, "_template"),
        (BaseReport, "_report"),
        (BaseReport, "_report_path"),
        (Report, "_css_path"),
    ],
)
def test_attributes_are_set(owner: Any, name: str) -> None:
    """Each is set by a class of its own or of those it comes from; what only we set would have no effect."""
    sources = "".join(inspect.getsource(one) for one in owner.__mro__ if one.__module__ not in {"builtins", "abc"})
    assert f"self.{name}" in sources


def test_a_hook_says_what_it_calls(pytestconfig: pytest.Config) -> None:
    assert all(callable(hook.function) for hook in pytestconfig.hook.pytest_sessionfinish.get_hookimpls())


def test_the_script_of_the_table_is_there() -> None:
    assert page.APP_JS.is_file()
