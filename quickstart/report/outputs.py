"""All outputs of a run, in an order in which none says more than is known: the verdict, which says all, is last."""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from quickstart.judgement.ending import Ending
from quickstart.report import files, html
from quickstart.report.badge import badge
from quickstart.report.borrowed import Borrowed
from quickstart.report.content import Content
from quickstart.report.drift import NOTHING
from quickstart.report.markdown import markdown

Step: TypeAlias = Callable[[], None]
Named: TypeAlias = tuple[str, Step]  # by the option that asked for it
# The option that names each file, by pytest's name of it.
OPTIONS = {
    "htmlpath": "--html",
    "xmlpath": "--junitxml",
    "summary_md": "--summary-md",
    "badge": "--badge",
    "drift_json": "--drift-json",
    "verdict_json": "--verdict-json",
}

STYLE = Path("assets", "style.css")  # beside the page, as pytest-html puts it


def path_of(config: pytest.Config, name: str) -> Path | None:
    """Return the file that an option names, if it was given."""
    given = config.getoption(name, None)
    if not given:
        return None
    expands = name in {"htmlpath", "xmlpath"}  # as pytest and pytest-html do
    return Path(os.path.expandvars(given)).expanduser() if expands else Path(given)


def style_sheet(config: pytest.Config) -> Path | None:
    """Return the file for the style of the page, where the page is not to hold it itself: where pytest-html has it."""
    page = path_of(config, "htmlpath")
    return None if page is None or config.getoption("self_contained_html") else page.parent / STYLE


def write_style(config: pytest.Config) -> None:
    """Put the style of the page beside it, if it is not in it.

    Raises:
        files.FileError: it cannot be written.
    """
    path = style_sheet(config)
    if path is not None:
        files.write("--html", path, html.sheet(html.users_styles(config)))


def remove_old(config: pytest.Config) -> None:
    """Remove the reports of an earlier run: should this one be killed, nobody must take them for its own."""
    for name in OPTIONS:
        path = path_of(config, name)
        if path is not None:
            files.remove(path)


def refuse_unusable(config: pytest.Config) -> list[str]:
    """Take back what pytest-html would die of before the run begins; return a sentence on each.

    Raises:
        pytest.UsageError: a style sheet is missing.
    """
    page = path_of(config, "htmlpath")
    if page is None:
        return []
    missing = [name for name in config.getoption("css") if not Path(os.path.expandvars(name)).expanduser().is_file()]
    if missing:
        raise pytest.UsageError(f"--css={missing[0]} is not there: name a style sheet that is.")
    try:
        page.parent.mkdir(parents=True, exist_ok=True)
        write_style(config)
    except files.FileError as error:
        config.option.htmlpath = None
        return [str(error)]
    except OSError as error:
        config.option.htmlpath = None
        return [f"--html={page} cannot be written ({error.strerror})."]
    return []


class Outputs:
    """What was asked for. ``made`` returns the report, ``document`` the verdict, ``end`` how the run ended, as of now.

    A step raises files.FileError where its file cannot be written.
    """

    def __init__(
        self,
        config: pytest.Config,
        *,
        made: Callable[[], Content],
        document: Callable[[], Mapping[str, Any]],
        end: Callable[[], Ending],
    ) -> None:
        self._config = config
        self._borrowed = Borrowed(config)
        self._made = made
        self._document = document
        self._end = end

    def reports(self, session: pytest.Session) -> Iterator[Named]:
        """Yield what writes each report, with its name; they may be written again."""
        for name, write in self._borrowed.writers:
            yield name, lambda write=write: write(session, self._end())  # type: ignore[misc]
        yield "--summary-md", lambda: self._put("summary_md", lambda: markdown(self._made()))
        yield "--badge", lambda: self._put("badge", lambda: badge(self._made()))
        yield "--drift-json", lambda: self._put("drift_json", lambda: _drift(self._made()))

    def summary(self) -> Iterator[Named]:
        """Yield what adds to the summary of a workflow: once, since what stands there belongs to others, too."""
        if os.environ.get(files.SUMMARY_VARIABLE):
            yield files.SUMMARY_VARIABLE, lambda: files.append_summary(os.environ, markdown(self._made()))

    def verdict(self) -> Iterator[Named]:
        """Yield what writes the verdict, which knows what became of all the others."""
        yield "--verdict-json", lambda: self._put("verdict_json", lambda: as_json(self._document()))

    def _put(self, name: str, text: Callable[[], str]) -> None:
        path = path_of(self._config, name)
        if path is not None:
            files.write(OPTIONS[name], path, text())


def _drift(made: Content) -> str:
    """Return what a run found of drift; one that compared nothing says so."""
    return as_json((made.ended.drift or NOTHING).as_plain())


def as_json(document: Mapping[str, Any]) -> str:
    """Return the verdict as the text of its file."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
