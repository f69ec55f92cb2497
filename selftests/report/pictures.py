"""Takes the pictures of README into docs/images: ``python -m selftests.report.pictures`` (needs install.sh).

All of them are of the stand-in, and say so: no picture here may look like a statement about Procore.
"""

import tempfile
from pathlib import Path

from selftests.support import fleets, worlds
from selftests.support.browser import PHONE, browser
from selftests.support.project import ROOT
from selftests.support.reports import live, replay
from standin.model.world import World

IMAGES = ROOT / "docs" / "images"
_DESKTOP = (1200, 1180)


def main() -> None:
    """Make the reports, and save what a reader sees first of each at desktop and at phone width."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pages = {
            "conformant": live(folder / "conformant", World()).page,
            "broken": live(folder / "broken", worlds.step_4_skipped()).page,
            "stand-in": replay(folder / "stand-in").page,
        }
        with browser(folder / "profile") as chromium:
            for kind, page in pages.items():
                for width, size in (("desktop", _DESKTOP), ("phone", PHONE)):
                    chromium.open(page, size=size)
                    chromium.picture(IMAGES / f"report-{kind}-{width}.png")
            with fleets.fleet(folder / "fleet", fleets.worlds()) as at:
                fleets.run(at, "--profiles", ".", "--", "-q")
            for width, size in (("desktop", _DESKTOP), ("phone", PHONE)):
                chromium.open(folder / "fleet" / "fleet" / "fleet.html", size=size)
                chromium.picture(IMAGES / f"fleet-{width}.png")


if __name__ == "__main__":
    main()
