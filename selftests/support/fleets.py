"""Twelve accounts, each against a stand-in of its own: some are well, some are broken, each in another way."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from selftests.support.project import NO_HYPOTHESIS, ROOT
from standin.cases.bending import body, header, on, put, status
from standin.model.behaviour import Behaviour
from standin.model.world import World
from standin.server.running import Procore, serve

WELL = ("austin", "berlin", "boston", "calgary", "dublin", "houston", "oslo")


def worlds() -> dict[str, World]:
    """The accounts by name, in the order of the page."""
    broken = {
        "dallas": World(behaviour=Behaviour(app_installed=False)),
        "denver": World(modifiers=(on("projects", put("*.id", "7")),)),
        "madrid": World(modifiers=(on("me", header("Cache-Control", "public, max-age=600")),)),
        "paris": World(modifiers=(on("token", status(401), body({"error": "invalid_client"}), ok=None),)),
    }
    return dict(sorted({**{name: World() for name in WELL}, **broken}.items())) | {"zurich": World()}


@dataclass(frozen=True)
class Fleet:
    """The folder with ``.env.NAME`` of each account, and the stand-ins behind them. *zurich* lacks its secret."""

    folder: Path
    standins: Mapping[str, Procore]

    @property
    def environment(self) -> dict[str, str]:
        """An environment without any setting of ours."""
        kept = {k: v for k, v in os.environ.items() if not k.upper().startswith(("PROCORE_", "GITHUB_", "PYTEST_"))}
        kept = {k: v for k, v in kept.items() if k.upper() not in {"HTTPS_PROXY", "HTTP_PROXY"}}
        return {**kept, **NO_HYPOTHESIS, "PYTHONPATH": str(ROOT)}


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
