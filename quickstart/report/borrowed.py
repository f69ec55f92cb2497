"""The reports that pytest-html and pytest's junitxml make: written as a whole, when we say so, and again if need be."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from _pytest.junitxml import LogXML, bin_xml_escape
from pytest_html.basereport import BaseReport
from pytest_html.report import Report

from quickstart.judgement.ending import FINISHED, Ending
from quickstart.report import files, html

_OURS = "procore-quick-start"  # the test case that JUnit shows where the run has no end of its own


Write = Callable[[pytest.Session, Ending], None]


class Borrowed:
    """Takes the writing of both out of pytest's hands, where one that fails would keep the other from being written.

    ``writers`` write the reports that were asked for, by option; each raises files.FileError where it cannot.
    """

    def __init__(self, config: pytest.Config) -> None:
        self.writers: list[tuple[str, Write]] = []
        for hook in config.hook.pytest_sessionfinish.get_hookimpls():
            found = next((one for one in _MAKERS if isinstance(hook.plugin, one[0])), None)
            if found is not None:
                _, option, maker = found
                self.writers.append((option, maker(hook.plugin, hook.function)))
                setattr(hook, "function", _nothing)  # noqa: B010 - final for type checkers alone


def _nothing(*_: object) -> None:
    """What pytest calls in place of what we call ourselves."""


def _html(report: Any, finish: Callable[..., object]) -> Write:
    def put(text: str) -> None:
        _put_style(report)
        files.write("--html", report._report_path, text)

    def write(session: pytest.Session, _: Ending) -> None:
        report._write_report = put
        for part in report._report.additional_summary.values():
            part.clear()  # of an earlier attempt
        finish(session)

    return write


def _put_style(report: Any) -> None:
    """Put our style where pytest-html has put its own, if the page is not to hold it."""
    if isinstance(report, Report):
        files.write("--html", report._css_path, html.sheet(html.users_styles(report._config)))


def _junit(report: Any, finish: Callable[..., object]) -> Write:
    def write(_: pytest.Session, end: Ending) -> None:
        _tell(report, end)
        path = report.logfile
        with tempfile.TemporaryDirectory(prefix="junit-") as folder:
            try:
                report.logfile = str(Path(folder, "report.xml"))
                finish()
                text = Path(report.logfile).read_text(encoding="utf-8")
            except OSError as error:
                files.remove(Path(path))
                raise files.FileError(f"--junitxml={path} cannot be written ({error.strerror}).") from None
            finally:
                report.logfile = path
        files.write("--junitxml", Path(path), text)

    return write


def _tell(report: Any, end: Ending) -> None:
    """Let JUnit be red where the run has no end of its own: who reads it alone must not take it for all."""
    name = f"{_OURS}: {end.kind}"
    if end.kind != FINISHED and not any(one == name for one, _ in report.node_reporters):
        case = report.node_reporter(name)
        case.attrs.update(classname=_OURS, name=end.kind)
        case._add_simple("error", bin_xml_escape(end.sentence), end.sentence)


_MAKERS: tuple[tuple[type, str, Callable[[Any, Callable[..., object]], Write]], ...] = (
    (BaseReport, "--html", _html),
    (LogXML, "--junitxml", _junit),
)
