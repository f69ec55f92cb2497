"""The command line: which commands there are, and what each takes.

Exit codes: 0 done, 1 Procore refused or could not be reached, 4 not usable (arguments, settings, cache). ``run`` and
``smoke`` end with the exit codes of the suite, ``standin`` with that of the command it runs, ``fleet`` and ``merge``
with that of all accounts together.
"""

import argparse
import errno
import io
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from quickstart.command import programs
from quickstart.command.ends import DONE, UNUSABLE
from quickstart.exchange.targets import TARGETS

PROGRAM = "procore-quickstart"


@dataclass(frozen=True)
class Command:
    """One command: ``declare`` gives its parser its arguments, ``act`` returns the exit code."""

    help: str
    declare: Callable[[argparse.ArgumentParser], object]
    act: Callable[[argparse.Namespace], int]


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """One sentence, and the exit code that means "not usable"."""
        self.exit(UNUSABLE, f"{self.prog}: {message}\n")


def _profile(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--profile", metavar="NAME", help="read the settings from .env.NAME instead of .env")


def _target(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--target", choices=list(TARGETS), default="sandbox", help="the environment (default: sandbox)")


def _authorize(parser: argparse.ArgumentParser) -> None:
    _target(parser)
    parser.add_argument("--no-browser", action="store_true", help="print the URL only")
    parser.add_argument(
        "code", nargs="?", metavar="CODE", help="the code, or the URL with it; others can see it in the process list"
    )
    _profile(parser)


def _doctor(parser: argparse.ArgumentParser) -> None:
    _target(parser)
    _profile(parser)
    parser.add_argument("--json", action="store_true", help="as JSON")


def _requirements(parser: argparse.ArgumentParser) -> None:
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="as JSON, with sources, tests, faults and remedies")
    form.add_argument("--md", action="store_true", help="as a table in Markdown")


def _merge(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("verdicts", nargs="+", metavar="VERDICT", help="a verdict, NAME=VERDICT, or a folder of them")
    parser.add_argument("--html", type=Path, metavar="FILE", help="the page: rows accounts, columns steps")
    parser.add_argument("--json", type=Path, metavar="FILE", help="the same as data (schemas/fleet.schema.json)")


def _fleet(parser: argparse.ArgumentParser) -> None:
    _target(parser)
    parser.add_argument(
        "--profile", action="append", default=[], metavar="NAME[:TARGET]", help="an account: .env.NAME; several times"
    )
    parser.add_argument("--profiles", type=Path, metavar="FOLDER", help="all accounts of a folder: its files .env.NAME")
    parser.add_argument(
        "-n", dest="parallel", type=int, choices=range(1, 65), default=4, metavar="N", help="so many at a time (4)"
    )
    parser.add_argument("--out", type=Path, default=Path("fleet"), metavar="FOLDER", help="for all reports (fleet)")
    parser.add_argument("run", nargs="*", metavar="-- OPTION", help="options of each run, after --")


# What a command needs is imported when it is called: `run` leaves to pytest what pytest wants to import first.
def _act_authorize(options: argparse.Namespace) -> int:
    from quickstart.command import keys

    return keys.authorize(options)


def _act_status(options: argparse.Namespace) -> int:
    from quickstart.command import keys

    return keys.show_status(options)


def _act_doctor(options: argparse.Namespace) -> int:
    from quickstart.command import doctor

    return doctor.doctor(options)


def _act_requirements(options: argparse.Namespace) -> int:
    from quickstart.command import listing

    return listing.requirements(options)


def _compare(arguments: Sequence[str]) -> int:
    from quickstart.report import compare

    return compare.main(arguments)


def _history(arguments: Sequence[str]) -> int:
    from quickstart.report import site

    return site.main(arguments)


def _notify(arguments: Sequence[str]) -> int:
    from quickstart.report import notify

    return notify.main(arguments)


def _act_merge(options: argparse.Namespace) -> int:
    from quickstart.command import merge

    return merge.merge(options)


def _act_fleet(options: argparse.Namespace) -> int:
    from quickstart.command import fleet

    return fleet.fleet(options)


# What takes arguments of another program: they are handed over as they are, from the command's name on.
PASSED: Mapping[str, tuple[str, Callable[[Sequence[str]], int]]] = {
    "run": ("the whole suite: pytest with our options (run --help)", programs.run),
    "smoke": ("the shortest honest check: token, companies, projects", programs.smoke),
    "standin": ("run a command against a local model of Procore (standin --help)", programs.standin),
    "compare": ("what changed between two verdicts (compare --help)", _compare),
    "history": ("nights in a row: add verdicts to a history, make its pages (history --help)", _history),
    "notify": ("print what a chat or an issue is told of a run (notify --help)", _notify),
}
COMMANDS: Mapping[str, Command] = {
    "authorize": Command(
        "guide steps 5 and 6: get a code in the browser, cache its tokens", _authorize, _act_authorize
    ),
    "status": Command("which credentials are set, which tokens are cached; shows no secret", _profile, _act_status),
    "doctor": Command(
        "what a live run needs, each with a tick or what to do; at most five requests", _doctor, _act_doctor
    ),
    "fleet": Command("the whole suite for many accounts, and one page of them all", _fleet, _act_fleet),
    "merge": Command("one page of verdicts that were made anywhere", _merge, _act_merge),
    "requirements": Command("what is checked, and why: every requirement", _requirements, _act_requirements),
}


def _parser(program: str) -> _Parser:
    parser = _Parser(prog=program, description="Conformance and smoke tests of Procore's quick start.")
    commands: Any = parser.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=_Parser)
    for name, (words, _) in PASSED.items():
        passed = commands.add_parser(name, help=words)
        if name in {"run", "smoke"} and "_ARGCOMPLETE" in os.environ:  # a shell asks what could be typed next
            programs.declare_options(passed)
    for name, command in COMMANDS.items():
        command.declare(commands.add_parser(name, help=command.help))
    return parser


def main(arguments: Sequence[str] | None = None, program: str = PROGRAM) -> int:
    """Run the command line; return the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a console of Windows has not every letter that a path may have
            stream.reconfigure(errors="backslashreplace")
    given = sys.argv[1:] if arguments is None else [*arguments]
    try:
        Path.cwd()
    except FileNotFoundError:
        print(f"{program}: the working folder is gone: change to one that is there.", file=sys.stderr)
        return UNUSABLE
    parser = _parser(program)
    if "_ARGCOMPLETE" in os.environ:
        import argcomplete

        argcomplete.autocomplete(parser)
    if given and given[0] in PASSED:
        return PASSED[given[0]][1](given[1:])
    options = parser.parse_args(given)
    try:
        code = COMMANDS[options.command].act(options)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever reads has enough, as head(1) has; Python would complain once more while it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except KeyboardInterrupt:
        print("\nInterrupted.", file=sys.stderr)
        return UNUSABLE
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EDQUOT, errno.EIO}:
            raise
        print(f"{parser.prog}: the output cannot be written: {error.strerror}.", file=sys.stderr)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return UNUSABLE
    return code
