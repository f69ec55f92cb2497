"""pytest-recording is set up for tests that use it, and for no other: its marks and options mean what they do."""

from __future__ import annotations

from pathlib import Path

import pytest

from selftests.support.command import pytest_in

CLAIM = """
import pytest

@pytest.mark.requirement("me.status")
{mark}
def test_of_ours(request):
    fixtures = {{name for name in ("vcr", "block_network") if name in request.fixturenames}}
    assert fixtures == {expected}
"""
BOTH, NONE = "{'vcr', 'block_network'}", "set()"


@pytest.mark.parametrize(
    ("mark", "options", "expected"),
    [
        ("", (), NONE),
        ("@pytest.mark.vcr", (), BOTH),
        ("@pytest.mark.block_network", (), BOTH),
        ("", ("--block-network",), BOTH),
    ],
    ids=["idle", "vcr", "block-network", "option"],
)
def test_fixtures_are_there_where_they_do_something(
    project: Path, mark: str, options: tuple[str, ...], expected: str
) -> None:
    text = CLAIM.format(mark=mark, expected=expected)
    (project / "tests" / "test_of_ours.py").write_text(text, encoding="utf-8")
    outcome = pytest_in(project, *options, "-k", "test_of_ours")
    assert outcome.code == 0, outcome.text
