"""Tokens on disk: one 0600 file for each login host and client, whole at every moment, one process at a time."""

import hashlib
import json
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import platformdirs
from filelock import FileLock, Timeout

from quickstart.oauth import Pair

VERSION = 1
LOCK_TIMEOUT = 90.0  # seconds; longer than a refresh with its time-outs can take


class CacheError(Exception):
    """The cache cannot be used; the message is one sentence that names the file and what to do."""


@dataclass(frozen=True)
class State:
    """What the file holds: ``pending`` while a refresh is under way, ``spent`` digests of used-up secrets."""

    access_token: str | None = None
    refresh_token: str | None = None
    expires_at: float = 0.0
    pending: bool = False
    spent: tuple[str, ...] = ()

    @property
    def pair(self) -> Pair | None:
        """The cached tokens, where there is an access token."""
        return Pair(self.access_token, self.refresh_token, self.expires_at) if self.access_token else None

    def has_spent(self, secret: str) -> bool:
        """Whether ``secret``, which works once, was used before."""
        return digest(secret) in self.spent


def digest(secret: str) -> str:
    """Return what is stored in place of a secret that is remembered but never needed again."""
    return hashlib.sha256(secret.encode()).hexdigest()


class TokenCache:
    """The file of one login host and client id, under ``folder`` or the user's cache folder."""

    def __init__(self, login_host: str, client_id: str, folder: Path | None = None) -> None:
        self._folder = folder or Path(platformdirs.user_cache_dir("procore-quick-start"))
        self.path = self._folder / f"{login_host}-{digest(client_id)[:16]}.json"
        self._lock = FileLock(self.path.with_suffix(".lock"), timeout=LOCK_TIMEOUT, mode=0o600)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the cache against other processes; within one process it may be nested.

        Raises:
            CacheError: another process holds it for too long, or the folder cannot be written.
        """
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock.acquire()
        except Timeout:
            raise CacheError(
                f"{self.path} is held by another run for more than {LOCK_TIMEOUT:g} s: end that run."
            ) from None
        except OSError as error:
            raise CacheError(
                f"{self._folder} cannot be used ({error.strerror}): set PROCORE_TOKEN_CACHE to a folder you can write."
            ) from None
        try:
            yield
        finally:
            self._lock.release()

    def load(self) -> State:
        """Read the file; an empty State where there is none.

        Raises:
            CacheError: the file is damaged, of another version, or open to other users.
        """
        try:
            mode = self.path.stat().st_mode
            text = self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return State()
        except (OSError, UnicodeDecodeError) as error:
            raise CacheError(
                f"{self.path} cannot be read ({error.__class__.__name__}): remove it and authorize again."
            ) from None
        if stat.S_IMODE(mode) & 0o077:
            raise CacheError(
                f"{self.path} can be read by other users: remove it, revoke its tokens and authorize again."
            )
        try:
            stored = json.loads(text)
            if stored.pop("version") != VERSION:
                raise CacheError(f"{self.path} was written by another version: remove it and authorize again.")
            return replace(State(**stored), spent=tuple(stored["spent"]))
        except (ValueError, KeyError, TypeError, AttributeError):
            raise CacheError(f"{self.path} is damaged: remove it and authorize again.") from None

    def save(self, state: State) -> None:
        """Write the file as a whole: temporary file, fsync, replace.

        Raises:
            CacheError: it cannot be written; the old file is still there.
        """
        text = json.dumps({"version": VERSION, **asdict(state)})
        try:
            handle, name = tempfile.mkstemp(dir=self._folder, prefix=".token-")
            try:
                with os.fdopen(handle, "w", encoding="utf-8") as file:
                    file.write(text)
                    file.flush()
                    os.fsync(file.fileno())
                Path(name).replace(self.path)
            except OSError:
                Path(name).unlink(missing_ok=True)
                raise
        except OSError as error:
            raise CacheError(
                f"{self.path} cannot be written ({error.strerror}): free space or set PROCORE_TOKEN_CACHE."
            ) from None
