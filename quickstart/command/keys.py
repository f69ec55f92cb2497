"""``authorize`` and ``status``: the user's credentials and the tokens that came of them."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from quickstart import MACHINERY
from quickstart.command.ends import DONE, REFUSED, UNUSABLE
from quickstart.credentials import status, surroundings
from quickstart.credentials.settings import SettingsError, load_application, notes, problems
from quickstart.credentials.sources import env_file
from quickstart.credentials.token_cache import CacheError
from quickstart.secrecy.redaction import Redactor
from quickstart.secrecy.vocabulary import Vocabulary


def authorize(options: argparse.Namespace) -> int:
    """Get a code, exchange it, and keep its tokens."""
    return _guarded(options, _authorize)


def show_status(options: argparse.Namespace) -> int:
    """Print what is set and cached."""
    return _guarded(options, _status)


def _guarded(options: argparse.Namespace, act: Callable[[argparse.Namespace, Path, Redactor], int]) -> int:
    redactor = Redactor(Vocabulary(MACHINERY))
    try:
        return act(options, env_file(Path.cwd(), options.profile), redactor)
    except (SettingsError, CacheError) as error:
        print(redactor.shown(str(error)), file=sys.stderr)
        return UNUSABLE
    except (KeyboardInterrupt, EOFError):
        print("\nInterrupted; nothing was changed.", file=sys.stderr)
        return UNUSABLE


def _status(_: argparse.Namespace, file: Path, redactor: Redactor) -> int:
    print("\n".join(status.lines(file, redactor)))
    return UNUSABLE if problems(file) else DONE


def _authorize(options: argparse.Namespace, file: Path, redactor: Redactor) -> int:
    from quickstart.credentials import authorize as authorizing  # a browser, a listener: `status` does without

    try:
        return _exchanged(options, file, redactor)
    except authorizing.AuthorizeError as error:
        print(redactor.shown(str(error)), file=sys.stderr)
        return REFUSED


def _exchanged(options: argparse.Namespace, file: Path, redactor: Redactor) -> int:
    from quickstart.credentials import authorize as authorizing
    from quickstart.credentials import companies

    surroundings.refuse_broken()
    application = load_application(file)
    for name, secret in application.secrets().items():
        redactor.learn(name.replace("_", "-"), secret)
    for note in notes(file):
        print(f"note: {redactor.text(note)}", file=sys.stderr)
    at = authorizing.desk(application, options.target, redactor)
    text = options.code or authorizing.ask(at, browser=not options.no_browser)
    code = authorizing.code_from(text, at)
    redactor.learn("authorization-code", code)
    pair = authorizing.exchange(at, code)
    redactor.learn("access-token", pair.access_token)
    print(authorizing.summary(at, pair), *companies.lines(at, pair, redactor), sep="\n")
    return DONE
