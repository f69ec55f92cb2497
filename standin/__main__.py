"""``python -m standin [OPTIONS] -- COMMAND...``: run a command as if Procore's sandbox were within reach.

Prints nothing on stdout but what the command prints, and passes its exit code through. Without a command: one
sentence, exit 4.
"""

from __future__ import annotations

import argparse
import shlex
import signal
import subprocess
import sys
from collections.abc import Sequence
from types import FrameType
from typing import NoReturn

from standin.cases import listing
from standin.cases.case import Case
from standin.cases.options import behaviour_from
from standin.check import command as check
from standin.model.clock import Clock
from standin.model.dialects import DIALECTS
from standin.model.hosts import SITES, site_named
from standin.model.world import World
from standin.server.certificates import Certificate
from standin.server.running import Procore, serve

UNUSABLE = 4
_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_PATIENCE = 5.0
"""Seconds that the command gets to end after a signal."""


class Interrupted(Exception):
    """A signal asked us to end."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.number = number


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """One sentence, and the exit code that means "not usable"."""
        self.exit(UNUSABLE, f"{self.prog}: {message}\n")


def _parser() -> _Parser:
    parser = _Parser(prog="python -m standin", description="Run a command against a local model of Procore.")
    parser.add_argument("--dialect", choices=sorted(DIALECTS), default="procore", help="whose habits to have")
    parser.add_argument("--site", choices=[site.name for site in SITES], default="sandbox", help="whose credentials")
    parser.add_argument(
        "--certificate", choices=[kind.value for kind in Certificate], default="right", help="which one hosts show"
    )
    parser.add_argument("--clock-offset", type=float, default=0.0, metavar="SECONDS", help="how wrong the clock is")
    parser.add_argument("--seed", type=int, default=0, help="of all ids, tokens and codes")
    parser.add_argument(
        "--set", action="append", default=[], metavar="FIELD=VALUE", help="bend one field of standin.model.behaviour"
    )
    parser.add_argument("--fault", metavar="ID", help="misbehave, or be peculiar, in just this way (--list-faults)")
    parser.add_argument("--list-faults", action="store_true", help="print every fault and every benign variation")
    parser.add_argument("--print-env", action="store_true", help="print export lines and serve until interrupted")
    parser.add_argument("command", nargs=argparse.REMAINDER, help="after --")
    return parser


def _world(options: argparse.Namespace, case: Case | None) -> World:
    if case is not None:
        return case.world(seed=options.seed)
    return World(
        dialect=DIALECTS[options.dialect],
        behaviour=behaviour_from(options.set),
        clock=Clock(options.clock_offset),
        seed=options.seed,
    )


def _interrupt(number: int, _: FrameType | None) -> None:
    # Once is enough: a second one must not cut the cleaning up short.
    for each in _SIGNALS:
        signal.signal(each, signal.SIG_IGN)
    raise Interrupted(number)


def _run(command: Sequence[str], procore: Procore) -> int:
    """The command's exit code, in the shell's manner when a signal ended it."""
    with subprocess.Popen(command, env=procore.environment) as child:
        try:
            code = child.wait()
        except Interrupted as interrupted:
            _end(child, interrupted.number)
            return 128 + interrupted.number
    return code if code >= 0 else 128 - code


def _end(child: subprocess.Popen[bytes], number: int) -> None:
    """Pass the signal on, and insist when it is not heard."""
    child.send_signal(number)
    try:
        child.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        child.kill()


def _print_environment(procore: Procore) -> int:
    try:
        for name, value in procore.variables.items():
            print(f"export {name}={shlex.quote(value)}", flush=True)
        while True:
            signal.pause()
    except Interrupted:
        return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    given = sys.argv[1:] if arguments is None else arguments
    if given[:1] == ["check"]:
        return check.main(given[1:])
    parser = _parser()
    options = parser.parse_args(given)
    command = options.command[1:] if options.command[:1] == ["--"] else options.command
    if options.list_faults:
        return listing.show()
    if not command and not options.print_env:
        parser.error("no command given: write it after --, as in: python -m standin -- pytest --target=sandbox")
    try:
        case = listing.case_named(options.fault) if options.fault else None
        world = _world(options, case)
    except ValueError as problem:
        parser.error(str(problem))
    certificate = case.certificate if case else Certificate(options.certificate)
    for number in _SIGNALS:
        signal.signal(number, _interrupt)
    try:
        with serve(world, site=site_named(options.site), certificate=certificate) as procore:
            return _print_environment(procore) if options.print_env else _run(command, procore)
    except FileNotFoundError:
        parser.error(f"there is no command {command[0]!r}")
    except Interrupted as interrupted:
        return 128 + interrupted.number


if __name__ == "__main__":
    sys.exit(main())
