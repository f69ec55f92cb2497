"""Words for faults and variations: small modifiers, and where they apply.

A fault is then a line of data: ``on("token", put("expires_in", "5400"))``. A path names keys and list positions
with dots; ``*`` means every item: ``"*.company.id"``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import replace
from typing import Any

from standin.http.messages import Answer, Body, Request, Wire
from standin.model.world import Modifier, World

Edit = Callable[[Answer], Answer]
"""What becomes of an answer, whoever asked."""
When = Callable[[Request, World], bool]
"""Which requests are meant."""


def on(
    endpoint: str,
    *edits: Edit,
    method: str = "",
    grant: str = "",
    ok: bool | None = True,
    status: int | None = None,
    first: int | None = None,
    when: When | None = None,
) -> Modifier:
    """Apply edits to the answers of one endpoint (empty: of all).

    ``ok`` picks successes (True), refusals (False) or both (None); ``status`` picks one status and makes ``ok`` moot;
    ``grant`` picks a grant_type; ``first`` picks the endpoint's first so many requests; ``when`` picks by the request.
    """

    def modify(request: Request, answer: Answer, world: World) -> Answer:
        fits = (
            endpoint in {"", answer.endpoint}
            and method in {"", request.method}
            and grant in {"", request.params.get("grant_type")}
            and (answer.status == status if status is not None else ok is None or answer.ok is ok)
            and (first is None or world.counts[answer.endpoint] <= first)
            and (when is None or when(request, world))
        )
        if fits:
            for edit in edits:
                answer = edit(answer)
        return answer

    return modify


def every_second(*edits: Edit) -> Modifier:
    """Apply edits to the second of each three whole lists of projects, which a suite asks for again."""
    counted = "whole lists of projects"

    def modify(request: Request, answer: Answer, world: World) -> Answer:
        if answer.endpoint == "projects" and answer.ok and "per_page" not in request.query:
            world.counts[counted] += 1
            if world.counts[counted] % 3 == 2:
                for edit in edits:
                    answer = edit(answer)
        return answer

    return modify


def put(path: str, value: Any) -> Edit:
    """Set what is at the path, or add it. A callable gets the old value (None when there was none)."""

    def write(holder: Any, key: Any) -> None:
        present = isinstance(holder, list) or key in holder
        old = holder[key] if present else None
        holder[key] = value(old) if callable(value) else value

    return _editing(path, write)


def drop(path: str) -> Edit:
    """Remove what is at the path, if it is there."""

    def remove(holder: Any, key: Any) -> None:
        if isinstance(holder, list) or key in holder:
            del holder[key]

    return _editing(path, remove)


def body(value: Body) -> Edit:
    """Another body; a callable gets the old one."""
    return lambda answer: answer.with_body(value(answer.body) if callable(value) else value)


def status(number: int) -> Edit:
    """Another status."""
    return lambda answer: answer.with_status(number)


def header(name: str, value: str | None) -> Edit:
    """Another header value; None removes the header."""
    return lambda answer: answer.without_header(name) if value is None else answer.with_header(name, value)


def lines(name: str, *values: str) -> Edit:
    """Several headers of one name."""
    return lambda answer: replace(
        answer, headers=(*answer.without_header(name).headers, *((name, value) for value in values))
    )


def line(name: str, value: str) -> Edit:
    """One more line of a header, beside those that are there."""
    return lambda answer: replace(answer, headers=(*answer.headers, (name, value)))


def wire(way: Wire) -> Edit:
    """Another way of travelling."""
    return lambda answer: answer.on_wire(way)


def rename_headers(rename: Callable[[str], str]) -> Edit:
    """The same headers in other letters, such as ``str.lower``."""
    return lambda answer: replace(answer, headers=tuple((rename(name), value) for name, value in answer.headers))


def _editing(path: str, act: Callable[[Any, Any], None]) -> Edit:
    *way, last = path.split(".")

    def edit(answer: Answer) -> Answer:
        # A copy: a hiccup's answer is given more than once.
        changed = deepcopy(answer.body)
        for holder in _holders(changed, way):
            for key in reversed(_keys(holder, last)):
                act(holder, key)
        return answer.with_body(changed)

    return edit


def _holders(value: Any, way: list[str]) -> Iterator[Any]:
    """Every object or list that the path's beginning leads to; what is not there is passed over."""
    if not way:
        yield value
        return
    for key in _keys(value, way[0]):
        if isinstance(value, list) or key in value:
            yield from _holders(value[key], way[1:])


def _keys(holder: Any, word: str) -> list[Any]:
    """The keys or positions that one word of a path means here."""
    if isinstance(holder, list):
        if word == "*":
            return list(range(len(holder)))
        position = int(word)
        return [position] if -len(holder) <= position < len(holder) else []
    if isinstance(holder, dict):
        return list(holder) if word == "*" else [word]
    return []
