"""What was recorded from the real Doorkeeper 5.5.0, and what must be true before each recorded request.

``doorkeeper-5.5.0.json`` and ``doorkeeper.md`` are copies of the collected facts. Their codes and tokens were made by a
set-up that was not recorded, so the state that a case needs is told here, as data.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TABLE = Path(__file__).with_name("doorkeeper.md")
RECORD = Path(__file__).with_name("doorkeeper-5.5.0.json")


@dataclass(frozen=True)
class Case:
    """One recorded request and its answer."""

    name: str
    request: dict[str, Any]
    status: int
    headers: dict[str, str]
    body: Any

    @property
    def number(self) -> str:
        return self.name.split()[0]


@dataclass(frozen=True)
class Given:
    """The state of the one secret that a request shows for the first time.

    ``kind`` is what it is: ``code``, ``access``, ``refresh``, or ``own`` (an access token of client credentials).
    ``age`` is in seconds. ``partner_of`` names the case whose token it is the other half of. ``again`` applies age and
    revocation to a secret that was shown before.
    """

    kind: str = ""
    age: int = 0
    used: bool = False
    revoked: bool = False
    partner_of: str = ""
    again: bool = False


GIVEN = {
    "3.01": Given("code", used=True),
    "3.03": Given("code", age=601),
    "3.04": Given("code", age=590),
    "5.04": Given("own"),
    "5.07": Given("access", partner_of="5.06"),
    "5.20": Given("access"),
    "5.23": Given("refresh", age=5401),
    "6.02": Given(age=1000, again=True),
    "6.03": Given("own"),
    "6.06": Given(age=5000, again=True),
    "6.07": Given("access", revoked=True),
    "6.10": Given("refresh"),
    "7.03": Given("refresh", partner_of="7.01"),
    "7.15": Given("refresh"),
    "7.16": Given("access", partner_of="7.15"),
    "7.21": Given("access", age=5401),
    "7.22": Given("refresh", partner_of="7.21"),
    "7.27": Given("own"),
    "7.28": Given("refresh", age=5401),
    "8.03": Given("own"),
    "8.08": Given("access", age=5401),
    "8.09": Given("access", revoked=True),
    "8.10": Given(age=5401, again=True),
    "8.19": Given("refresh"),
    "8.20": Given("code"),
}

DIFFERENCES = {
    "8.02": "the record's server knew three keys of a company, Procore has more (facts/procore-api.md 7)",
}


def cases() -> list[Case]:
    """Every recorded case that is one request and one answer (5.26 and section 11 are summaries of many)."""
    recorded = json.loads(RECORD.read_text())
    return [
        Case(each["case"], each["request"], each["status"], each["headers"], each["body"])
        for each in recorded
        if each.get("status")
    ]


def column(version: str) -> dict[str, str]:
    """One column of the table in doorkeeper.md, by case name. Our words for a list replace its beginning."""
    rows = [line.strip("| ").split(" | ") for line in TABLE.read_text().splitlines() if line.startswith("| ")]
    heading = [cell.strip() for cell in rows[0]]
    place = heading.index(version)
    return {row[0].strip(): _plain(row[place]) for row in rows[1:] if len(row) == len(heading)}


def _plain(cell: str) -> str:
    return "200 a list" if cell.startswith("200 [") else cell.strip()
