"""What is private in pytest, and what breaks if a release takes it away."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import _pytest.reports
import _pytest.terminal
import pytest

# Failures would begin with the traceback, and not with the four lines that a person reads.
from _pytest._code.code import ExceptionChainRepr, ExceptionRepr, ReprEntryNative, ReprTraceback

# -p no:terminal leaves nobody whose writer could be had.
from _pytest._io import TerminalWriter

# --junitxml would be written by pytest before the run has ended, and a report that cannot be written take others along.
from _pytest.junitxml import LogXML, bin_xml_escape

__all__ = [
    "ExceptionChainRepr",
    "ExceptionRepr",
    "LogXML",
    "ReprEntryNative",
    "ReprTraceback",
    "TerminalWriter",
    "bin_xml_escape",
]

# Words of pytest's own would be taken for secrets, where a secret has one in common with them.
SOURCES = (Path(_pytest.terminal.__file__), Path(_pytest.reports.__file__))


def as_plain(report: pytest.TestReport) -> dict[str, Any]:
    """Return a report as plain data: without it, a secret in a traceback could not be redacted."""
    return report._to_json()


def from_plain(plain: dict[str, Any]) -> pytest.TestReport:
    """Return the report that ``as_plain`` made the data of; breaks with it."""
    return pytest.TestReport._from_json(plain)


def rename(item: pytest.Item, nodeid: str) -> None:
    """Give a test another id: without it, a secret in a parameter would stand in its name."""
    identity: Any = item
    identity._id = type(identity._id).parse(nodeid)


def stream_of(terminal: Any) -> tuple[Any, str]:
    """Return the object, and the name of its attribute, that holds the terminal's stream: else it is not redacted."""
    return terminal._tw, "_file"


def writer_of(config: pytest.Config) -> TerminalWriter:
    """Return what writes to the terminal; where there is none to be (-p no:terminal), what writes to nobody."""
    if config.pluginmanager.get_plugin("terminalreporter") is None:
        return TerminalWriter(io.StringIO())
    return config.get_terminal_writer()


def show_paths_as_in_a_clone(config: pytest.Config) -> None:
    """Let the terminal call a test by its place among the claims: without it, by the way there from the folder."""
    setattr(config, "cwd_relative_nodeid", lambda nodeid: nodeid)  # noqa: B010 - a method for type checkers
    terminal = config.pluginmanager.get_plugin("terminalreporter")
    if terminal is not None:
        terminal.startpath = config.rootpath


def add_error(case: Any, sentence: str) -> None:
    """Add an error to a test case of junitxml: without it, JUnit would be green where a run had no end of its own."""
    case._add_simple("error", bin_xml_escape(sentence), sentence)


def take_over(hook: Any) -> Callable[..., object]:
    """Return what pytest would call, and let it call nothing: without it, reports are written before all is known."""
    function: Callable[..., object] = hook.function
    setattr(hook, "function", _nothing)  # noqa: B010 - final for type checkers alone
    return function


def _nothing(*_: object) -> None:
    """What pytest calls in place of what we call ourselves."""
