"""Tokens on disk: one 0600 file for each login host and client, whole at every moment, one process at a time."""

import hashlib
import json
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import platformdirs
from filelock import FileLock, Timeout

from quickstart.run.tokens import Pair

VERSION = 1
LOCK_TIMEOUT = 90.0  # seconds; longer than a refresh with its time-outs can take
REMEMBERED = 20  # digests of spent codes and refresh tokens
_TYPES = {"access_token": str | None, "refresh_token": str | None, "expires_at": int | float, "pending": str}
_START_OVER = "remove it and authorize again (python -m quickstart authorize)"


class CacheError(Exception):
    """The cache cannot be used; the message is one sentence that names the file and what to do."""


class CacheBusyError(CacheError):
    """Another run holds the cache, and may be refreshing; a token must not be spent behind its back."""


@dataclass(frozen=True)
class State:
    """What the file holds.

    ``expires_at`` is Unix seconds by our clock; ``pending`` the digest of the refresh token that is being spent, or
    empty; ``spent`` digests of used-up secrets; ``asked`` the digest of the ``state`` of the last authorize URL.
    """

    access_token: str | None = None
    refresh_token: str | None = None
    expires_at: float = 0.0
    pending: str = ""
    spent: tuple[str, ...] = ()
    asked: str = ""

    @property
    def pair(self) -> Pair | None:
        """The cached tokens, where there is an access token."""
        return Pair(self.access_token, self.refresh_token, self.expires_at) if self.access_token else None

    def has_spent(self, secret: str) -> bool:
        """Whether ``secret``, which works once, was used before."""
        return digest(secret) in self.spent

    def and_spent(self, *secrets: str | None) -> tuple[str, ...]:
        """Return the digests to remember once ``secrets`` were used."""
        return (*self.spent, *(digest(secret) for secret in secrets if secret))[-REMEMBERED:]


def digest(secret: str) -> str:
    """Return what is stored in place of a secret that is remembered but never needed again."""
    return hashlib.sha256(secret.encode()).hexdigest()


def default_folder() -> Path:
    """Return where tokens are kept unless PROCORE_TOKEN_CACHE names another folder."""
    return Path(platformdirs.user_cache_dir("procore-quick-start"))


def _host(login_url: str) -> str:
    return login_url.partition("://")[2].replace(":", "-")


def files_of(login_url: str, folder: Path | None = None) -> list[Path]:
    """Return the files of all apps that have tokens of this login host."""
    return sorted((folder or default_folder()).glob(f"{_host(login_url)}-{'[0-9a-f]' * 16}.json"))


def parsed(path: Path) -> State:
    """Read the file at ``path``; an empty State where there is none.

    Raises:
        CacheError: the file is damaged, of another version, somebody else's, or open to other users.
    """
    try:
        # Not through a link: the file that is checked must be the one that is read.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
        with os.fdopen(handle, encoding="utf-8") as file:
            found = os.fstat(file.fileno())
            text = file.read()
    except (FileNotFoundError, NotADirectoryError):
        return State()
    except (OSError, UnicodeDecodeError) as error:
        raise CacheError(f"{path} cannot be read ({type(error).__name__}): {_START_OVER}.") from None
    if found.st_uid != os.geteuid():
        raise CacheError(f"{path} belongs to another user: {_START_OVER}.")
    if stat.S_IMODE(found.st_mode) & 0o077:
        raise CacheError(f"{path} can be read by other users: revoke its tokens, {_START_OVER}.")
    return _state(text, path)


def _state(text: str, path: Path) -> State:
    try:
        stored = json.loads(text)
        if stored.pop("version") != VERSION:
            raise CacheError(f"{path} was written by another version of the suite: {_START_OVER}.")
        state = replace(State(**stored), spent=tuple(stored["spent"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise CacheError(f"{path} is damaged: {_START_OVER}.") from None
    if not all(isinstance(getattr(state, name), kind) for name, kind in _TYPES.items()):
        raise CacheError(f"{path} is damaged: {_START_OVER}.")
    return state


class TokenCache:
    """The file of one login host and client id, under ``folder`` or the user's cache folder."""

    def __init__(self, login_url: str, client_id: str, folder: Path | None = None) -> None:
        self._folder = folder or default_folder()
        self.path = self._folder / f"{_host(login_url)}-{digest(client_id)[:16]}.json"
        self._unfinished = f".{self.path.stem}-"
        self._lock = FileLock(self.path.with_suffix(".lock"), timeout=LOCK_TIMEOUT, mode=0o600)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the cache against other processes; within one process it may be nested.

        Raises:
            CacheBusyError: another process holds it for too long.
            CacheError: the folder cannot be written.
        """
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock.acquire()
            self._sweep()
        except Timeout:
            raise CacheBusyError(
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
            CacheError: the file is damaged, of another version, somebody else's, or open to other users.
        """
        return parsed(self.path)

    def save(self, state: State) -> None:
        """Write the file as a whole: temporary file, fsync, replace. Call it under the lock.

        Raises:
            CacheError: it cannot be written; the old file is still there.
        """
        text = json.dumps({"version": VERSION, **asdict(state)})
        try:
            handle, name = tempfile.mkstemp(dir=self._folder, prefix=self._unfinished)
            try:
                with os.fdopen(handle, "w", encoding="utf-8") as file:
                    file.write(text)
                    file.flush()
                    os.fsync(file.fileno())
                Path(name).replace(self.path)
            except OSError:
                Path(name).unlink(missing_ok=True)
                raise
            _sync_folder(self._folder)
        except OSError as error:
            raise CacheError(
                f"{self.path} cannot be written ({error.strerror}): free space or set PROCORE_TOKEN_CACHE."
            ) from None

    def _sweep(self) -> None:
        """Remove what a killed run left half written: under the lock, nobody else is writing."""
        for left in self._folder.glob(f"{self._unfinished}*"):
            left.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    """Let the new name survive a power cut, where folders can be synchronised."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
