"""Real clients walk the quick start against the stand-in, and do what docs/clients.md says."""

from __future__ import annotations

from pathlib import Path

import pytest

from selftests.clients import tools
from selftests.clients.page import PAGE, page
from selftests.clients.proof import differences
from selftests.clients.table import Client, Way, load
from selftests.clients.walking import PROJECTS, walk

TABLE = load()


def _title(value: Client | Way) -> str:
    return value.name if isinstance(value, Client) else " ".join(filter(None, (value.reach, value.runtime)))


@pytest.mark.posix
@pytest.mark.parametrize(("client", "way"), TABLE.walks, ids=_title)
def test_a_client_does_what_the_table_says(client: Client, way: Way, tmp_path: Path) -> None:
    if missing := tools.missing(client, way):
        pytest.skip(missing)
    assert differences(client, way, walk(client, way, tmp_path)) == []


def test_the_page_is_fresh() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(TABLE, PROJECTS), "stale: run python -m selftests.clients"


def test_every_reason_explains_something() -> None:
    used = {
        reason.id
        for client in TABLE.clients
        for way in client.ways
        for reason in (way.stopped, way.unwalked, *way.broken.values())
        if reason
    }
    assert used == TABLE.reasons.keys()


def test_a_reason_for_a_walk_says_how_it_is_known() -> None:
    walked = {reason for _, way in TABLE.walks for reason in (way.stopped, *way.broken.values()) if reason}
    assert [reason.id for reason in walked if not reason.says] == []
