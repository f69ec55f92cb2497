"""``python -m selftests.clients``: walks every client, and writes docs/clients.md if each does what the table says."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from selftests.clients import tools
from selftests.clients.page import PAGE, page
from selftests.clients.proof import differences
from selftests.clients.table import Client, Way, load
from selftests.clients.walking import PROJECTS, walk


def _wrong(client: Client, way: Way) -> list[str]:
    missing = tools.missing(client, way)
    if missing:
        return [missing]
    with tempfile.TemporaryDirectory(prefix="walk-") as folder:
        try:
            return differences(client, way, walk(client, way, Path(folder)))
        except AssertionError as problem:
            return [str(problem)]


def main() -> int:
    """Walk, say how it went, write; returns 1 if something is not as the table says, and writes nothing then."""
    table, bad = load(), 0
    for client, way in table.walks:
        wrong = _wrong(client, way)
        bad += bool(wrong)
        title = " ".join(filter(None, (client.name, client.version, "by", way.reach, way.runtime)))
        print(f"{title}: {'; '.join(wrong) or 'as the table says'}", flush=True)
    if bad:
        print(f"{bad} of {len(table.walks)} walks are not as selftests/clients/clients.toml says: nothing was written")
        return 1
    PAGE.write_text(page(table, PROJECTS), encoding="utf-8")
    print(f"{len(table.walks)} walks, {PAGE.relative_to(Path.cwd()) if PAGE.is_relative_to(Path.cwd()) else PAGE}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
