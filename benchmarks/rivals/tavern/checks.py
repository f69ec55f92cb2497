"""What Tavern's own words cannot say: a JSON schema, and what holds for every item of a list."""

import json
from pathlib import Path
from typing import Any

import jsonschema

SCHEMAS = Path(__file__).parents[1] / "schemas"


def schema(response: Any, name: str) -> None:
    """The body fits a schema."""
    known = json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8"))
    jsonschema.validate(response.json(), known, format_checker=jsonschema.FormatChecker())


def lists_company(response: Any, company: str) -> None:
    """The company is listed."""
    assert company in [str(one["id"]) for one in response.json()]


def projects_of(response: Any, company: str) -> None:
    """All projects are active and of this company, and none is there twice."""
    projects = response.json()
    assert all(one["active"] and str(one["company"]["id"]) == company for one in projects)
    assert len({one["id"] for one in projects}) == len(projects)


def differs(response: Any, **old: str) -> None:
    """Each of these members has another value now."""
    body = response.json()
    assert [name for name, value in old.items() if body[name] == value] == []
