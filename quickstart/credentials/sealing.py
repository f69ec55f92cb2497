"""Encrypts what is kept between runs (Fernet: AES-128-CBC and HMAC-SHA256) with the key of PROCORE_TOKEN_CACHE_KEY."""

from typing import TYPE_CHECKING

_FIRST = b"gAAAA"  # of whatever Fernet encrypted until the year 2106: version 128, and four bytes of zeros and time

if TYPE_CHECKING:  # where there is no key, cryptography is not imported: it takes its time
    from cryptography.fernet import Fernet


class SealError(Exception):
    """The content cannot be opened; the message says why, in words that follow the name of where it stands."""


def _fernet(key: str) -> "Fernet":
    from cryptography.fernet import Fernet

    return Fernet(key)


class Seal:
    """Closes and opens with ``key``; without one, everything stays as it is."""

    def __init__(self, key: str | None) -> None:
        self._fernet = _fernet(key) if key else None

    @property
    def is_set(self) -> bool:
        """Whether there is a key."""
        return self._fernet is not None

    def closed(self, content: bytes) -> bytes:
        """Return ``content`` encrypted, where there is a key."""
        return self._fernet.encrypt(content) if self._fernet else content

    def opened(self, content: bytes) -> bytes:
        """Return what was closed.

        Raises:
            SealError: it is damaged, of another key, or encrypted where there is no key, or the reverse.
        """
        if self._fernet is None:
            if content.startswith(_FIRST):
                raise SealError("is encrypted, and PROCORE_TOKEN_CACHE_KEY is not set")
            return content
        from cryptography.fernet import InvalidToken

        try:
            return self._fernet.decrypt(content)
        except InvalidToken:
            if content.startswith(b"{"):
                raise SealError("is not encrypted, although PROCORE_TOKEN_CACHE_KEY is set") from None
            raise SealError(
                "cannot be decrypted (it is damaged, or was encrypted with another PROCORE_TOKEN_CACHE_KEY)"
            ) from None
