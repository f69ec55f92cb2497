"""Proof key for code exchange (RFC 7636), as Doorkeeper 5 checks it.

Source: its ``pre_authorization.rb`` and ``authorization_code_request.rb``, 5.5.0 and 5.9.6.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

from standin.model.dialects import Dialect
from standin.model.mint import base64url
from standin.model.world import Code
from standin.oauth.oauth_errors import Refused


def require_method(dialect: Dialect, query: Mapping[str, str]) -> None:
    """At authorize: whoever gives a challenge names its method. Raises Refused."""
    method = query.get("code_challenge_method", "")
    if not query.get("code_challenge") or method in {"plain", "S256"}:
        return
    if dialect.challenge_by_line and re.search(r"^(plain|S256)$", method, re.MULTILINE):
        return
    raise Refused("invalid_code_challenge_method", why=method[:40] or "none was given")


def require_verifier(code: Code | None, params: Mapping[str, str]) -> None:
    """At the exchange, before the client is looked at: a code with a challenge wants a verifier. Raises Refused."""
    if code is not None and code.challenge and not params.get("code_verifier"):
        raise Refused("invalid_request", "code_verifier")


def fits(code: Code, verifier: str) -> bool:
    """Whether the verifier is the challenge's. A verifier without a challenge fits nothing."""
    if not verifier:
        return not code.challenge
    if code.challenge_method == "S256":
        return code.challenge == base64url(hashlib.sha256(verifier.encode()).digest())
    return code.challenge_method == "plain" and code.challenge == verifier
