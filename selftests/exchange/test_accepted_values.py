"""What the schemas accept in each place is what a person has approved: a keyword that is lost or loosened is seen."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from quickstart.exchange import contract
from selftests.support.accepted import DOCUMENTS, accepted, approved
from selftests.support.declared import declared, met

APPROVED = approved()
FILES = sorted(contract.SCHEMAS.glob("*.schema.json"))


@pytest.mark.parametrize("schema", DOCUMENTS)
def test_each_place_accepts_what_was_approved(schema: str) -> None:
    left = dict(APPROVED[schema])
    for place, values in accepted(schema):
        assert json.dumps(values) == json.dumps(left.pop(place, "nothing was approved")), (
            f"{place}: python -m selftests.support.accepted, and read its diff"
        )
    assert not left, "approved, and in no document any more"


@pytest.mark.parametrize("schema", DOCUMENTS)
def test_right_documents_are_right(schema: str) -> None:
    assert [contract.violations(document, schema) for document in DOCUMENTS[schema]] == [[]] * len(DOCUMENTS[schema])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name.removesuffix(".schema.json"))
def test_every_declared_member_is_in_a_right_document(path: Path) -> None:
    """What is in none is tried with no value: spoiled_answers.py has Procore's, outputs.json has ours."""
    name, schema = path.name.removesuffix(".schema.json"), json.loads(path.read_text(encoding="utf-8"))
    found: set[str] = set()
    for one, documents in DOCUMENTS.items():
        if one.partition("#")[0] == name:
            found.update(*(met(schema, document, one.partition("#")[2]) for document in documents))
    assert sorted({*declared(schema)} - found) == []


def test_every_schema_was_approved() -> None:
    assert APPROVED.keys() == DOCUMENTS.keys()
