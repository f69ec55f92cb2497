"""The report as files: JSON for programs, HTML for people. Whole or not at all."""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from standin.check.results import Check, Result

VERSION = 1
"""Of the JSON report: another number when a member changes its meaning."""


def write(check: Check, *, json_to: Path | None, html_to: Path | None) -> None:
    """Write what was asked for. Raises OSError."""
    if json_to is not None:
        _put(json_to, json.dumps(as_data(check), indent=2, ensure_ascii=False) + "\n")
    if html_to is not None:
        # Only who wants HTML waits for its templates.
        from standin.check.html import page

        _put(html_to, page(check))


def as_data(check: Check) -> dict[str, Any]:
    """The report as plain data. The output of the command is not in it: it may hold anything."""
    return {
        "version": VERSION,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": check.command,
        "verdict": check.verdict,
        "interrupted": check.interrupted,
        "sentence": check.sentence,
        "counts": check.counts,
        "scenarios": [_scenario(result) for result in check.results],
        "rules": {seen.rule.id: {**asdict(seen.rule), "scenarios": list(seen.scenarios)} for seen in check.seen},
    }


def _scenario(result: Result) -> dict[str, Any]:
    scenario, ended = result.scenario, result.ended
    return {
        "id": scenario.id,
        "title": scenario.title,
        "happens": scenario.happens,
        "expected": scenario.expected,
        "outcome": result.outcome,
        "sentence": result.sentence,
        "fault": result.fault,
        "exit_code": ended.code if ended else None,
        "seconds": round(ended.seconds, 3) if ended else None,
        "requests": result.requests,
        "findings": [
            {"rule": one.rule.id, "kind": one.rule.kind, "times": one.times, "sights": one.sights}
            for one in result.findings
        ],
        "notes": list(result.notes),
        "exchanges": [asdict(line) for line in result.lines],
    }


def _put(path: Path, text: str) -> None:
    """Replace the file as a whole, readable as any new file is."""
    handle, name = tempfile.mkstemp(dir=path.absolute().parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).chmod(0o666 & ~_umask())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
