"""What is private in pytest-html, and what breaks if a release takes it away."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest_html

# BaseReport: --html would show pytest-html's own page. Report: --no-self-contained-html would have pytest-html's style.
from pytest_html.basereport import BaseReport
from pytest_html.report import Report

__all__ = ["BaseReport", "Report"]

VERSION: str = pytest_html.__version__
# The script of its table of tests, whose hash our page allows: without it, tests are not listed.
APP_JS = Path(pytest_html.__file__).parent / "resources" / "app.js"


def use_template(report: Any, template: Any) -> None:
    """Let the page be made of ``template``: without it, it would be pytest-html's own."""
    report._template = template


def write_by(report: Any, put: Callable[[str], None]) -> None:
    """Let ``put`` write the page, once it is made: without it, half a page could stand where the disk is full."""
    report._write_report = put


def forget_summary(report: Any) -> None:
    """Forget what an earlier attempt put above the table of tests: without it, a page written twice has it twice."""
    for part in report._report.additional_summary.values():
        part.clear()


def path_of(report: Any) -> Path:
    """Return the file of the page."""
    path: Path = report._report_path
    return path


def style_of(report: Any) -> Path | None:
    """Return the file of the style beside the page, or ``None`` where the page holds it."""
    return report._css_path if isinstance(report, Report) else None
