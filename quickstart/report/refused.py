"""The reports of a run that was refused before it began: they say so, where older ones would say something else."""

import os
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from quickstart.judgement import ending, verdict
from quickstart.judgement.ending import Ending
from quickstart.report import files, html, keeping, outputs
from quickstart.report.annotations import annotations
from quickstart.report.badge import badge
from quickstart.report.content import Content, Ended, content
from quickstart.report.drift import NOTHING
from quickstart.report.markdown import markdown
from quickstart.report.origin import Origin
from quickstart.upstream import page
from quickstart.upstream.runner import bin_xml_escape

_NOBODY = Origin(name="nobody", evidence="none: no exchange was made", procore=False, live=False)
_NO_TESTS = '{"tests": {}, "environment": {}, "renderCollapsed": ["all"], "initialSort": "result", "title": ""}'


def write(config: pytest.Config, end: Ending) -> list[str]:
    """Write all that was asked for, and return what a terminal shows: annotations, and what could not be written."""
    moment = datetime.now(UTC).replace(microsecond=0)
    target = config.getoption("target")
    code = ending.exit_code(0, None, end)
    made = content(
        Ended((), (), _NOBODY, target, 0, "", started=moment, ended=moment, exit_code=code, ending=end),
    )
    document = verdict.document(
        [],
        [],
        target=target,
        evidence=_NOBODY.evidence,
        started=moment.isoformat(),
        ended=moment.isoformat(),
        exit_code=code,
        end=end,
    )
    texts = {
        "htmlpath": _page(config, made),
        "xmlpath": _junit(end),
        "summary_md": markdown(made),
        "badge": badge(made),
        "drift_json": outputs.as_json(NOTHING.as_plain()),
        "verdict_json": outputs.as_json(document),
    }
    return [*annotations([], None, os.environ, end), *_written(config, texts), *_kept(config, document)]


def _kept(config: pytest.Config, document: Mapping[str, Any]) -> Iterator[str]:
    """Add the run to its history: a night that could not be is a night, too."""
    try:
        if config.getoption("history"):
            keeping.append(config.getoption("history"), document)
    except files.FileError as error:
        yield str(error)


def _written(config: pytest.Config, texts: dict[str, str]) -> Iterator[str]:
    """Write each file, and yield a sentence for each that cannot be."""
    with suppress(files.FileError):  # the page says it, too
        outputs.write_style(config)
    for name, text in texts.items():
        path = outputs.path_of(config, name)
        if path is not None:
            yield from _attempt(outputs.OPTIONS[name], path, text)
    try:
        files.append_summary(os.environ, texts["summary_md"])
    except files.FileError as error:
        yield str(error)


def _attempt(option: str, path: Path, text: str) -> Iterator[str]:
    try:
        files.write(option, path, text)
    except files.FileError as error:
        yield str(error)


def _page(config: pytest.Config, made: Content) -> str:
    nothing: dict[str, list[str]] = {"prefix": [html.report(made)], "summary": [], "postfix": []}
    return html.page().render(
        title="Procore quick start: conformance report",
        additional_summary=nothing,
        run_count="nothing.",
        version=page.VERSION,
        self_contained=config.getoption("self_contained_html"),
        styles=outputs.STYLE.as_posix(),
        outcomes={},
        table_head=[],
        test_data=_NO_TESTS,
    )


def _junit(end: Ending) -> str:
    suites = ElementTree.Element("testsuites", name="pytest tests")
    suite = ElementTree.SubElement(suites, "testsuite", name="pytest", tests="1", errors="1", failures="0", skipped="0")
    case = ElementTree.SubElement(suite, "testcase", classname="procore-quick-start", name=end.kind, time="0")
    ElementTree.SubElement(case, "error", message=bin_xml_escape(end.sentence))
    return '<?xml version="1.0" encoding="utf-8"?>' + ElementTree.tostring(suites, encoding="unicode")
