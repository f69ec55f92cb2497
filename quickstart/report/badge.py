"""The badge: an endpoint document of shields.io (https://shields.io/badges/endpoint-badge)."""

import json

from quickstart.report.content import CONFORMANT, NO_VERDICT, NOT_CONFORMANT, Content

# Green is for Procore's own hosts: a stand-in that conforms says nothing of them.
_COLOURS = {CONFORMANT: "brightgreen", NOT_CONFORMANT: "red"}

_LONGEST = 60  # characters of a reason: a badge is one line of a page


def badge(content: Content) -> str:
    """Return the JSON document: label, message with the evidence in it, and colour."""
    origin = content.ended.origin
    colour = _COLOURS.get(content.verdict, "lightgrey")
    if content.verdict == CONFORMANT and not origin.procore:
        colour = "blue"
    message = f"{content.word.lower()} ({origin.name.removeprefix('the ')})"
    if content.verdict == NO_VERDICT:
        message = f"{content.word.lower()}: {_why(content)}"
    document = {"schemaVersion": 1, "label": "Procore quick start", "message": message, "color": colour}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _why(content: Content) -> str:
    """Say in a few words why there is no verdict: the rest stands in the other reports."""
    diagnosis, end = content.ended.diagnosis, content.ended.ending
    why = end.reason or (diagnosis.what if diagnosis else content.sentence)
    first = why.partition("\n")[0].rstrip(". ")
    if len(first) > _LONGEST:
        first = first.partition(": ")[0]
    return first if len(first) <= _LONGEST else f"{first[: _LONGEST - 1]}…"
