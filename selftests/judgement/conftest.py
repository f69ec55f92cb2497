"""What the tests of claims share: one replay, whose answers they put others in place of."""

from __future__ import annotations

import pytest

from quickstart.run.run import Run
from selftests.support.claims import claims, replayed, says


@pytest.fixture(scope="session")
def run() -> Run:
    """A run whose answers are the shipped recordings, all of them played."""
    made = replayed()
    for claim in claims():
        says(made, claim.test)
    return made
