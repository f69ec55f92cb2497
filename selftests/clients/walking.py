"""One walk of one client against a stand-in of its own, and what the stand-in saw of it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from selftests.clients import tools
from selftests.clients.table import STEPS, Client, Way
from selftests.support.project import ROOT, bare_environment
from standin.http.messages import Exchange
from standin.model.behaviour import Behaviour
from standin.model.dialects import PROCORE, Dialect
from standin.model.directory import Directory, with_companies, with_projects
from standin.model.world import Realm, World
from standin.server.environment import trusting
from standin.server.running import Procore, serve

COMPANIES, PROJECTS = 120, 350  # more than one page of each, whatever size a client asks for
REDIRECT_URI = "https://localhost:3000/callback"  # nobody listens there: the walks read where they are sent
TODAY = Behaviour(logged_in=True)
"""Procore as it was seen: SDKs log in on the API hosts, and some name no company in a header."""
TOMORROW = replace(TODAY, require_company_header=True, service_account_needs_header=True)
"""Procore as it has announced to be: it refuses calls that name no company in a header."""
SECONDS = 120  # that a walk may take


@dataclass(frozen=True)
class Step:
    """What a client says of one step: ``ok`` is None where it offers nothing for it."""

    ok: bool | None
    why: str
    count: int | None = None


@dataclass(frozen=True)
class Walk:
    """All that was said and seen of a walk. ``refused`` is where the client wanted to go that is not Procore."""

    version: str
    steps: Mapping[str, Step]
    exchanges: tuple[Exchange, ...]
    refused: tuple[str, ...]
    realm: Realm


def walk(client: Client, way: Way, folder: Path, dialect: Dialect = PROCORE, behaviour: Behaviour = TODAY) -> Walk:
    """Let a client walk in an empty ``folder``; AssertionError if it does not come to its end."""
    with serve(_world(dialect, behaviour), https=0) as procore:
        environment = _environment(procore, way, folder)
        done = subprocess.run(
            tools.command(client, way),
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        said = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
        assert done.returncode == 0, f"{client.name} ended with {done.returncode}: {done.stderr[-2000:]}"
        assert said, f"{client.name} said nothing"
        steps = {one["step"]: Step(one["ok"], one["why"], one.get("count")) for one in said if "step" in one}
        assert sorted(steps) == sorted(STEPS), f"{client.name} walked {', '.join(steps)}"
        with procore.world.lock:
            exchanges = tuple(procore.world.exchanges)
        return Walk(said[0]["version"], steps, exchanges, procore.refused, procore.world.realm(procore.site))


def _world(dialect: Dialect, behaviour: Behaviour) -> World:
    def populate(known: Directory) -> Directory:
        return with_projects(with_companies(known, COMPANIES), PROJECTS)

    return World(dialect=dialect, behaviour=behaviour, populate=populate, redirect_uris=(REDIRECT_URI,))


def _environment(procore: Procore, way: Way, folder: Path) -> dict[str, str]:
    """What the stand-in gives and nothing else, but for where our modules are."""
    return {**bare_environment(folder), **_GIVEN[way.reach](procore), "PYTHONPATH": str(ROOT)}


def _over_tls(procore: Procore) -> dict[str, str]:
    secure = procore.server.secure_url
    trust = trusting(Path(procore.variables["SSL_CERT_FILE"]))
    return {**procore.direct, **trust, "PROCORE_LOGIN_URL": secure, "PROCORE_API_URL": secure}


_GIVEN: dict[str, Callable[[Procore], Mapping[str, str]]] = {
    "proxy": lambda procore: procore.variables,
    "plain": lambda procore: procore.direct,
    "tls": _over_tls,
}
