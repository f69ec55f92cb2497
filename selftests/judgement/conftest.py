"""What the tests of claims share: one replay, whose answers they put others in place of."""

from __future__ import annotations

import pytest

from quickstart.run.run import Run
from selftests.support.claims import replayed


@pytest.fixture(scope="session")
def run() -> Run:
    """A run whose answers are the shipped recordings, all of them played."""
    return replayed()
