"""Answers made by hand: what a judge reads, without a run that asked for it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from requests.structures import CaseInsensitiveDict

from quickstart.exchange import definitions
from quickstart.exchange.answer import Answer, Failure, Sent
from quickstart.exchange.targets import TARGETS

SANDBOX = TARGETS["sandbox"]


def answer(
    name: str,
    status: int | None = 200,
    content: bytes = b"",
    *pairs: tuple[str, str],
    failure: Failure | None = None,
    query: str = "",
    defined: dict[str, Any] | None = None,
    **members: Any,
) -> Answer:
    """Return an answer to the exchange ``name``; ``defined`` are members in which its definition is to differ."""
    definition = replace(definitions.load()[name], **(defined or {}))
    url = f"{SANDBOX.url(definition.host)}{definition.path}{query}"
    joined: dict[str, str] = {}
    for key, value in pairs:
        joined[key] = f"{joined[key]}, {value}" if key in joined else value
    return Answer(
        definition,
        Sent(definition.method, url, None, bool(definition.bearer)),
        "live",
        0.1,
        status=None if failure else status,
        headers=CaseInsensitiveDict(joined),
        content=content,
        pairs=pairs,
        failure=failure,
        **members,
    )
