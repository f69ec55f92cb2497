"""Tests that let slip what they know wherever a test can; ``test_nothing_leaks`` runs them and searches what is left.

Not collected by itself: its name is given on the command line.
"""

from __future__ import annotations

import base64
import json
import logging
import os
import sys
import warnings
from typing import NoReturn
from urllib.parse import quote

import pytest

from quickstart.run.run import Run

SETTINGS = ("CLIENT_ID", "CLIENT_SECRET", "AUTHORIZATION_CODE", "REFRESH_TOKEN")
CONFIGURED = [os.environ[f"PROCORE_{name}"] for name in SETTINGS if os.environ.get(f"PROCORE_{name}")]
if CONFIGURED:
    warnings.warn(" ".join(CONFIGURED), stacklevel=1)
LOG = logging.getLogger("leaky")


def forms(secret: str) -> list[str]:
    """The ways in which a program may write a secret."""
    encoded = base64.b64encode(f"{secret}".encode()).decode()
    return [secret, quote(secret, safe=""), encoded, json.dumps(secret), repr(secret), f"Bearer {secret}"]


@pytest.fixture
def known(run: Run) -> list[str]:
    """All secrets of the run."""
    pair = run.pair()
    return [form for secret in [*CONFIGURED, pair.access_token, pair.refresh_token or ""] for form in forms(secret)]


@pytest.mark.parametrize("secret", CONFIGURED, ids=CONFIGURED)
def test_id_and_assertion(secret: str) -> None:
    assert secret == secret[::-1]


def test_comparison(known: list[str]) -> None:
    assert known == [*known[1:], "x"]


def test_exception(known: list[str]) -> NoReturn:
    try:
        raise KeyError(known[0])
    except KeyError as error:
        raise RuntimeError(" ".join(known)) from error


def test_skip(known: list[str]) -> None:
    pytest.skip(" ".join(known))


def test_expected_failure(known: list[str]) -> None:
    pytest.xfail(" ".join(known))


def test_warning(known: list[str]) -> None:
    warnings.warn(" ".join(known), stacklevel=1)


def test_output_and_log(known: list[str], record_property: pytest.FixtureRequest) -> None:
    for secret in known:
        print(secret)
        print(secret, file=sys.stderr)
        LOG.warning("as argument %s", secret)
        LOG.debug("as text " + secret)
        record_property("seen", secret)  # type: ignore[operator]
    try:
        raise ValueError(known[1])
    except ValueError:
        LOG.exception("with a traceback")
    assert not known


@pytest.fixture
def breaking(known: list[str]) -> NoReturn:
    """A fixture whose set-up fails."""
    raise OSError(known)


def test_setup(breaking: None) -> None:
    """Never runs."""
