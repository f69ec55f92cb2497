"""What every walk in Python begins with: where Procore is, who asks, and one JSON line for each step."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from typing import Any

LOGIN = os.environ.get("PROCORE_LOGIN_URL", "https://login-sandbox.procore.com")
API = os.environ.get("PROCORE_API_URL", "https://sandbox.procore.com")
CLIENT_ID = os.environ["PROCORE_CLIENT_ID"]
CLIENT_SECRET = os.environ["PROCORE_CLIENT_SECRET"]
COMPANY_ID = int(os.environ["PROCORE_COMPANY_ID"])
REDIRECT_URI = os.environ["PROCORE_REDIRECT_URI"]
COMPANY_HEADER = {"Procore-Company-Id": str(COMPANY_ID)}
TIMEOUT = 20  # seconds


class Kept(dict[str, Any]):
    """What one step leaves for the next; what is missing names the step that did not work."""

    def __missing__(self, name: str) -> Any:
        raise NotReached(f"not reached: no {name}")


class NotReached(Exception):
    """An earlier step did not give what this one needs."""


def client(name: str, version: str) -> None:
    """Say who walks."""
    print(json.dumps({"client": name, "version": version}), flush=True)


def step(name: str, take: Callable[[], int | None]) -> None:
    """Take a step and say how it went; a number that it returns is how many items it saw."""
    try:
        count = take()
    except NotReached as why:
        said: dict[str, Any] = {"ok": False, "why": str(why)}
    except Exception as problem:  # noqa: BLE001 - whatever a client raises is what it says
        said = {"ok": False, "why": f"{type(problem).__name__}: {problem}"}
    else:
        said = {"ok": True, "why": "", "count": count}
    print(json.dumps({"step": name, **said}), flush=True)


def absent(name: str) -> None:
    """Say that the client offers nothing for a step."""
    print(json.dumps({"step": name, "ok": None, "why": ""}), flush=True)


def company_among(companies: list[Any]) -> int:
    """Count the companies, ours among them."""
    assert COMPANY_ID in [one["id"] for one in companies], "our company is not listed"
    return len(companies)


def distinct(items: list[Any]) -> int:
    """Count the items, none of them twice."""
    assert len({one["id"] for one in items}) == len(items), "an item came twice"
    return len(items)
