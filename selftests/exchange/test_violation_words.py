"""What a person reads of a broken schema: where, what came, what was expected, and which keyword says so."""

from __future__ import annotations

from typing import Any

import pytest

from quickstart.exchange import contract
from selftests.support.accepted import OURS

TOKEN: dict[str, Any] = {
    "access_token": "a", "token_type": "bearer", "expires_in": 5400, "refresh_token": "r", "created_at": 1790000000,
}  # fmt: skip
PROJECT: dict[str, Any] = {
    "id": 1, "name": "n", "display_name": "d", "active": True, "company": {"id": 1, "name": "c"},
    "created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-01T00:00:00Z",
}  # fmt: skip
INFO = {"resource_owner_id": 1, "application": {"uid": "x"}, "created_at": 1790000000}
LIVING = {**INFO, "scope": [], "expires_in": 1}
ID = "integer, 1 to 9223372036854775807"
LIFETIME = "integer, 1 to 7200"
LONG = "x " * 40
CRASHED: dict[str, Any] = next(one for one in OURS["verdict"] if one["ending"]["kind"] == "crashed")
# Document, schema, where and what came, what was expected, the keyword that says so.
ROWS: list[tuple[Any, str, str, str, str]] = [
    ([], "token", "the document: an array of 0", "object", "/type"),
    (None, "token", "the document: null", "object", "/type"),
    ({**TOKEN, "expires_in": "5400"}, "token", '/expires_in: "5400" (string)', LIFETIME, "/properties/expires_in/type"),
    ({**TOKEN, "expires_in": 1.5}, "token#/$defs/client_credentials", "/expires_in: 1.5 (number)", LIFETIME,
     "/properties/expires_in/type"),
    ({**TOKEN, "access_token": LONG}, "token", f'/access_token: "{LONG[:59]}… (string)',
     "string, matching ^[A-Za-z0-9._~+/-]+=*$", "/properties/access_token/pattern"),
    ({**TOKEN, "scope": ["a"]}, "token", "/scope: an array of 1", "string or null", "/properties/scope/type"),
    ({key: TOKEN[key] for key in TOKEN if key != "created_at"}, "token", "/created_at: missing", "to be there",
     "/required"),
    (INFO, "token_info", "the document: an object with 3 members",
     "scopes and expires_in_seconds or scope and expires_in", "/anyOf"),
    ({**LIVING, "resource_owner_id": True}, "token_info", "/resource_owner_id: true (boolean)",
     "integer or null, 1 to 9223372036854775807", "/properties/resource_owner_id/type"),
    ({**LIVING, "application": {"uid": ""}}, "token_info", '/application/uid: "" (string)',
     "string or null, at least 1 character", "/properties/application/properties/uid/minLength"),
    ([PROJECT, {**PROJECT, "id": 0}], "projects", "/1/id: 0 (integer)", ID, "/$defs/id/minimum"),
    ([{**PROJECT, "company": {"id": None, "name": ""}}], "projects", "/0/company/id: null", ID, "/$defs/id/type"),
    ([{**PROJECT, "custom_fields": {"custom_field_1": {"data_type": "x"}}}], "projects#/$defs/optional",
     "/0/custom_fields/custom_field_1/value: missing", "to be there",
     "/$defs/optional/items/properties/custom_fields/patternProperties/^custom_field_[0-9]+$/required"),
    ([{**PROJECT, "stage": 7}], "projects#/$defs/optional", "/0/stage: 7 (integer)", "string or null",
     "/$defs/optional/items/properties/stage/type"),
    ({**CRASHED, "conformant": False}, "verdict", "/conformant: false (boolean)", "const None",
     "/allOf/1/then/properties/conformant/const"),
]  # fmt: skip


@pytest.mark.parametrize(("document", "schema", "came", "expected", "keyword"), ROWS, ids=[row[2] for row in ROWS])
def test_a_violation_says_where_what_and_why(
    document: object, schema: str, came: str, expected: str, keyword: str
) -> None:
    where = f"schemas/{schema.partition('#')[0]}.schema.json#{keyword}"
    assert [str(found) for found in contract.violations(document, schema)] == [f"{came}; expected {expected} ({where})"]


def test_several_violations_come_in_the_order_of_the_document() -> None:
    found = contract.violations({**TOKEN, "token_type": "mac", "access_token": "", "expires_in": 0}, "token")
    assert [one.pointer for one in found] == ["/access_token", "/expires_in", "/token_type"]


def test_a_pointer_names_a_member_and_what_is_below_it() -> None:
    found = contract.violations({**INFO, "expires_in": 0, "expires_in_seconds": 0, "application": {}}, "token_info")
    assert {one.pointer for one in contract.at(found, "/expires_in")} == {"/expires_in"}
    assert {one.pointer for one in contract.at(found, "/application")} == {"/application/uid"}


def test_member_names_are_those_of_the_part() -> None:
    names = contract.member_names("token#/$defs/client_credentials")
    assert names == {"access_token", "token_type", "expires_in", "created_at", "scope"}
    assert names | {"refresh_token"} == contract.member_names("token")
