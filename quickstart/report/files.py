"""Writes verdict, Markdown and badge: where the user asked for them, and into a GitHub workflow's summary by itself."""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from quickstart.report.badge import badge
from quickstart.report.content import Content
from quickstart.report.markdown import markdown

SUMMARY_VARIABLE = "GITHUB_STEP_SUMMARY"


class FileError(Exception):
    """A report cannot be written; the message names the option and the file."""


def write(
    content: Content,
    verdict: Mapping[str, Any] | None,
    *,
    verdict_json: str | None,
    summary_md: str | None,
    badge_file: str | None,
    variables: Mapping[str, str],
) -> None:
    """Write what was asked for; ``verdict`` is the document of a run that judged, ``variables`` the environment.

    Raises:
        FileError: a file cannot be written.
    """
    if verdict_json and verdict:
        _replace("--verdict-json", Path(verdict_json), json.dumps(verdict, indent=2, ensure_ascii=False) + "\n")
    summary = markdown(content)
    if summary_md:
        _replace("--summary-md", Path(summary_md), summary)
    if badge_file:
        _replace("--badge", Path(badge_file), badge(content))
    if variables.get(SUMMARY_VARIABLE):
        _append(Path(variables[SUMMARY_VARIABLE]), summary)


def _replace(option: str, path: Path, text: str) -> None:
    """Write a file as a whole, or not at all."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        with suppress(OSError):
            beside.unlink()
        raise FileError(f"{option}={path} cannot be written ({error.strerror}).") from None


def _append(path: Path, text: str) -> None:
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise FileError(f"{SUMMARY_VARIABLE}={path} cannot be written ({error.strerror}).") from None
