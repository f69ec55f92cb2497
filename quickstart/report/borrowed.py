"""The reports that pytest-html and pytest's junitxml make: written as a whole, when we say so, and again if need be."""

import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from quickstart.judgement.ending import FINISHED, Ending
from quickstart.report import files, html
from quickstart.upstream import page, runner

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
                self.writers.append((option, maker(hook.plugin, runner.take_over(hook))))


def _html(report: Any, finish: Callable[..., object]) -> Write:
    def put(config: pytest.Config, text: str) -> None:
        style = page.style_of(report)
        if style is not None:  # where pytest-html has put its own
            files.write("--html", style, html.sheet(html.users_styles(config)))
        files.write("--html", page.path_of(report), text)

    def write(session: pytest.Session, _: Ending) -> None:
        page.write_by(report, partial(put, session.config))
        page.forget_summary(report)
        finish(session)

    return write


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
        runner.add_error(case, end.sentence)


_MAKERS: tuple[tuple[type, str, Callable[[Any, Callable[..., object]], Write]], ...] = (
    (page.BaseReport, "--html", _html),
    (runner.LogXML, "--junitxml", _junit),
)
