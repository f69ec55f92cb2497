"""``python -m quickstart authorize`` and ``python -m quickstart status``.

Exit codes: 0 done, 1 Procore refused or could not be reached, 4 not usable (arguments, settings, cache).
"""

import argparse
import io
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from quickstart.credentials import authorize, companies, status, surroundings
from quickstart.credentials.settings import (
    SettingsError,
    load_application,
    notes,
    problems,
)
from quickstart.credentials.sources import env_file
from quickstart.credentials.token_cache import CacheError
from quickstart.exchange.targets import TARGETS
from quickstart.secrecy.redaction import Redactor
from quickstart.secrecy.vocabulary import Vocabulary

DONE, REFUSED, UNUSABLE = 0, 1, 4


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """One sentence, and the exit code that means "not usable"."""
        self.exit(UNUSABLE, f"{self.prog}: {message}\n")


def _parser() -> _Parser:
    parser = _Parser(prog="python -m quickstart", description="Credentials of the Procore quick start suite.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=_Parser)
    one = commands.add_parser("authorize", help="guide steps 5 and 6: get a code in the browser, cache its tokens")
    one.add_argument("--target", choices=list(TARGETS), default="sandbox", help="the environment (default: sandbox)")
    one.add_argument("--no-browser", action="store_true", help="print the URL only")
    one.add_argument(
        "code", nargs="?", metavar="CODE", help="the code, or the URL with it; others can see it in the process list"
    )
    two = commands.add_parser("status", help="which credentials are set, which tokens are cached; shows no secret")
    for command in (one, two):
        command.add_argument("--profile", metavar="NAME", help="read the settings from .env.NAME instead of .env")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a console of Windows has not every letter that a path may have
            stream.reconfigure(errors="backslashreplace")
    options = _parser().parse_args(arguments)
    redactor = Redactor(Vocabulary(Path(__file__).parent))
    try:
        file = env_file(Path.cwd(), options.profile)
        if options.command == "status":
            print("\n".join(status.lines(file, redactor)))
            return UNUSABLE if problems(file) else DONE
        return _authorize(options, file, redactor)
    except (SettingsError, CacheError) as error:
        print(redactor.shown(str(error)), file=sys.stderr)
        return UNUSABLE
    except authorize.AuthorizeError as error:
        print(redactor.shown(str(error)), file=sys.stderr)
        return REFUSED
    except (KeyboardInterrupt, EOFError):
        print("\nInterrupted; nothing was changed.", file=sys.stderr)
        return UNUSABLE


def _authorize(options: argparse.Namespace, file: Path, redactor: Redactor) -> int:
    surroundings.refuse_broken()
    application = load_application(file)
    for name, secret in application.secrets().items():
        redactor.learn(name.replace("_", "-"), secret)
    for note in notes(file):
        print(f"note: {redactor.text(note)}", file=sys.stderr)
    at = authorize.desk(application, options.target, redactor)
    text = options.code or authorize.ask(at, browser=not options.no_browser)
    code = authorize.code_from(text, at)
    redactor.learn("authorization-code", code)
    pair = authorize.exchange(at, code)
    redactor.learn("access-token", pair.access_token)
    print(authorize.summary(at, pair), *companies.lines(at, pair, redactor), sep="\n")
    return DONE


if __name__ == "__main__":
    sys.exit(main())
