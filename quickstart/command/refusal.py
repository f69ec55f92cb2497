"""What pytest refuses before any hook of ours is called: that, too, leaves an annotation, a summary, reports."""

import argparse
import sys
from collections.abc import Generator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

import pytest

from quickstart import MACHINERY
from quickstart.credentials.settings import SettingsError, raw
from quickstart.credentials.sources import SECRETS, env_file
from quickstart.exchange.targets import NAMES, REPLAY
from quickstart.judgement.ending import NOT_USABLE, Ending
from quickstart.secrecy.printable import one_line
from quickstart.secrecy.redaction import Redactor
from quickstart.secrecy.vocabulary import Vocabulary

_ERROR = ": error: "  # where argparse begins to say it


class Refusals:
    """A plugin of the command's own: remembers why pytest could not read its command line, its ini or our conftest."""

    def __init__(self) -> None:
        self.reason = ""

    @pytest.hookimpl(wrapper=True)
    def pytest_cmdline_parse(self) -> Generator[None, object, object]:
        """Let what goes wrong go its way, and remember it."""
        try:
            return (yield)
        except Exception as error:
            self.reason = _sentence(error)
            raise


def _sentence(error: Exception) -> str:
    text = str(error).strip()
    if _ERROR in text:
        return one_line(text.partition(_ERROR)[2].partition("\n")[0])
    return one_line(text.partition("\n")[0]) or type(error).__name__


class _Parser(argparse.ArgumentParser):
    """Takes of a command line what it can use."""

    def error(self, message: str) -> NoReturn:
        """Have nothing to say: pytest has said it."""
        raise ValueError(message)


class _Lenient:
    """Takes the options that the suite declares to pytest, whatever is given as their values."""

    def __init__(self, parser: argparse.ArgumentParser) -> None:
        self._parser = parser

    def getgroup(self, *_: str) -> "_Lenient":
        """Return what takes the options of a group."""
        return self

    def addoption(self, *names: str, **members: Any) -> None:
        """Take one option."""
        members.pop("choices", None)
        if "action" not in members:
            members["nargs"] = "?"
        self._parser.add_argument(*names, **members)


class _Options(argparse.Namespace):
    """What was asked for, in the words of ``pytest.Config``."""

    @property
    def option(self) -> argparse.Namespace:
        """The options themselves."""
        return self

    def getoption(self, name: str, default: Any = None) -> Any:
        """Return the value of an option."""
        return getattr(self, name, default)


def _options(arguments: Sequence[str]) -> _Options:
    from quickstart.plugin import declared  # not before pytest has looked at its plugins

    parser = _Parser(add_help=False, allow_abbrev=False)
    declared.add_options(_Lenient(parser))  # type: ignore[arg-type]
    parser.add_argument("--html", dest="htmlpath", nargs="?")
    parser.add_argument("--junitxml", "--junit-xml", dest="xmlpath", nargs="?")
    parser.set_defaults(self_contained_html=True, css=[])
    found = _Options()
    try:
        parser.parse_known_args(arguments, found)
    except ValueError:
        found = _Options(target=REPLAY, self_contained_html=True, css=[])
    found.target = found.target if found.target in NAMES else REPLAY
    return found


def _redactor() -> Redactor:
    """Return a redactor that knows the secrets of the environment and of ``.env``."""
    redactor = Redactor(Vocabulary(MACHINERY))
    with suppress(SettingsError):
        for name, value in raw(env_file(Path.cwd(), None)).items():
            if name in SECRETS:
                redactor.learn(name.replace("_", "-"), value)
    return redactor


def tell(arguments: Sequence[str], reason: str) -> None:
    """Write what was asked for in ``arguments``, and tell a workflow why there was no run."""
    from quickstart.report import refused

    sys.stdout.flush()
    end = Ending(NOT_USABLE, _redactor().line(reason))  # somebody may have typed a secret
    for line in refused.write(_options(arguments), end):  # type: ignore[arg-type]
        print(line, flush=True)
