"""Makes a history of thirty nights with the stand-in, and its pictures: ``python -m selftests.report.nights [FOLDER]``.

Every night is a live run of the suite against a stand-in, some of which are broken. Only their dates are made: a night
is put on the day on which it would have been. The last run is of today, and has the report with the history in it.
"""

from __future__ import annotations

import json
import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from quickstart.history import store
from quickstart.history.record import of_verdict
from selftests.report.pictures import IMAGES
from selftests.support.browser import PHONE, Browser, browser
from selftests.support.reports import Outcome, live
from standin.cases.faults import FAULTS
from standin.cases.variations import VARIATIONS
from standin.model.world import World

NIGHTS = 30
_CASES = {case.id: case for case in (*FAULTS, *VARIATIONS)}
# What was wrong on which night: an app that was not installed, a flaky answer, a slow night, and what is still broken.
PLAN = {
    6: "projects-app-not-installed",
    11: "projects-one-inactive",
    12: "projects-one-inactive",
    17: "travel-slow",
    19: "projects-one-inactive",
    26: "token-expires-in-string",
    27: "token-expires-in-string",
    28: "token-expires-in-string",
    29: "token-expires-in-string",
}


def world(night: int) -> World:
    """The stand-in of one night."""
    return _CASES[PLAN[night]].world() if night in PLAN else World()


def made(folder: Path, nights: int = NIGHTS) -> Outcome:
    """Run all nights; the last one's report has the history."""
    history, verdict = folder / "history.jsonl", folder / "verdict.json"
    for number in range(nights - 1):
        live(folder / "night", world(number), f"--verdict-json={verdict}", disruptive=False)
        document = json.loads(verdict.read_text(encoding="utf-8"))
        store.append(history, of_verdict(_put_back(document, nights - 1 - number)))
    shown = (f"--history={history}", f"--since={verdict}", "--drift")
    return live(folder / "report", world(nights - 1), *shown, disruptive=False)


def _put_back(document: dict[str, Any], days: int) -> dict[str, Any]:
    """The verdict as of so many days ago."""
    moved = {
        name: (datetime.fromisoformat(document[name]) - timedelta(days=days)).isoformat()
        for name in ("started", "ended")
    }
    return {**document, **moved}


def pictures(chromium: Browser, page: Path) -> None:
    """Save the section with the history, at desktop and at phone width, light and dark."""
    for name, size, scheme in (
        ("desktop", (1200, 1500), "light"),
        ("dark", (1200, 1500), "dark"),
        ("phone", (PHONE[0], 1900), "light"),
    ):
        chromium.cdp("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        chromium.open(page, "#history", size=size)
        chromium.picture(IMAGES / f"history-{name}.png")


def main() -> None:
    """Make the nights, here or in a folder that is kept, and take the pictures."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(sys.argv[1]).absolute() if len(sys.argv) > 1 else Path(name)
        page = made(folder).page
        with browser(Path(name, "profile")) as chromium:
            pictures(chromium, page)
        print(f"{page}: {page.stat().st_size:,} bytes; {folder / 'history.jsonl'}")


if __name__ == "__main__":
    main()
