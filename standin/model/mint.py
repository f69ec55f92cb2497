"""Opaque strings: tokens, codes, ids. The same seed gives the same ones in the same order.

Deterministic on purpose: two recordings of the same run then differ in times alone. Nothing here protects anything.
"""

from __future__ import annotations

import base64
import json
import random
import uuid
from collections.abc import Mapping

from standin.model.dialects import Shape


def base64url(data: bytes) -> str:
    """Base64url without padding (RFC 7515 2)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


class Mint:
    """One stream of strings. Streams with different labels do not disturb each other."""

    def __init__(self, seed: int, label: str) -> None:
        self._random = random.Random(f"{seed}/{label}")  # noqa: S311 - reproducible, not secret

    def secret(self, shape: Shape) -> str:
        """A string of 256 random bits (code, refresh token, client secret)."""
        data = self._random.randbytes(32)
        if shape is Shape.PRINTABLE:
            return "v1|" + "".join(chr(0x20 + byte % 0x5F) for byte in data) + "!"
        return data.hex() if shape is Shape.HEX_64 else base64url(data)

    def jwt(self, claims: Mapping[str, object]) -> str:
        """A string shaped like Procore's access tokens: ES512, a signature of 176 characters that nobody checks."""
        header = base64url(b'{"alg":"ES512"}')
        payload = base64url(json.dumps(claims, separators=(",", ":")).encode())
        return f"{header}.{payload}.{base64url(self._random.randbytes(132))}"

    def uuid(self) -> str:
        """A version 4 UUID."""
        return str(uuid.UUID(bytes=self._random.randbytes(16), version=4))

    def seconds(self) -> str:
        """A plausible running time, as in ``X-Runtime``."""
        return f"{self._random.uniform(0.01, 0.2):.6f}"
