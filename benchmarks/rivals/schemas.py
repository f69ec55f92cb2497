"""Our schemas as the rivals can read them: draft 07, without references, one file each."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
OURS = HERE.parents[1] / "schemas"
FOLDER = HERE / "schemas"
COLLECTION = HERE / "newman" / "quickstart.postman_collection.json"
SOURCES: dict[str, tuple[str, ...]] = {
    "token": ("token",),
    "service_token": ("token#/$defs/client_credentials",),
    "token_error": ("token_error",),
    "token_info": ("token_info",),
    "companies": ("companies",),
    "projects": ("projects", "projects#/$defs/optional"),
    "project": ("project",),
    "me": ("me",),
}
"""Name to what must all hold: a file of ``schemas/``, with a pointer into it."""


def schema(name: str) -> dict[str, Any]:
    """Return one schema of :data:`SOURCES`."""
    parts = [_inlined(*_found(source)) for source in SOURCES[name]]
    whole = parts[0] if len(parts) == 1 else {"allOf": parts}
    return {"$schema": "http://json-schema.org/draft-07/schema#", **whole}


def files() -> dict[Path, str]:
    """Return the files that hold our schemas, with what must stand in each."""
    texts = {FOLDER / f"{name}.json": json.dumps(schema(name), indent=1) + "\n" for name in SOURCES}
    collection = json.loads(COLLECTION.read_text(encoding="utf-8"))
    # As people do it: a variable of the collection for each schema.
    collection["variable"] = [{"key": f"schema_{name}", "value": json.dumps(schema(name))} for name in SOURCES]
    texts[COLLECTION] = json.dumps(collection, indent=2, ensure_ascii=False) + "\n"
    return texts


def write() -> None:
    """Write them all anew."""
    for path, text in files().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _found(source: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what a source points at, and its document."""
    name, _, pointer = source.partition("#")
    document = json.loads((OURS / f"{name}.schema.json").read_text(encoding="utf-8"))
    return pointed(document, pointer), document


def pointed(document: Any, pointer: str) -> Any:
    """Return what a JSON pointer such as ``/$defs/id`` means in a document. Raises KeyError."""
    for word in filter(None, pointer.split("/")):
        document = document[word]
    return document


def _inlined(node: Any, document: dict[str, Any]) -> Any:
    """Return a schema where each reference into its document is replaced by what it means, without prose and ids."""
    if isinstance(node, list):
        return [_inlined(one, document) for one in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        meant = pointed(document, node["$ref"].removeprefix("#"))
        node = {**meant, **{key: value for key, value in node.items() if key != "$ref"}}
    left_out = {"$schema", "$id", "$defs"}
    return {
        key: _inlined(value, document)
        for key, value in node.items()
        if key not in left_out and not (key in {"title", "description"} and isinstance(value, str))
    }
