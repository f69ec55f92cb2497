"""Judges a JSON document by the schemas of ``schemas/`` and words each violation as expected and actual."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any

from quickstart import CLAIMS
from quickstart.exchange.definitions import DefinitionError

if TYPE_CHECKING:  # jsonschema is imported where something is judged: commands that judge nothing do without
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError
    from referencing import Registry

SCHEMAS = CLAIMS / "schemas"
_PREFIX = "urn:procore-quick-start:schema:"
_LONGEST = 60  # characters of a value that a message shows
_MOST = 100  # violations of one document


@dataclass(frozen=True)
class Violation:
    """One way in which a document breaks its schema.

    ``pointer`` is where in the document, ``schema_pointer`` which keyword of which file, both JSON Pointers.
    """

    pointer: str
    expected: str
    actual: str
    schema_pointer: str

    def __str__(self) -> str:
        return f"{self.pointer or 'the document'}: {self.actual}; expected {self.expected} ({self.schema_pointer})"


@lru_cache
def _registry() -> "Registry[Any]":
    from referencing import Registry, Resource

    documents = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(SCHEMAS.glob("*.schema.json"))]
    resources = [(document["$id"], Resource.from_contents(document)) for document in documents]
    return Registry().with_resources(resources)


@lru_cache
def validator(schema: str) -> "Draft202012Validator":
    """Return the validator of ``schema``: a file, or a part of it (``token#/$defs/client_credentials``)."""
    from jsonschema import Draft202012Validator

    from quickstart.exchange import formats

    name, _, pointer = schema.partition("#")
    return Draft202012Validator(
        {"$ref": f"{_PREFIX}{name}#{pointer}"},
        registry=_registry(),
        format_checker=formats.CHECKER,
    )


def check(schemas: Mapping[str, str]) -> None:
    """Refuse a table of exchanges that names a schema which is not there; ``schemas`` are those, by exchange.

    Raises:
        DefinitionError: it names the exchange and the schema.
    """
    from referencing.exceptions import Unresolvable

    try:
        registry = _registry()
    except (ValueError, KeyError, TypeError) as error:
        raise DefinitionError(f"schemas/: a file is no schema with an $id ({type(error).__name__}: {error})") from None
    for exchange, schema in schemas.items():
        name, _, pointer = schema.partition("#")
        try:
            if schema:
                registry.resolver().lookup(f"{_PREFIX}{name}#{pointer}")
        except Unresolvable:
            where = f"schemas/{name}.schema.json" + (f" has no {pointer}" if pointer else " is not there")
            raise DefinitionError(f'exchanges.toml: [{exchange}] schema = "{schema}", and {where}') from None


def violations(document: object, schema: str) -> list[Violation]:
    """Return the ways in which ``document`` breaks ``schema``, in the order of the document; a hundred at most.

    A list of a million wrong items is as wrong as one of a hundred, and would cost gigabytes.
    """
    first = islice(validator(schema).iter_errors(document), _MOST)
    errors = sorted(first, key=lambda error: [*error.path])  # members of one thing: all names, or all numbers
    return [_violation(error, schema) for error in errors]


def at(found: list[Violation], pointer: str) -> list[Violation]:
    """Return the violations at ``pointer`` (``"/expires_in"``) or below it."""
    return [one for one in found if one.pointer == pointer or one.pointer.startswith(f"{pointer}/")]


def member_names(schema: str) -> set[str]:
    """Return the members that an object schema names in its ``properties``."""
    name, _, pointer = schema.partition("#")
    node: Any = _registry()[f"{_PREFIX}{name}"].contents
    for step in pointer.split("/")[1:]:
        node = node[step]
    return set(node["properties"])


def _violation(error: "ValidationError", schema: str) -> Violation:
    name = schema.partition("#")[0]
    path = [str(part) for part in error.absolute_path]
    actual = _describe(error.instance)
    demanded: Any = error.validator_value
    if error.validator == "required":
        # iter_errors reports one error a missing member, and says which in its message alone
        missing = next(member for member in demanded if error.message.startswith(repr(member)))
        path, actual = [*path, missing], "missing"
    return Violation(
        pointer="".join(f"/{part.replace('~', '~0').replace('/', '~1')}" for part in path),
        expected=_expectation(error),
        actual=actual,
        schema_pointer=f"schemas/{name}.schema.json#{_schema_pointer(error, schema)}",
    )


def _schema_pointer(error: "ValidationError", schema: str) -> str:
    """Return where in the file the keyword stands, each ``$ref`` on the way replaced by where it leads."""
    name, _, pointer = schema.partition("#")
    contents: Any = _registry()[f"{_PREFIX}{name}"].contents
    # Some versions of jsonschema name $ref in the path, others pass over it.
    parts = [str(part) for part in error.absolute_schema_path if part != "$ref"]

    def find(node: Any, where: list[str], left: list[str]) -> list[str] | None:
        if len(left) == 1 and node == error.schema:
            return [*where, left[0]]
        found = find(node[left[0]], [*where, left[0]], left[1:]) if left and left[0] in node else None
        if found is None and "$ref" in node:
            steps = node["$ref"].partition("#")[2].split("/")[1:]
            target = contents
            for step in steps:
                target = target[step]
            found = find(target, steps, left)
        return found

    found = find({"$ref": f"#{pointer}"}, [], parts)
    return "".join(f"/{part}" for part in found or parts)


def _expectation(error: "ValidationError") -> str:
    schema: Mapping[str, Any] = error.schema if isinstance(error.schema, Mapping) else {}
    words = list(_words(schema))
    branches: Any = error.validator_value
    if error.validator == "required":
        return "to be there"
    if error.validator == "anyOf":
        return " or ".join(" and ".join(branch.get("required", [])) for branch in branches)
    return ", ".join(words) or f"{error.validator} {error.validator_value}"


def _words(schema: Mapping[str, Any]) -> Iterator[str]:
    kind = schema.get("type")
    if kind:
        yield " or ".join(kind) if isinstance(kind, list) else str(kind)
    if "minimum" in schema and "maximum" in schema:
        yield f"{schema['minimum']} to {schema['maximum']}"
    if "format" in schema:
        yield str(schema["format"])
    if "pattern" in schema:
        yield f"matching {schema['pattern'].replace('(?!' + chr(92) + 'n)', '')}"
    if "minLength" in schema:
        yield f"at least {schema['minLength']} character"


def _describe(value: object) -> str:
    kinds = {dict: "object", list: "array", str: "string", bool: "boolean", int: "integer", float: "number"}
    if value is None:
        return "null"
    kind = kinds[type(value)]
    if isinstance(value, dict):
        return f"an object with {len(value)} members"
    if isinstance(value, list):
        return f"an array of {len(value)}"
    text = json.dumps(value, ensure_ascii=False)
    shown = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    return f"{shown} ({kind})"
