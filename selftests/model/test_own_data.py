"""``--data FILE``: companies, projects and users of one's own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from selftests.support.desk import Desk
from standin.cases.mixing import Wanted
from standin.model.clock import Clock
from standin.model.data import reading
from standin.model.world import World

MINE: dict[str, Any] = {
    "user": {"id": 7, "login": "ada@example.com", "name": "Ada"},
    "companies": [
        {"id": 11, "name": "First", "mine": True},
        {"id": 12, "name": "Not installed", "installed": False},
    ],
    "projects": [
        {"id": 21, "company_id": 11, "name": "Tower", "number": "T-1", "city": "Berlin", "custom_fields": {"a": 1}},
        {"id": 22, "company_id": 11, "name": "Closed", "active": False},
        {"id": 23, "company_id": 12, "name": "Out of reach"},
    ],
}


def _desk(tmp_path: Path, data: Any) -> Desk:
    path = tmp_path / "data.json"
    path.write_text(json.dumps(data))
    return Desk(World(populate=reading(path), clock=Clock.stopped(1_700_000_000)))


def test_the_data_are_what_the_calls_answer(tmp_path: Path) -> None:
    procore = _desk(tmp_path, MINE)
    token = procore.access()
    companies = procore.get("/rest/v1.0/companies", token, 11).body
    assert [(one["id"], one["my_company"]) for one in companies] == [(11, True), (12, False)]
    (project,) = procore.projects(token, 11).body
    assert (project["id"], project["city"], project["custom_fields"]) == (21, "Berlin", {"a": 1})
    assert (project["project_number"], project["display_name"]) == ("T-1", "T-1 - Tower")
    assert procore.projects(token, 12).status == 403
    assert procore.get("/rest/v1.0/me", token, 11).body == {"id": 7, "login": "ada@example.com", "name": "Ada"}


def test_what_is_left_out_is_as_without_the_file(tmp_path: Path) -> None:
    procore, plain = _desk(tmp_path, {"user": MINE["user"]}), Desk(World())
    assert procore.realm.directory.companies == plain.realm.directory.companies
    assert procore.realm.directory.projects == plain.realm.directory.projects


def test_a_stranger_is_always_there(tmp_path: Path) -> None:
    procore = _desk(tmp_path, MINE)
    assert procore.projects(procore.access(), procore.realm.directory.foreign.id).status == 404


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "is no JSON"),
        ("[]", r"\$: \[\] is not of type 'object'"),
        ('{"compannies": []}', "Additional properties are not allowed"),
        ('{"companies": []}', r"\$\.companies: \[\] should be non-empty"),
        ('{"companies": [{"id": "1", "name": "A"}]}', r"\$\.companies\[0\]\.id: '1' is not of type 'integer'"),
        ('{"companies": [{"id": 1, "name": "A"}, {"id": 1, "name": "B"}]}', "two have the id 1"),
        ('{"companies": [{"id": 1, "name": "A", "foreign": true}]}', "all are foreign"),
        (
            '{"companies": [{"id": 1, "name": "A"}], "projects": [{"id": 3, "company_id": 2, "name": "P"}]}',
            "3 is in company 2, which is not there",
        ),
    ],
)
def test_a_wrong_file_is_one_sentence(tmp_path: Path, content: str, words: str) -> None:
    path = tmp_path / "data.json"
    path.write_text(content)
    with pytest.raises(ValueError, match=words) as caught:
        Wanted(populate=[reading(path)]).world()
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_no_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"--data: .*data\.json cannot be read \(No such file"):
        reading(tmp_path / "data.json")
