"""The line that runs some requirements of a run once more, and nothing else of it."""

import os
import shlex
from collections.abc import Callable, Iterable

import pytest

from quickstart.exchange.targets import REPLAY

OPTION = "--requirement"
_KEPT = ("profile", "companies", "fail_on", "waivers")  # options with a value that decide what a run finds
_SAID = ("exhaustive", "disruptive", "yes_production")  # and those without


def command(config: pytest.Config, clean: Callable[[str], str]) -> str:
    """Return the command line of this run as far as it decides what is found, without what selects.

    ``clean`` takes what the user wrote, and returns it without secrets.
    """
    words = ["procore-quickstart run" if config.getoption("folder") else "pytest"]
    if config.getoption("target") != REPLAY:
        words.append(f"--target={config.getoption('target')}")
    for name in _KEPT:
        value, usual = config.getoption(name), "must" if name == "fail_on" else None
        if value is not None and value != usual:
            words.append(_quoted(f"--{name.replace('_', '-')}={value if name == 'fail_on' else clean(value)}"))
    words += [f"--{name.replace('_', '-')}" for name in _SAID if config.getoption(name)]
    return " ".join(words)


def again(command: str, requirements: Iterable[str]) -> str:
    """Return the line that judges just these once more."""
    return " ".join([command, *(f"{OPTION}={name}" for name in requirements)])


def _quoted(word: str) -> str:
    if os.name != "nt":
        return shlex.quote(word)
    return f'"{word}"' if " " in word else word
