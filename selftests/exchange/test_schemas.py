"""The schemas, proven both ways: what is legal is accepted, and there is no keyword that nothing needs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from quickstart.exchange import contract
from selftests.support import accepted, legal_answers, spoiled_answers
from selftests.support.legal_answers import LEGAL

ANNOTATIONS = {"$schema", "$id", "title", "description"}
CONTAINERS = {"properties", "$defs", "patternProperties"}
Path = tuple[str | int, ...]
Validators = dict[str, Draft202012Validator]
# One thing that is wrong wherever it stands, by the members that must be there and the type they must have.
REQUIRED: dict[str, tuple[str, ...]] = {
    "token": ("access_token", "token_type", "expires_in", "refresh_token", "created_at"),
    "token#/$defs/client_credentials": ("access_token", "token_type", "expires_in", "created_at"),
    "token_error": ("error",),
    "token_info": ("resource_owner_id", "application", "created_at"),
    "companies": ("id", "name", "is_active"),
    "projects": ("id", "name", "display_name", "active", "company", "created_at", "updated_at"),
    "projects#/$defs/v1_0": ("id", "name", "display_name", "active", "company", "created_at", "updated_at"),
    "project": ("id", "name"),
    "me": ("id", "login"),
}
few = settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("schema", LEGAL)
def test_legal_answers_are_accepted(schema: str) -> None:
    @few
    @given(LEGAL[schema])
    def check(document: Any) -> None:
        assert contract.violations(json.loads(json.dumps(document)), schema) == []

    check()


@pytest.mark.parametrize(("schema", "member"), [(schema, name) for schema, names in REQUIRED.items() for name in names])
def test_answers_with_one_thing_wrong_are_rejected(schema: str, member: str) -> None:
    @few
    @given(LEGAL[schema], st.sampled_from(["missing", [], {"x": 1}, 1.5]), st.data())
    def check(document: Any, change: Any, data: st.DataObject) -> None:
        items = document if isinstance(document, list) else [document]
        if not items:
            return
        item = data.draw(st.sampled_from(items))
        item[member] = change
        if change == "missing":
            del item[member]
        assert contract.violations(document, schema) != []

    check()


@pytest.mark.parametrize("schema", [schema for schema in LEGAL if schema != "api_error"])
def test_envelopes_are_rejected(schema: str) -> None:
    @few
    @given(LEGAL[schema])
    def check(document: Any) -> None:
        assert contract.violations({"data": document}, schema) != []
        assert contract.violations([[document]], schema) != []

    check()


# --- every keyword is needed


def keywords(node: Any, path: Path = (), *, names: bool = False) -> Iterator[Path]:
    """Every keyword of a schema, and every word of a ``required``; ``names``: the keys here are no keywords."""
    if isinstance(node, list):
        for index, value in enumerate(node):
            yield from keywords(value, (*path, index)) if isinstance(value, dict) else ()
        return
    for key, value in node.items():
        if not names and key in ANNOTATIONS:
            continue
        if (names or key not in CONTAINERS) and (path[-1:] != ("$defs",)):
            yield (*path, key)
        if key in {"required", "enum"} and not names:
            yield from ((*path, key, index) for index in range(len(value)))
        elif isinstance(value, dict | list):
            yield from keywords(value, (*path, key), names=not names and key in CONTAINERS)


def schema_files() -> dict[str, Any]:
    """Procore's schemas by name; the one of our own verdict is no claim about Procore."""
    names = sorted({schema.partition("#")[0] for schema in LEGAL})
    return {name: json.loads((contract.SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8")) for name in names}


def validators(name: str, document: Any) -> Validators:
    """Validators of every part of a schema file that answers are judged by."""
    registry: Registry[Any] = Registry().with_resource(document["$id"], Resource.from_contents(document))
    return {
        schema: Draft202012Validator(
            {"$ref": f"{document['$id']}#{schema.partition('#')[2]}"},
            registry=registry,
            format_checker=Draft202012Validator.FORMAT_CHECKER,
        )
        for schema in LEGAL
        if schema.partition("#")[0] == name
    }


@cache
def rejected(schema: str) -> tuple[tuple[Any, frozenset[str]], ...]:
    """Spoiled answers, each with the keywords that reject it."""
    found = ((document, contract.violations(document, schema)) for document in accepted.spoiled(schema))
    return tuple((document, frozenset(one.schema_pointer for one in why)) for document, why in found if why)


def likeliest_first(schema: str, path: Path) -> list[Any]:
    """Spoiled answers that this keyword alone rejects, as far as pointers tell, before all others."""
    keyword = "/".join(part for part in path if isinstance(part, str))
    by_others = {id(one): sum(not pointer.endswith(keyword) for pointer in why) for one, why in rejected(schema)}
    return sorted((one for one, _ in rejected(schema)), key=lambda one: by_others[id(one)])


FILES = schema_files()
KEYWORDS = [(name, path) for name, document in FILES.items() for path in keywords(document)]


def without(document: Any, path: Path) -> Any:
    changed = deepcopy(document)
    holder = changed
    for key in path[:-1]:
        holder = holder[key]
    del holder[path[-1]]
    return changed


@pytest.mark.parametrize(
    ("name", "path"), KEYWORDS, ids=[f"{name}#/{'/'.join(map(str, path))}" for name, path in KEYWORDS]
)
def test_every_keyword_is_needed(name: str, path: Path) -> None:
    """Without the keyword, some answer that is rejected would be accepted."""
    weaker = validators(name, without(FILES[name], path))
    assert any(each.is_valid(document) for schema, each in weaker.items() for document in likeliest_first(schema, path))


def test_the_legal_answers_know_every_schema() -> None:
    assert set(legal_answers.LEGAL) == set(spoiled_answers.RIGHT)
    there = {
        path.name.removesuffix(".schema.json")
        for path in contract.SCHEMAS.glob("*.schema.json")
        if not json.loads(path.read_text(encoding="utf-8")).get("description", "").startswith("Ours, not Procore's.")
    }
    missing = sorted(there - FILES.keys())
    assert not missing, f"selftests/support/legal_answers.py and spoiled_answers.py: add right answers of {missing}"
