"""Writes the parts of README.md that derive from the project itself: ``python -m selftests.documents``."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

from quickstart.judgement import catalogue

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"


def requirements() -> str:
    """Return the table of requirements, by step of the guide."""
    entries = catalogue.load(ROOT / "tests" / "catalogue.toml").values()
    rows = ["| step | requirement | level | promise |", "|---|---|---|---|"]
    rows += [f"| {one.step} | `{one.id}` | {one.level} | [{one.sentence}]({one.source}) |" for one in entries]
    return "\n".join(rows)


PARTS: dict[str, Callable[[], str]] = {"requirements": requirements}


def filled(text: str) -> str:
    """Return README's ``text`` with each part between ``<!-- name -->`` and ``<!-- /name -->`` made anew."""
    for name, make in PARTS.items():
        pattern = re.compile(rf"(<!-- {name} -->\n).*?(\n<!-- /{name} -->)", re.DOTALL)
        text, count = pattern.subn(lambda match, make=make: match[1] + make() + match[2], text)  # type: ignore[misc]
        if count != 1:
            sys.exit(f"README.md must hold <!-- {name} --> and <!-- /{name} --> once.")
    return text


if __name__ == "__main__":
    README.write_text(filled(README.read_text(encoding="utf-8")), encoding="utf-8")
