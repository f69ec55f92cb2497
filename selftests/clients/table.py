"""The clients and what is expected of each: clients.toml as data, with the versions that the locks hold."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
STEPS = (
    "authorize",
    "exchange",
    "companies",
    "projects",
    "me",
    "refresh",
    "client credentials",
    "HTTP Basic",
    "revoke",
)
"""In the order in which they are walked; *HTTP Basic* is client credentials with id and secret in that header."""


@dataclass(frozen=True)
class Reason:
    """Why something does not work. ``says`` and ``note`` are patterns of what client and stand-in say of it.

    ``real`` is whether it fails with the real Procore too.
    """

    id: str
    text: str
    evidence: str
    real: bool
    says: str = ""
    note: str = ""


@dataclass(frozen=True)
class Way:
    """A way to reach the stand-in, and what is expected there: what fails, or why all does, or why nobody tries.

    ``spared`` are the steps that work although the others are stopped.
    """

    reach: str
    runtime: str = ""
    broken: Mapping[str, Reason] = field(default_factory=dict)
    stopped: Reason | None = None
    spared: frozenset[str] = frozenset()
    unwalked: Reason | None = None


@dataclass(frozen=True)
class Client:
    """One client. ``walk`` is a script of walks/ with its arguments; ``agent`` begins how its requests call themselves.

    ``pinned`` is False for Debian's, whose version is the one that was tried. ``tomorrow`` are the steps that fail
    where Procore refuses calls that name no company in a header.
    """

    name: str
    language: str
    package: str
    version: str
    pinned: bool
    walk: tuple[str, ...]
    agent: str
    absent: frozenset[str]
    ways: tuple[Way, ...]
    tomorrow: Mapping[str, Reason] = field(default_factory=dict)

    @property
    def best(self) -> Way:
        """The first way in which most of it works."""
        return next(way for way in self.ways if not (way.unwalked or way.stopped))

    def why_not(self, way: Way, step: str) -> Reason | None:
        """Why a step is expected to fail that way; None where it works."""
        return None if step in way.spared else way.stopped or way.broken.get(step)


@dataclass(frozen=True)
class Table:
    """All clients, and all reasons by their id."""

    clients: tuple[Client, ...]
    reasons: Mapping[str, Reason]

    @property
    def walks(self) -> tuple[tuple[Client, Way], ...]:
        """Each client with each way that is walked."""
        return tuple((client, way) for client in self.clients for way in client.ways if way.unwalked is None)


def load(path: Path = HERE / "clients.toml") -> Table:
    """Return the table; KeyError or TypeError where it names what there is not."""
    read = tomllib.loads(path.read_text(encoding="utf-8"))
    reasons = {name: Reason(name, **members) for name, members in read["reasons"].items()}
    return Table(tuple(_client(one, reasons) for one in read["client"]), reasons)


def _client(members: dict[str, Any], reasons: Mapping[str, Reason]) -> Client:
    package, lock = members.pop("package"), members.pop("lock")
    unknown = {*members.get("absent", ())} - {*STEPS}
    if unknown:
        raise KeyError(f"{members['name']}: there is no step {', '.join(sorted(unknown))}")
    return Client(
        name=members.pop("name"),
        language=members.pop("language"),
        package=package,
        version=_version(package, lock, members),
        pinned=lock != "Debian",
        walk=tuple(members.pop("walk")),
        agent=members.pop("agent"),
        absent=frozenset(members.pop("absent", ())),
        ways=tuple(_way(one, reasons) for one in members.pop("ways")),
        tomorrow=_broken(members.pop("tomorrow", {}), reasons),
        **members,
    )


def _way(members: dict[str, Any], reasons: Mapping[str, Reason]) -> Way:
    stopped, unwalked = (reasons[members.pop(key)] if key in members else None for key in ("stopped", "unwalked"))
    broken = _broken(members.pop("broken", {}), reasons)
    spared = frozenset(members.pop("spared", ()))
    if unknown := spared - {*STEPS}:
        raise KeyError(f"there is no step {', '.join(sorted(unknown))}")
    return Way(broken=broken, spared=spared, stopped=stopped, unwalked=unwalked, **members)


def _broken(named: Mapping[str, str], reasons: Mapping[str, Reason]) -> dict[str, Reason]:
    if unknown := {*named} - {*STEPS}:
        raise KeyError(f"there is no step {', '.join(sorted(unknown))}")
    return {step: reasons[name] for step, name in named.items()}


def _version(package: str, lock: str, members: dict[str, Any]) -> str:
    if lock == "Debian":
        return str(members.pop("version"))
    text = (HERE / lock).read_text(encoding="utf-8")
    if lock.endswith(".json"):
        return str(json.loads(text)["packages"][f"node_modules/{package}"]["version"])
    found = re.search(rf"^{re.escape(package)}==([^ ]+)", text, re.MULTILINE)
    if not found:
        raise KeyError(f"{package} is not in {lock}")
    return found[1]
