"""``python -m standin [OPTIONS] -- COMMAND...``: run a command as if Procore's sandbox were within reach."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from dataclasses import fields

from standin.cases import listing
from standin.command import arguments, output, signals
from standin.command.output import say
from standin.model.behaviour import Behaviour, Paging
from standin.model.hosts import site_named
from standin.server import environment
from standin.server.running import Procore, serve

_PATIENCE = 5.0
"""Seconds that the command gets to end after a signal."""


def _parser() -> arguments.Parser:
    text = "Run a command against a local model of Procore. Others: serve, check (each has --help)."
    parser = arguments.Parser(prog="python -m standin", description=text)
    parser.add_argument("--list-faults", action="store_true", help="print every fault and every benign variation")
    parser.add_argument("--list-rules", action="store_true", help="print what --set can bend, each with what is right")
    parser.add_argument("--print-env", action="store_true", help="print export lines and serve until interrupted")
    parser.add_argument("--log", choices=list(output.LOGS), default="none", help="a line for each request, on stderr")
    arguments.add_world(parser)
    parser.add_argument("command", nargs="*", help="after --")
    return parser


def main(given: Sequence[str]) -> int:
    """Run the command line; returns the command's exit code, or 4 if there was nothing to run."""
    parser = _parser()
    ours, command = arguments.split(given)
    options = parser.parse_args(ours)
    if options.list_faults:
        return listing.show()
    if options.list_rules:
        return _show_rules()
    if options.command:
        parser.error(f"{options.command[0]!r} is no command of the stand-in (serve, check); yours stands after --")
    if command or not options.print_env:
        why = arguments.unusable(command, "python -m standin -- pytest --target=sandbox")
        if why:
            parser.error(why)
    try:
        wanted = arguments.wanted_from(options)
        world = arguments.world_from(options, wanted)
        certificate = wanted.shown_certificate()
    except ValueError as problem:
        parser.error(str(problem))
    world.watchers += output.watcher(options.log)
    try:
        with signals.listening(), serve(world, site=site_named(options.site), certificate=certificate) as procore:
            procore.server.complain = output.complainer(options.log)
            return _print_environment(procore) if options.print_env else _run(command, procore)
    except signals.Interrupted as interrupted:
        return 128 + interrupted.number


def _run(command: Sequence[str], procore: Procore) -> int:
    """The command's exit code, in the shell's manner when a signal ended it."""
    _announce(procore)
    child: subprocess.Popen[bytes] | None = None
    try:
        with signals.held():
            child = subprocess.Popen(command, env=procore.environment)
        code = child.wait()
    except signals.Interrupted as interrupted:
        if child is not None:
            _end(child, interrupted.number)
        return 128 + interrupted.number
    if not procore.requests:
        say(
            "standin: nothing was asked of the stand-in. If the command called Procore, it went to the real hosts: "
            f"point its base URLs to {procore.url}, or have it use HTTPS_PROXY"
        )
    return code if code >= 0 else 128 - code


def _announce(procore: Procore) -> None:
    """Before the command says anything: who answers, and what of the caller's own it does not get."""
    say(
        "standin: Procore is played here, by HTTPS_PROXY; a client that ignores it goes to the real hosts: "
        f"point its base URLs to {procore.url}"
    )
    replaced = [name for name in environment.kept_away(os.environ) if os.environ[name] != procore.variables.get(name)]
    if replaced:
        say(f"standin: your own {', '.join(replaced)} {'is' if len(replaced) == 1 else 'are'} kept from the command")


def _end(child: subprocess.Popen[bytes], number: int) -> None:
    """Pass the signal on, and insist when it is not heard."""
    child.send_signal(number)
    try:
        child.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _print_environment(procore: Procore) -> int:
    try:
        print(output.exports(procore.variables), end="", flush=True)
        signals.wait()
    except signals.Interrupted:
        pass
    return 0


def _show_rules() -> int:
    for prefix, rules in (("", Behaviour()), ("paging.", Paging())):
        for each in fields(rules):
            value = getattr(rules, each.name)
            if isinstance(value, (bool, int, str, frozenset)):
                shown = ",".join(sorted(map(str, value))) if isinstance(value, frozenset) else str(value).lower()
                print(f"{prefix}{each.name}={shown}")
    return 0
