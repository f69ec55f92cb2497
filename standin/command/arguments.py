"""What the commands have in common: how the stand-in is to be, and what exists in it."""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import NoReturn

from standin.cases.mixing import Populate, Wanted, populating
from standin.model.dialects import DIALECTS
from standin.model.hosts import SITES, site_named
from standin.model.world import World
from standin.server.certificates import Certificate

UNUSABLE = 4
_MOST = 200_000
_LARGEST_PAGE = 300


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence, with the exit code that means "not usable"."""

    def error(self, message: str) -> NoReturn:
        """Exit with 4."""
        self.exit(UNUSABLE, f"{self.prog}: {message}\n")


def number(smallest: int, largest: int) -> type[int]:
    """An argument that is a whole number of that range."""

    def read(text: str) -> int:
        if not text.isdecimal() or len(text) > len(str(largest)) or not smallest <= int(text) <= largest:
            raise argparse.ArgumentTypeError(f"{text[:40]!r} is no whole number from {smallest} to {largest}")
        return int(text)

    return read  # type: ignore[return-value]


def moment(text: str) -> float:
    """An argument that is a point in time: ISO 8601, with the distance from UTC. Returns seconds since 1970."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = datetime.min
    if found.tzinfo is None or not found.timestamp() >= 0:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is no time since 1970 such as 2026-11-27T12:00:00Z")
    return found.timestamp()


def split(given: Sequence[str]) -> tuple[list[str], list[str]]:
    """What is ours, and the command after ``--``."""
    # Not argparse's REMAINDER: it takes a word that stands before -- for the command.
    words = [*given, "--"]
    place = words.index("--")
    return words[:place], list(given[place + 1 :])


def unusable(command: Sequence[str], example: str) -> str:
    """Why this command cannot be run, in one sentence; empty if it can."""
    if not command:
        return f"no command given: write it after --, as in: {example}"
    return "" if shutil.which(command[0]) else f"there is no command {command[0]!r} that can be run"


def add_world(parser: argparse.ArgumentParser) -> None:
    """Add what says how the stand-in behaves, who its client is, and what exists."""
    how = parser.add_argument_group("how it behaves; all of these combine")
    how.add_argument("--dialect", choices=sorted(DIALECTS), help="whose habits to have (procore)")
    how.add_argument("--site", choices=[site.name for site in SITES], default="sandbox", help="whose credentials")
    how.add_argument("--certificate", choices=[kind.value for kind in Certificate], help="which one hosts show (right)")
    how.add_argument("--clock-offset", type=float, metavar="SECONDS", help="how wrong the clock is (0)")
    how.add_argument(
        "--clock-at", type=moment, metavar="TIME", help="let it stand still, so that recordings are the same"
    )
    how.add_argument("--seed", type=int, default=0, help="of all ids, tokens and codes")
    how.add_argument("--set", action="append", default=[], metavar="FIELD=VALUE", help="bend one rule (--list-rules)")
    how.add_argument("--fault", action="append", default=[], metavar="ID", help="misbehave like this (--list-faults)")
    how.add_argument("--logged-in", action="store_true", help="authorize gives the code at once, for scripts")
    how.add_argument("--page-size", type=number(1, _LARGEST_PAGE), metavar="N", help="of lists, if nobody asks (100)")
    add_client(parser)
    add_data(parser)


def add_client(parser: argparse.ArgumentParser) -> None:
    """Add who the client is."""
    client = parser.add_argument_group("the client that is registered")
    client.add_argument("--client-id", default="", metavar="ID")
    client.add_argument("--client-secret", default="", metavar="SECRET", help="an invented one")
    client.add_argument("--redirect-uri", action="append", default=[], metavar="URI", help="may be given several times")


def add_data(parser: argparse.ArgumentParser) -> None:
    """Add what exists."""
    what = parser.add_argument_group("what exists")
    what.add_argument("--data", type=Path, metavar="FILE", help="JSON: companies, projects, user, service_account")
    what.add_argument("--companies", type=number(1, _MOST), metavar="N", help="so many companies of the user's")
    what.add_argument("--projects", type=number(0, _MOST), metavar="N", help="so many projects in the first of them")


def populate_from(options: argparse.Namespace) -> list[Populate]:
    """What puts the data that were asked for in place of ours. Raises ValueError, in one sentence."""
    return populating(options.data, options.companies, options.projects)


def wanted_from(options: argparse.Namespace) -> Wanted:
    """How the stand-in is to be. Raises ValueError, in one sentence."""
    short = [f"paging.default_size={options.page_size}"] if options.page_size else []
    short += ["logged_in=true"] if options.logged_in else []
    return Wanted(
        faults=options.fault,
        dialect=options.dialect,
        settings=[*short, *options.set],
        clock_offset=options.clock_offset,
        clock_at=options.clock_at,
        certificate=options.certificate,
        populate=populate_from(options),
        redirect_uris=options.redirect_uri,
        seed=options.seed,
    )


def world_from(options: argparse.Namespace, wanted: Wanted) -> World:
    """A new world, where the site's client is the one asked for. Raises ValueError."""
    world = wanted.world()
    world.realm(site_named(options.site)).rename_application(options.client_id, options.client_secret)
    return world
