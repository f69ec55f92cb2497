"""Takes the pictures of README: ``python -m selftests.report.pictures`` (needs chromium, and pillow to make them small)."""

import tempfile
from dataclasses import replace
from pathlib import Path

from selftests.report.browser import Browser, browser
from selftests.report.runs import ROOT, live, replay
from standin.behaviour import Behaviour
from standin.bending import on, put
from standin.world import World

IMAGES = ROOT / "docs" / "images"
_DESKTOP, _PHONE = (1200, 1160), (390, 844)


def main() -> None:
    """Make the reports, look at each at desktop and at phone width, and save what is seen."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pages = {
            "stand-in": replay(folder / "stand-in").page,
            "conformant": _as_if_from_the_sandbox(folder / "conformant"),
            "broken": live(folder / "broken", broken_world()).page,
        }
        with browser(folder / "profile") as chromium:
            for kind, page in pages.items():
                _take(chromium, page, kind)


if __name__ == "__main__":
    main()
