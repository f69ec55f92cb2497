"""Renders the report as HTML: templates with every value escaped, style and scripts inside, no network."""

import base64
import hashlib
import os
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import pytest_html
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from quickstart.judgement.verdict import (
    ADVISORY,
    COULD_NOT_TEST,
    CRASHED,
    NOT_ASKED_FOR,
    NOT_RUN,
    SATISFIED,
    VIOLATED,
    WAIVED,
)
from quickstart.report import crash, words
from quickstart.report.again import again
from quickstart.report.content import Content
from quickstart.report.exchanges import MANY, meant
from quickstart.report.path import IMPLIED, NOT_DONE, NOT_KNOWN, NOT_NEEDED
from quickstart.report.times import times

_TEMPLATES = Path(__file__).parent / "templates"
VERSION = pytest_html.__version__
_APP_JS = Path(pytest_html.__file__).parent / "resources" / "app.js"
_KINDS = (VIOLATED, ADVISORY, WAIVED, COULD_NOT_TEST, SATISFIED, NOT_ASKED_FOR, NOT_RUN)  # a chip each
_OPEN = (CRASHED, VIOLATED, ADVISORY, WAIVED)  # parts with one of these are open at first
NAMES = {
    **words.NAMES,
    IMPLIED: "implied",
    NOT_KNOWN: "cannot be known",
    NOT_DONE: "not done",
    NOT_NEEDED: "not needed",
}
SIGNS = {
    SATISFIED: "✓",
    ADVISORY: "!",
    VIOLATED: "✕",
    WAIVED: "~",
    COULD_NOT_TEST: "?",
    CRASHED: "‼",
    NOT_ASKED_FOR: "–",
    NOT_RUN: "–",
    IMPLIED: "✓",
    NOT_KNOWN: "?",
    NOT_DONE: "✕",
    NOT_NEEDED: "✓",
    "conformant": "✓",
    "not-conformant": "✕",
    "no-verdict": "?",
}
# pytest knows neither advisories nor waivers: they are expected failures there.
_OUTCOMES = {"xfailed": "Advisories and waived (XFailed)"}


def report(content: Content) -> str:
    """Return our part of the page."""
    shown = {one["name"] for one in content.ended.exchanges}

    def rerun(requirement: str) -> str:
        return again(content.ended.command, [requirement])

    return (
        _environment()
        .get_template("report.html.jinja")
        .render(
            content=content,
            names=NAMES,
            signs=SIGNS,
            # a chip for what should never be stands there only where it is
            kinds=((CRASHED,) if content.counts.get(CRASHED) else ()) + _KINDS,
            opened=_OPEN,
            shown=shown,
            again=rerun,
            about=meant,
            many=MANY,
            drawn=times(content.page.shown),
            versions=crash.versions(),
            told=crash.TOLD,
        )
    )


def page(styles: str = "", environment: Mapping[str, str] | None = None) -> Template:
    """Return the template that takes what pytest-html gives to its own; ``styles`` are the user's, from ``--css``."""
    app_js, report_js = _APP_JS.read_text(encoding="utf-8"), _read("report.js")
    return _environment().get_template(
        "page.html.jinja",
        globals={
            "css": sheet(styles),
            "app_js": app_js,
            "app_js_hash": _hash(app_js),
            "report_js": report_js,
            "report_js_hash": _hash(report_js),
            "environment": list((environment or {}).items()),
            "outcome_names": _OUTCOMES,
        },
    )


def users_styles(config: pytest.Config) -> str:
    """Return the text of the style sheets that the user adds (``--css``)."""
    paths = [Path(os.path.expandvars(name)).expanduser() for name in config.getoption("css")]
    return "".join(path.read_text(encoding="utf-8") for path in paths)


def sheet(styles: str = "") -> str:
    """Return the style sheet of the page; ``styles`` are the user's."""
    return _tight(_read("report.css")) + styles


def _tight(css: str) -> str:
    """Return our style sheet without what only those read who write it."""
    short = re.sub(r"\s+", " ", re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL))
    return re.sub(r"(?<=[a-z]): ", ":", re.sub(r" *([{};]) *", r"\1", short))


def _read(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")


def _hash(script: str) -> str:
    """Return what the page's Content-Security-Policy knows a script by: no other one runs."""
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True
    )
    environment.filters.update(cut=cut, plain=plain, source_name=source_name)
    environment.tests["https"] = is_https
    return environment


def cut(text: Any, length: int) -> str:
    """Return at most ``length`` characters, and say so."""
    text = str(text)
    return text if len(text) <= length else f"{text[:length]}… (cut: {len(text):,} characters)"


def plain(text: Any) -> str:
    """Return ``text`` escaped for the content of an element, where quotation marks need none; never for an attribute.

    Templates mark it as safe right there: ``|plain|safe``.
    """
    return str(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def is_https(url: str) -> bool:
    """Whether ``url`` may be a link; ``javascript:`` and all else may not."""
    return url.startswith("https://")


def source_name(url: str) -> str:
    """Return a short name of a source: *RFC 6749 §5.1*, *quick-start-guide*."""
    parts = urlsplit(url)
    last = parts.path.rstrip("/").rpartition("/")[2]
    if last.startswith("rfc"):
        section = parts.fragment.removeprefix("section-")
        return f"RFC {last.removeprefix('rfc')}" + (f" §{section}" if section else "")
    return last or parts.netloc
