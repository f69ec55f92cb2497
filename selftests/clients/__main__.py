"""``python -m selftests.clients``: walks every client, and writes docs/clients.md if each does what the table says."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from selftests.clients import tools
from selftests.clients.page import PAGE, page
from selftests.clients.table import load
from selftests.clients.trials import Trial, trials
from selftests.clients.walking import PROJECTS
from selftests.support.project import ROOT


def _wrong(trial: Trial) -> list[str]:
    missing = tools.missing(trial.client, trial.way)
    if missing:
        return [missing]
    with tempfile.TemporaryDirectory(prefix="walk-") as folder:
        try:
            return trial.wrong(Path(folder))
        except AssertionError as problem:
            return [str(problem)]


def main() -> int:
    """Walk, say how it went, write; returns 1 if something is not as the table says, and writes nothing then."""
    table = load()
    count = bad = 0
    for trial in trials(table):
        wrong = _wrong(trial)
        count, bad = count + 1, bad + bool(wrong)
        print(f"{trial.title}: {'; '.join(wrong) or 'as the table says'}", flush=True)
    if bad:
        print(f"{bad} of {count} walks are not as selftests/clients/clients.toml says: nothing was written")
        return 1
    PAGE.write_text(page(table, PROJECTS), encoding="utf-8")
    print(f"{count} walks; written: {PAGE.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
