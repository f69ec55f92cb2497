"""README says what is so."""

from __future__ import annotations

from selftests.documents import README, filled


def test_derived_parts_are_fresh() -> None:
    text = README.read_text(encoding="utf-8")
    assert filled(text) == text, "stale: run python -m selftests.documents"
