"""The report as one HTML page of the suite's look: every value escaped, style inside, no script, no network."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from standin.check.results import NAMES, SIGNS, WRONG, Check
from standin.check.rules import BREACH

_TEMPLATES = Path(__file__).parent / "templates"
_WORDS = {"well": "Behaves well", WRONG: "Something is wrong", "none": "Nothing can be said"}


def page(check: Check) -> str:
    """The whole page."""
    environment = Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined)
    environment.filters["source_name"] = source_name
    return environment.get_template("check.html.jinja").render(
        check=check,
        css=(_TEMPLATES / "check.css").read_text(encoding="utf-8"),
        word="Interrupted" if check.interrupted else _WORDS[check.verdict],
        names=NAMES,
        signs={**SIGNS, "none": "?"},
        breach=BREACH,
        at=datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
    )


def source_name(url: str) -> str:
    """A short name of a source: *RFC 6749 §6*, *Procore: rate-limiting*."""
    parts = urlsplit(url)
    last = parts.path.rpartition("/")[2]
    if last.startswith("rfc"):
        return f"RFC {last.removeprefix('rfc')} §{parts.fragment.removeprefix('section-')}"
    return f"Procore: {last}"
