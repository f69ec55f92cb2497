"""Reads Link headers (RFC 8288 section 3, by the algorithm of its appendix B): what cannot be read ends the list."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from quickstart.exchange import fields

_BETWEEN = re.compile(r"[ \t\r\n,]*")  # RFC 9110 section 5.6.1.2: empty elements are ignored
_TARGET = re.compile(r"<([^>]*)>")
_PARAMETER = re.compile(r'\s*;\s*([^\s=;,"]*)\s*(?:=\s*("(?:[^"\\]|\\.)*(?:"|$)|[^;,"]*))?', re.DOTALL)
_END = re.compile(r"\s*(?:,|$)")


@dataclass(frozen=True)
class Link:
    """One link: its target as it was written, its relations in lower case, and what it is about, if not the answer."""

    target: str
    relations: tuple[str, ...]
    anchor: str | None


def parse(text: str | None) -> list[Link]:
    """Return the links of a Link header; several lines of it come joined by commas."""
    return list(_links(text or ""))


def _links(text: str) -> Iterator[Link]:
    at = _end_of(_BETWEEN.match(text), 0)
    while found := _TARGET.match(text, at):
        given: dict[str, str] = {}
        at = found.end()
        while parameter := _PARAMETER.match(text, at):
            given.setdefault(parameter[1].lower(), _unquoted((parameter[2] or "").strip()))  # the first one counts
            at = parameter.end()
        yield Link(found[1].strip(), tuple(given.get("rel", "").lower().split()), given.get("anchor"))
        if not _END.match(text, at):
            return
        at = _end_of(_BETWEEN.match(text, at), at)


def _end_of(match: re.Match[str] | None, otherwise: int) -> int:
    return match.end() if match else otherwise


def _unquoted(value: str) -> str:
    return re.sub(r"\\(.)", r"\1", value[1:].removesuffix('"'), flags=re.DOTALL) if value[:1] == '"' else value


def by_relation(text: str | None, url: str) -> dict[str, str]:
    """Return where the links of an answer from ``url`` lead, by relation.

    A link with an anchor is about something else, unless that is the answer itself.
    """
    found: dict[str, str] = {}
    for link in parse(text):
        about = None if link.anchor is None else fields.target(url, link.anchor)
        if link.anchor is None or (about is not None and about.geturl() == url):
            for relation in link.relations:
                found.setdefault(relation, link.target)
    return found
