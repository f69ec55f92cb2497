"""Opaque strings: tokens, codes, ids. The same seed gives the same ones for the same requests.

Deterministic on purpose: two recordings of an exchange then differ in times alone, whatever else was asked before.
Nothing here protects anything.
"""

from __future__ import annotations

import base64
import hashlib
import json
import random
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping

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


_SIGNED = 200
"""Characters that an access token has at least where it is a JWT."""


class Mints:
    """One mint after the other: what comes of it depends on the request that is answered, not on those before it.

    The same request gets other strings when it comes again. At most ``kept`` different ones are told apart at a time.
    """

    def __init__(self, seed: int, kept: int) -> None:
        self._seed = seed
        self._kept = kept
        self._seen: Counter[str] = Counter()
        self._ages = 0  # how often all was forgotten: no string comes twice for it
        self.current = Mint(seed, "before any request")

    def turn_to(self, parts: Iterable[str]) -> None:
        """Let the mint be that of a request, of which ``parts`` are all that tells it from others."""
        label = hashlib.sha256(json.dumps([_unchanging(part) for part in parts]).encode()).hexdigest()
        if label not in self._seen and len(self._seen) >= self._kept:
            self._seen.clear()
            self._ages += 1
        self._seen[label] += 1
        self.current = Mint(self._seed, f"{self._ages}/{self._seen[label]}/{label}")


def _unchanging(part: str) -> str:
    """Of an access token, its signature: the rest of it says when it was made."""
    return part.rpartition(".")[2] if part.count(".") == 2 and len(part) > _SIGNED else part
