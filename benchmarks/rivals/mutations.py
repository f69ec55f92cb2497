"""The neutral set: every documented member of every answer missing, null, or of another type.

It is derived from openapi.yaml, and so is whether such a change is a breach or legal, as the head of that document
says; nothing is listed by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from benchmarks.rivals.schemas import pointed
from selftests.support.desk import Desk, desk
from standin.cases.bending import Edit, drop, on, put
from standin.cases.case import Case, case
from standin.http.messages import Answer, Request
from standin.model.world import Modifier, World

DOCUMENT = Path(__file__).parent / "openapi.yaml"
MISSING, NULL, TYPE = "missing", "null", "type"
BREACH, LEGAL, UNDECIDED = "breach", "legal", "undecided"
Place = tuple[str, str]
"""The operationId of an answer, and its status."""


def _of_a_user(request: Request, _world: World) -> bool:
    return request.params.get("grant_type") != "client_credentials"


APPLIED: dict[Place, Callable[[Edit], Modifier]] = {
    ("userToken", "200"): lambda edit: on("token", edit, when=_of_a_user),
    ("userToken", "401"): lambda edit: on("token", edit, ok=False),
    ("serviceToken", "200"): lambda edit: on("token", edit, grant="client_credentials"),
    ("tokenInfo", "200"): lambda edit: on("token-info", edit),
    ("me", "200"): lambda edit: on("me", edit),
    ("companies", "200"): lambda edit: on("companies", edit),
    ("projects", "200"): lambda edit: on("projects", edit),
    ("project", "200"): lambda edit: on("project", edit),
}
"""Which answers of the stand-in an answer of the document is."""
ASKED: dict[Place, Callable[[Desk], Answer]] = {
    ("userToken", "200"): lambda at: at.exchange(),
    ("userToken", "401"): lambda at: at.exchange("no-such-code"),
    ("serviceToken", "200"): lambda at: at.own_token(),
    ("tokenInfo", "200"): lambda at: at.get("/oauth/token/info", at.access()),
    ("me", "200"): lambda at: at.get("/rest/v1.0/me", at.access()),
    ("companies", "200"): lambda at: at.get("/rest/v1.0/companies", at.access()),
    ("projects", "200"): lambda at: at.projects(),
    ("project", "200"): lambda at: at.get(
        f"/rest/v1.0/projects/{at.projects().body[0]['id']}?company_id={at.company}", at.access(), at.company
    ),
}
"""How the right one is had."""


@dataclass(frozen=True)
class Field:
    """One documented member of one answer; ``path`` is in the words of :mod:`standin.cases.bending`."""

    place: Place
    path: str
    types: frozenset[str]
    required: bool
    undecided: frozenset[str]

    def verdict(self, kind: str) -> str:
        """Return what the document makes of such a change of this member."""
        if kind in self.undecided:
            return UNDECIDED
        legal = {MISSING: not self.required, NULL: "null" in self.types, TYPE: False}
        return LEGAL if legal[kind] else BREACH

    def edit(self, kind: str) -> Edit:
        """Return the change, in every item of a list."""
        if kind == MISSING:
            return drop(self.path)
        return put(self.path, None if kind == NULL else self.other)

    def other(self, old: Any) -> Any:
        """Return a value of a type that is not documented: the same as text, if text is none of them."""
        if "string" not in self.types:
            return str(old) if isinstance(old, int | float) and not isinstance(old, bool) else "text"
        others = {"integer": 17, "boolean": True, "object": {"id": 1}, "array": [1]}
        return next(value for name, value in others.items() if not {name, _WIDER.get(name, name)} & self.types)


_WIDER = {"integer": "number"}


@cache
def document() -> Any:
    """Return the OpenAPI document."""
    return yaml.safe_load(DOCUMENT.read_text(encoding="utf-8"))


@cache
def fields() -> tuple[Field, ...]:
    """Return every documented member of every answer that has a schema; a schema that two answers share counts once."""
    found: list[Field] = []
    known: list[Any] = []
    for operations in document()["paths"].values():
        for operation in operations.values():
            for status, answer in operation["responses"].items():
                content = _whole(answer).get("content")
                if content and content not in known:
                    known.append(content)
                    place = (operation["operationId"], status)
                    place = place if place in APPLIED else (place[0], "401")
                    found += _members(content["application/json"]["schema"], place, ())
    return tuple(found)


def changes(field: Field, kind: str) -> bool:
    """Return whether the change changes anything: the stand-in may not send the member, or as null already."""
    answer = right_answer(field.place)
    return bool(field.edit(kind)(answer).body != answer.body)


def sent(field: Field) -> bool:
    """Return whether the stand-in's right answer holds the member."""
    return changes(field, MISSING)


@cache
def right_answer(place: Place) -> Answer:
    """Return what the stand-in answers there when it does not lie."""
    return ASKED[place](desk())


@dataclass(frozen=True)
class Mutation:
    """One change of one member, and what the document makes of it."""

    field: Field
    kind: str

    @property
    def verdict(self) -> str:
        """``breach``, ``legal`` or ``undecided``."""
        return self.field.verdict(self.kind)

    @property
    def case(self) -> Case:
        """The stand-in that differs so."""
        operation, status = self.field.place
        where = operation if status == "200" else "tokenError"
        name = f"{where}:{self.field.path.removeprefix('*.')}:{self.kind}"
        return case(name, where, f"{name}.", APPLIED[self.field.place](self.field.edit(self.kind)))


def mutations() -> tuple[Mutation, ...]:
    """Return the changes of every member that is sent, but for those that change nothing; undecided ones as well."""
    return tuple(
        Mutation(field, kind)
        for field in fields()
        if sent(field)
        for kind in (MISSING, NULL, TYPE)
        if changes(field, kind)
    )


def _whole(node: Any) -> Any:
    """Return a node with what its reference means, if it has one; what stands beside the reference wins."""
    if "$ref" not in node:
        return node
    return {**_whole(pointed(document(), node["$ref"].removeprefix("#"))), **node}


def _members(schema: Any, place: Place, path: tuple[str, ...]) -> Iterator[Field]:
    schema = _whole(schema)
    if "items" in schema:
        yield from _members(schema["items"], place, (*path, "*"))
    for name, member in schema.get("properties", {}).items():
        yield from _one(member, place, (*path, name), required=name in schema.get("required", ()))
    if isinstance(schema.get("additionalProperties"), dict):
        yield from _one(schema["additionalProperties"], place, (*path, "*"), required=False)


def _one(member: Any, place: Place, path: tuple[str, ...], *, required: bool) -> Iterator[Field]:
    member = _whole(member)
    types = member["type"] if isinstance(member["type"], list) else [member["type"]]
    undecided = frozenset(member.get("x-undecided", ()))
    yield Field(place, ".".join(path), frozenset(types), required, undecided)
    if path[-1] != "*" or "properties" in member:
        yield from _members(member, place, path)
