"""Twelve accounts, each against a stand-in of its own: some are well, some are broken, each in another way."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from selftests.support.project import NO_HYPOTHESIS, ROOT
from standin.cases.bending import body, on, put, status
from standin.model.behaviour import Behaviour
from standin.model.world import Modifier, World
from standin.server.running import Procore, serve

_SECONDS = 300
WELL = ("austin", "berlin", "boston", "calgary", "dublin", "houston", "oslo")


def worlds() -> dict[str, World]:
    """The accounts by name, in the order of the page, each with an app of its own. *oslo* has an advisory."""
    odd: dict[str, tuple[Modifier, ...]] = {
        "denver": (on("projects", put("*.id", "7")),),
        "madrid": (on("me", status(404)),),
        "oslo": (on("projects", put("*.time_zone", "Mars/Phobos")),),
        "paris": (on("token", status(401), body({"error": "invalid_client"}), ok=None),),
    }
    names = sorted({*WELL, *odd, "dallas", "zurich"})
    return {
        name: World(modifiers=odd.get(name, ()), behaviour=Behaviour(app_installed=name != "dallas"), seed=number)
        for number, name in enumerate(names)
    }


@dataclass(frozen=True)
class Fleet:
    """The folder with ``.env.NAME`` of each account, and the stand-ins behind them. *zurich* lacks its secret."""

    folder: Path
    standins: Mapping[str, Procore]

    @property
    def environment(self) -> dict[str, str]:
        """An environment whose one setting of ours is of no account: profiles have the last word."""
        kept = {k: v for k, v in os.environ.items() if not k.upper().startswith(("PROCORE_", "GITHUB_", "PYTEST_"))}
        kept = {k: v for k, v in kept.items() if k.upper() not in {"HTTPS_PROXY", "HTTP_PROXY"}}
        return {**kept, **NO_HYPOTHESIS, "PYTHONPATH": str(ROOT), "PROCORE_COMPANY_ID": "9999999"}


@contextmanager
def fleet(folder: Path, accounts: Mapping[str, World]) -> Iterator[Fleet]:
    """Serve all accounts until the block ends, their profiles in ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        standins = {name: stack.enter_context(serve(world)) for name, world in accounts.items()}
        for name, procore in standins.items():
            lines = [
                f"{variable}={value}"
                for variable, value in procore.direct.items()
                if (name, variable) != ("zurich", "PROCORE_CLIENT_SECRET")
            ]
            path = folder / f".env.{name}"
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")
            path.chmod(0o600)
        yield Fleet(folder, standins)


def run(at: Fleet, *arguments: str) -> tuple[int, str]:
    """Exit code and output of ``python -m quickstart fleet`` in the folder of the profiles."""
    done = subprocess.run(
        [sys.executable, "-m", "quickstart", "fleet", *arguments],
        cwd=at.folder,
        env=at.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=_SECONDS,
        check=False,
    )
    return done.returncode, done.stdout
