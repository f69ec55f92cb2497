"""What the schemas accept in each place is what a person has approved: a keyword that is lost or loosened is seen."""

from __future__ import annotations

import json

import pytest

from selftests.support.accepted import FILE, accepted
from selftests.support.spoiled_answers import RIGHT

APPROVED = json.loads(FILE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("schema", RIGHT)
def test_each_place_accepts_what_was_approved(schema: str) -> None:
    found = json.loads(json.dumps(accepted(schema)))
    assert found == APPROVED[schema], "python -m selftests.support.accepted, and read its diff"


def test_every_schema_was_approved() -> None:
    assert APPROVED.keys() == RIGHT.keys()
