"""All walks that the page rests on: each way of each client, and its best one where Procore is another version."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from selftests.clients.proof import differences
from selftests.clients.table import Client, Table, Way
from selftests.clients.walking import TODAY, TOMORROW, walk
from standin.model.behaviour import Behaviour
from standin.model.dialects import DIALECTS, PROCORE, Dialect


@dataclass(frozen=True)
class Trial:
    """One walk: who, how, and where; ``way`` has what is expected."""

    title: str
    client: Client
    way: Way
    dialect: Dialect = PROCORE
    behaviour: Behaviour = TODAY

    def wrong(self, folder: Path) -> list[str]:
        """Walk in an empty folder; return where that is not what the table says, a sentence each."""
        walked = walk(self.client, self.way, folder, self.dialect, self.behaviour)
        return differences(self.client, self.way, walked)


def trials(table: Table) -> Iterator[Trial]:
    """Yield all walks, one client after the other."""
    for client in table.clients:
        for way in client.ways:
            if way.unwalked is None:
                yield Trial(" ".join(filter(None, (client.name, way.reach, way.runtime))), client, way)
        best = client.best
        for dialect in DIALECTS.values():
            if dialect is not PROCORE:
                yield Trial(f"{client.name}, dialect {dialect.name}", client, best, dialect)
        refused = replace(best, broken={**best.broken, **client.tomorrow})
        yield Trial(f"{client.name}, header required", client, refused, behaviour=TOMORROW)
