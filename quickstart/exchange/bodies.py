"""How the form of a request travels: as the RFC wants it, as ``curl -F`` sends it, or as JSON."""

import json
from collections.abc import Mapping

import urllib3

BOUNDARY = "----------------------quick-start-suite-0b5e7a91c3"  # always the same: two recordings are then the same


def encoded(form: Mapping[str, str], encoding: str) -> tuple[dict[str, str] | bytes | None, dict[str, str]]:
    """Return what requests is given as data, and the header that tells of it where requests does not.

    ``encoding`` is a word of ``definitions.ENCODINGS``.
    """
    if not form or encoding == "form":
        return dict(form) or None, {}
    if encoding == "json":
        return json.dumps(dict(form)).encode(), {"Content-Type": "application/json"}
    content, media_type = urllib3.encode_multipart_formdata(dict(form), boundary=BOUNDARY)
    return content, {"Content-Type": media_type}
