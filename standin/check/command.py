"""``python -m standin check [OPTIONS] -- COMMAND...``: how does *your* integration behave?

Runs a command, the integration test of a client of Procore's, through scenarios, each against a fresh stand-in, and
reports whether it did what it must and what the server saw that a good client does not do.

Exit codes: 0 all scenarios are well, 1 something is wrong with the integration, 2 interrupted, 3 our own failure,
4 not usable.
"""

from __future__ import annotations

import argparse
import io
import re
import secrets
import sys
import traceback
from collections.abc import Sequence
from functools import reduce
from pathlib import Path

from standin.check import files, terminal
from standin.check.process import run
from standin.check.results import Check, Result, judged, not_run
from standin.check.scenarios import ALL_WELL, BY_ID, SCENARIOS, Scenario
from standin.check.witness import Witness
from standin.command import arguments, signals
from standin.model.dialects import DIALECTS
from standin.model.hosts import SITES, site_named
from standin.model.world import OUT_OF_BAND
from standin.server.certificates import Certificate
from standin.server.running import serve

WELL, BAD, INTERRUPTED, FAILED, UNUSABLE = 0, 1, 2, 3, 4
_SECRET = re.compile(r"token|secret|passw|key|auth|credential|code", re.IGNORECASE)


class Unusable(Exception):
    """Nothing can be judged; the message says why, and what to do."""


def parser() -> argparse.ArgumentParser:
    """The options, without the command after ``--``."""
    made = arguments.Parser(
        prog="python -m standin check",
        usage="%(prog)s [OPTIONS] -- COMMAND...",
        description="Run your integration's own test through scenarios, and report how it behaves.",
        epilog="Exit codes: 0 well, 1 something is wrong with the integration, 2 interrupted, 3 we failed, 4 unusable.",
    )
    made.add_argument(
        "--only", action="append", default=[], metavar="ID", help="run this scenario alone (several: again)"
    )
    made.add_argument("--list", action="store_true", help="print all scenarios")
    made.add_argument("--timeout", type=_seconds, default=120.0, metavar="SECONDS", help="for each scenario (120)")
    made.add_argument("--site", choices=[site.name for site in SITES], default="sandbox", help="whose credentials")
    made.add_argument("--fail-on", choices=["breach", "advice"], default="breach", help="what makes the exit code 1")
    made.add_argument(
        "--direct", action="store_true", help="for a client that knows no proxy: give it base URLs on this machine"
    )
    made.add_argument("--json", type=Path, metavar="FILE", help="write the report as JSON")
    made.add_argument("--html", type=Path, metavar="FILE", help="write the report as HTML")
    made.add_argument("--dialect", choices=sorted(DIALECTS), default="procore", help="whose habits the login has")
    arguments.add_client(made)
    arguments.add_data(made)
    return made


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value <= 86_400:
        raise argparse.ArgumentTypeError(f"seconds, more than 0 and at most 86400, not {text!r}")
    return value


def main(words: Sequence[str]) -> int:
    """Run the command line after ``check``; returns the exit code."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    reader = parser()
    ours, command = arguments.split(words)
    options = reader.parse_args(ours)
    if options.list:
        terminal.show_scenarios()
        return WELL
    try:
        chosen = _usable(options, command)
        check = _run(options, command, chosen)
        terminal.show_end(check)
        files.write(check, json_to=options.json, html_to=options.html)
    except Unusable as problem:
        reader.error(str(problem))
    except OSError as problem:
        reader.error(f"{problem.filename or 'a file'}: {problem.strerror or problem}")
    except Exception:  # noqa: BLE001 - exit code 1 would blame the integration for a failure of ours
        traceback.print_exc()
        print("The check itself failed: this says nothing about the integration.", file=sys.stderr)
        return FAILED
    if check.interrupted:
        return INTERRUPTED
    return BAD if check.is_wrong else WELL


def _usable(options: argparse.Namespace, command: Sequence[str]) -> list[Scenario]:
    """The scenarios to run. Raises Unusable for what would only be found after minutes."""
    why = arguments.unusable(command, "python -m standin check -- python my_test.py")
    if why:
        raise Unusable(why)
    try:
        arguments.populate_from(options)
    except ValueError as problem:
        raise Unusable(str(problem)) from problem
    unknown = [name for name in options.only if name not in BY_ID]
    if unknown:
        raise Unusable(f"--only: there is no scenario {unknown[0]!r}; there are {', '.join(BY_ID)}")
    for path in filter(None, (options.json, options.html)):
        if path.is_dir() or not path.absolute().parent.is_dir():
            raise Unusable(f"{path} cannot be written: {'it is a' if path.is_dir() else 'there is no'} folder")
    return [one for one in SCENARIOS if not options.only or one.id in options.only]


def _run(options: argparse.Namespace, command: Sequence[str], chosen: Sequence[Scenario]) -> Check:
    """Run the scenarios one after the other, each told when it is over."""
    shown, seed = shown_command(command), secrets.randbelow(2**31)
    results: list[Result] = []
    interrupted = False
    terminal.show_begin(shown, len(chosen))
    try:
        with signals.listening():
            for number, scenario in enumerate(chosen):
                why = _why_not(results)
                terminal.show_waiting(scenario, number + 1, len(chosen))
                result = not_run(scenario, why) if why else _one(scenario, command, options, seed + number)
                terminal.show_result(result, {one.rule.id for earlier in results for one in earlier.findings})
                results.append(result)
    except signals.Interrupted:
        interrupted = True
        results += [not_run(scenario, "interrupted") for scenario in chosen[len(results) :]]
    return Check(shown, tuple(results), strict=options.fail_on == "advice", interrupted=interrupted)


def _why_not(results: Sequence[Result]) -> str:
    """Why the next scenario is not run: whoever fails where all is well tells nothing by failing elsewhere."""
    first = results[0] if results else None
    if first is not None and first.scenario.id == ALL_WELL and first.fault:
        return "the command fails where all is well, too"
    return ""


def _one(scenario: Scenario, command: Sequence[str], options: argparse.Namespace, seed: int) -> Result:
    """Run one scenario. A seed of its own: tokens that the command kept from an earlier one are then no good."""
    site = site_named(options.site)
    world = scenario.world(
        seed,
        populate=lambda known: reduce(lambda now, step: step(now), arguments.populate_from(options), known),
        dialect=DIALECTS[options.dialect],
        redirect_uris=tuple(options.redirect_uri) or (OUT_OF_BAND,),
    )
    world.realm(site).rename_application(options.client_id, options.client_secret)
    witness = Witness(world, untrusted=scenario.certificate is not Certificate.RIGHT)
    with serve(world, site=site, certificate=scenario.certificate) as procore:
        world.watchers.append(witness.hear)
        environment = {**procore.environment, **(procore.direct if options.direct else {})}
        ended = run(command, environment, options.timeout, witness.listen)
        result = judged(scenario, ended, witness, procore.refused)
    if scenario.id == ALL_WELL and not result.requests:
        terminal.show_result(result)
        raise Unusable(
            "the command sent nothing to the stand-in, so nothing can be said about it: have it use HTTPS_PROXY, or "
            "add --direct and have it read its base URLs from PROCORE_LOGIN_URL and PROCORE_API_URL"
        )
    return result


def shown_command(command: Sequence[str]) -> str:
    """The command for a report: what looks like a secret by its option's or variable's name is left out."""
    shown: list[str] = []
    for number, word in enumerate(command):
        name, equals, _ = word.partition("=")
        before = command[number - 1] if number else ""
        if equals and _SECRET.search(name):
            shown.append(f"{name}=…")
        elif before.startswith("-") and "=" not in before and _SECRET.search(before) and not word.startswith("-"):
            shown.append("…")
        else:
            shown.append(re.sub(r"//[^/@\s]+@", "//…@", word))
    return " ".join(shown)[:300]
