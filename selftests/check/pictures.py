"""Takes the pictures of README's section on ``check`` into docs/images: ``python -m selftests.check.pictures``."""

import tempfile
from pathlib import Path

from selftests.check.conftest import HERE, page
from selftests.support.browser import PHONE, browser
from selftests.support.project import ROOT

IMAGES = ROOT / "docs" / "images"
_DESKTOP = (1200, 1180)


def main() -> None:
    """Check the good and the careless client in all scenarios, and save what a reader sees first of each report."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pages = {}
        for kind in ("good", "careless"):
            (folder / kind).mkdir()
            client = (HERE / f"{kind}_client.py").relative_to(ROOT)
            pages[kind] = page(folder / kind, "python", str(client), scenarios=())
        with browser(folder / "profile") as chromium:
            for kind, path in pages.items():
                for width, size in (("desktop", _DESKTOP), ("phone", PHONE)):
                    chromium.open(path, size=size)
                    chromium.picture(IMAGES / f"check-{kind}-{width}.png")


if __name__ == "__main__":
    main()
