"""The badge: an endpoint document of shields.io (https://shields.io/badges/endpoint-badge)."""

import json

from quickstart.report.content import CONFORMANT, NOT_CONFORMANT, Content

# Green is for Procore's own hosts: a stand-in that conforms says nothing of them.
_COLOURS = {CONFORMANT: "brightgreen", NOT_CONFORMANT: "red"}


def badge(content: Content) -> str:
    """Return the JSON document: label, message with the evidence in it, and colour."""
    origin = content.ended.origin
    colour = _COLOURS.get(content.verdict, "lightgrey")
    if content.verdict == CONFORMANT and not origin.procore:
        colour = "blue"
    message = f"{content.word.lower()} ({origin.name.removeprefix('the ')})"
    document = {"schemaVersion": 1, "label": "Procore quick start", "message": message, "color": colour}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
