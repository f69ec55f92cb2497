"""The hooks of pytest-html: our report above its table of tests, and columns for requirement and step."""

import html as escaping
import re
from collections.abc import Callable
from typing import Any

import pytest

from quickstart.report import html
from quickstart.report.content import Ended, content
from quickstart.report.words import ADVISORY_MARK, WAIVED_MARK
from quickstart.upstream import page

_LOG = 20_000  # characters of one test's log
_HALF_ENTITY = re.compile(r"&[^;&]{0,6}$")


def _expected(report: pytest.TestReport) -> str:
    """Return what an expected failure is: pytest knows neither advisories nor waivers."""
    reason = str(getattr(report, "wasxfail", ""))
    return "waived" if reason.startswith(WAIVED_MARK) else "advisory" if reason.startswith(ADVISORY_MARK) else ""


def _says_more(report: pytest.TestReport) -> bool:
    """Whether the row of a test has something that its requirement has not: what it printed, or what was expected."""
    return bool(report.sections) or bool(_expected(report))


class HtmlReport:
    """Fills pytest-html's report. ``ended`` returns what the run leaves, once it ends."""

    def __init__(self, config: pytest.Config, ended: Callable[[int], Ended]) -> None:
        self._config = config
        self._ended = ended

    @pytest.hookimpl(optionalhook=True)
    def pytest_html_report_title(self, report: Any) -> None:
        """Name the page, put our template in place, and take the environment, which pytest-html shows unescaped."""
        report.title = "Procore quick start: conformance report"
        found = report.data["environment"]
        environment = {name: escaping.unescape(str(found[name])) for name in ("Python", "Platform") if name in found}
        report.set_data("environment", {})
        styles = html.users_styles(self._config)
        for plugin in self._config.pluginmanager.get_plugins():
            if isinstance(plugin, page.BaseReport):
                page.use_template(plugin, html.page(styles, environment))

    @pytest.hookimpl(optionalhook=True)
    def pytest_html_results_summary(self, prefix: list[str], session: pytest.Session) -> None:
        """Put our report first."""
        prefix.insert(0, html.report(content(self._ended(int(session.exitstatus)))))

    @pytest.hookimpl(optionalhook=True)
    def pytest_html_results_table_header(self, cells: list[str]) -> None:
        """Declare result, requirement, step, test and time."""
        columns = {
            "result": "Result",
            "requirement": "Requirement",
            "step": "Step",
            "testId": "Test",
            "duration": "Time",
        }
        cells[:] = [
            f'<th scope="col" class="sortable" data-column-type="{key}">{title}</th>' for key, title in columns.items()
        ]

    @pytest.hookimpl(optionalhook=True)
    def pytest_html_results_table_row(self, report: pytest.TestReport, cells: list[str]) -> None:
        """Fill the columns. The test's id is escaped here: pytest-html does not (its issue 1024)."""
        given = dict(getattr(report, "user_properties", []))
        if "requirement" in given and report.outcome in {"passed", "skipped"} and not _says_more(report):
            cells.clear()  # its requirement stands above, with all that is to be said of it
            return
        requirement, step = (escaping.escape(str(given.get(name, ""))) for name in ("requirement", "step"))
        link = f'<a href="#{requirement}">{requirement}</a>' if requirement else "–"
        when = f"::{report.when}" if report.when not in {"call", "collect"} else ""
        cells[:] = [
            # its text is what pytest-html filters by, so the word stands beside it
            cells[0].replace("<td ", f'<td data-word="{_expected(report)}" ', 1),
            # pytest-html opens a row at a click into any cell but one of links
            f'<td class="col-requirement col-links">{link}</td>',
            f'<td class="col-step">{step or "–"}</td>',
            f'<td class="col-testId">{escaping.escape(report.nodeid + when)}</td>',
            cells[2],
        ]

    @pytest.hookimpl(optionalhook=True)
    def pytest_html_results_table_html(self, data: list[str]) -> None:
        """Cut what one test printed, and say so."""
        text = "\n".join(data)
        if len(text) > _LOG:
            data[:] = [f"{_HALF_ENTITY.sub('', text[:_LOG])}\n… (cut: {len(text):,} characters)"]
