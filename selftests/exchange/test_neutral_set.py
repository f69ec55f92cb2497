"""The schemas, one level or another, tell what an OpenAPI description forbids of each answer, and nothing it allows."""

from __future__ import annotations

import pytest

from benchmarks.rivals.mutations import BREACH, LEGAL, Mutation, mutations, right_answer
from quickstart.exchange import contract

JUDGED_BY = {
    "userToken": ("token",),
    "serviceToken": ("token#/$defs/client_credentials",),
    "tokenInfo": ("token_info",),
    "me": ("me",),
    "companies": ("companies",),
    "projects": ("projects", "projects#/$defs/optional"),
    "project": ("project",),
}


@pytest.mark.parametrize(
    "mutation",
    [one for one in mutations() if one.verdict in {BREACH, LEGAL}],
    ids=lambda one: f"{one.case.id}-{one.verdict}",
)
def test_what_the_description_forbids_is_told_and_what_it_allows_is_not(mutation: Mutation) -> None:
    operation, status = mutation.field.place
    schemas = JUDGED_BY[operation] if status == "200" else ("token_error",)
    answer = mutation.field.edit(mutation.kind)(right_answer(mutation.field.place))
    told = [str(one) for schema in schemas for one in contract.violations(answer.body, schema)]
    assert bool(told) is (mutation.verdict == BREACH), told
