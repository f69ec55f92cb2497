"""Renders the report as HTML: templates with every value escaped, style and scripts inside, no network."""

import base64
import hashlib
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from quickstart import __version__
from quickstart.history import changes, nights
from quickstart.history.changes import Comparison
from quickstart.history.nights import Nights
from quickstart.judgement.ending import NOT_USABLE
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
from quickstart.report import chart, crash, words
from quickstart.report.again import again
from quickstart.report.content import Content
from quickstart.report.exchanges import MANY, meant
from quickstart.report.origin import day
from quickstart.report.path import IMPLIED, NOT_DONE, NOT_KNOWN, NOT_NEEDED
from quickstart.report.times import times
from quickstart.upstream.page import APP_JS

_TEMPLATES = Path(__file__).parent / "templates"
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
    NOT_USABLE: "?",
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
            history=history_section(content.ended.nights) if content.ended.nights else "",
            changes=changes_section(content.ended.changes) if content.ended.changes else "",
        )
    )


def page(styles: str = "", environment: Mapping[str, str] | None = None) -> Template:
    """Return the template that takes what pytest-html gives to its own; ``styles`` are the user's, from ``--css``."""
    report_js, app_js = _lines(_read("report.js")), APP_JS.read_text(encoding="utf-8") + _lines(_read("tests.js"))
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


@dataclass(frozen=True)
class Bare:
    """A page of its own: ``verdict`` is a key of SIGNS, ``links`` are names and where they lead."""

    title: str
    verdict: str
    word: str
    whose: str
    lead: str
    links: Sequence[tuple[str, str]] = ()


def bare(page: Bare, *sections: str) -> str:
    """Return a page without scripts that holds these sections, which are HTML already."""
    return (
        _environment()
        .get_template("bare.html.jinja")
        .render(
            title=f"Procore quick start: {page.title}",
            kicker=page.title,
            css=sheet(_history_styles()),
            signs=SIGNS,
            verdict=page.verdict,
            word=page.word,
            whose=page.whose,
            lead=page.lead,
            links=page.links,
            main="\n".join(sections),
            version=__version__,
        )
    )


def history_section(known: Nights) -> str:
    """Return the last runs as a section of a page."""
    return str(_module("history.html.jinja").section(known))


def changes_section(found: Comparison) -> str:
    """Return what changed as a section of a page."""
    return str(_module("changes.html.jinja").section(found))


def accounts_section(accounts: Sequence[object]) -> str:
    """Return the accounts of a site as a section of a page; each has a ``name`` and its ``nights``."""
    return _environment().get_template("site.html.jinja").render(accounts=accounts)


def _module(name: str) -> Any:
    return _environment().get_template(name).module


def users_styles(config: pytest.Config) -> str:
    """Return the styles beside our own: of what was asked for, and of the sheets that the user adds (``--css``)."""
    paths = [Path(os.path.expandvars(name)).expanduser() for name in config.getoption("css")]
    ours = _history_styles() if any(config.getoption(name) for name in ("history", "since")) else ""
    return ours + "".join(path.read_text(encoding="utf-8") for path in paths)


def _history_styles() -> str:
    """Return the styles of what stands in a report only if it was asked for."""
    return _tight(_read("history.css"))


def sheet(styles: str = "", name: str = "report.css") -> str:
    """Return a style sheet; ``styles`` are those that come after it, such as the user's."""
    return _tight(_read(name)) + styles


def _tight(css: str) -> str:
    """Return our style sheet without what only those read who write it."""
    short = re.sub(r"\s+", " ", re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL))
    return re.sub(r"(?<=[a-z]): ", ":", re.sub(r";(?=})", "", re.sub(r" *([{};,>]) *", r"\1", short)))


def _lines(script: str) -> str:
    """Return our script without indentation and lines of comment; none of its strings goes over a line."""
    lines = (line.strip() for line in script.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


def _read(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")


def _hash(script: str) -> str:
    """Return what the page's Content-Security-Policy knows a script by: no other one runs."""
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def template(name: str) -> Template:
    """Return a template of ours, in which every value is escaped."""
    return _environment().get_template(name)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True
    )
    environment.filters.update(cut=cut, plain=plain, source_name=source_name, run_state=nights.state)
    environment.globals["chart"] = SimpleNamespace(
        ago=nights.ago,
        day=lambda when: day(when.date()),
        kinds=changes.TITLES,
        line=chart.line,
        moment=nights.moment,
        seconds=chart.seconds,
        sentence=nights.sentence,
        signs=SIGNS,
        span=chart.span,
        states=chart.STATES,
        strip=chart.strip,
        top=chart.top,
        words=chart.words,
    )
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
