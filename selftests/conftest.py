"""What the tests of the whole suite share."""

from pathlib import Path

import pytest

from selftests.support.project import copy


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project that a test may break."""
    return copy(tmp_path)
