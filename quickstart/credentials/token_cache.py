"""Tokens on disk: one 0600 file for each login host and client, whole at every moment, one process at a time."""

import hashlib
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from glob import escape
from pathlib import Path
from typing import Annotated, ClassVar

import platformdirs
from filelock import FileLock, Timeout
from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from quickstart.credentials import private_file
from quickstart.run.tokens import Pair

VERSION = 1
LOCK_TIMEOUT = 90.0  # seconds; longer than a refresh with its time-outs can take
REMEMBERED = 20  # digests of spent codes and refresh tokens
_Digest = Annotated[str, Field(pattern=r"^(?:[0-9a-f]{64})?$")]
_Bearer = Annotated[str, Field(pattern=r"^[!-~]+$")]
_Refresh = Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f]+$")]  # what it is made of is the server's business
_Time = Annotated[float, Field(ge=0, le=1e11, allow_inf_nan=False)]
_LONGEST_LIFE = 86_400.0  # seconds; Procore's tokens live for two hours at most, whatever an answer says
_CLOCK_MAY_JUMP = 5.0  # seconds, as clocks do that are kept right
_OTHER_FOLDER = "set PROCORE_TOKEN_CACHE to a folder you can write"
AGAIN = "authorize again (python -m quickstart authorize)"
_START_OVER = f"remove it and {AGAIN}"


class CacheError(Exception):
    """The cache cannot be used; the message is one sentence that names the file and what to do."""


class CacheBusyError(CacheError):
    """Another run holds the cache, and may be refreshing; a token must not be spent behind its back."""


@dataclass(frozen=True)
class State:
    """What the file holds.

    ``expires_at`` is Unix seconds by our clock; ``pending`` the digest of the refresh token that is being spent, or
    empty; ``spent`` digests of used-up secrets; ``asked`` the digest of the ``state`` of the last authorize URL;
    ``kept_at`` when the tokens came, by our clock too, which may be set back later.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(strict=True)

    access_token: _Bearer | None = None
    refresh_token: _Refresh | None = None
    expires_at: _Time = 0.0
    pending: _Digest = ""
    spent: tuple[_Digest, ...] = ()
    asked: _Digest = ""
    kept_at: _Time = 0.0

    @property
    def pair(self) -> Pair | None:
        """The cached tokens, where there is an access token."""
        return Pair(self.access_token, self.refresh_token, self.expires_at) if self.access_token else None

    @property
    def clock_is_behind(self) -> bool:
        """Whether our clock was set back since the tokens came, so that nobody knows how long they live."""
        return time.time() < self.kept_at - _CLOCK_MAY_JUMP

    def fresh_for(self) -> float:
        """Return the seconds that the access token is known to live for."""
        return 0.0 if self.clock_is_behind else self.expires_at - time.time()

    def with_pair(self, pair: Pair) -> "State":
        """Return this state with new tokens in it."""
        return replace(
            self,
            access_token=pair.access_token,
            refresh_token=pair.refresh_token,
            expires_at=min(max(pair.expires_at, 0.0), time.time() + _LONGEST_LIFE),
            kept_at=time.time(),
        )

    def has_spent(self, secret: str) -> bool:
        """Whether ``secret``, which works once, was used before."""
        return digest(secret) in self.spent

    def and_spent(self, *secrets: str | None) -> tuple[str, ...]:
        """Return the digests to remember once ``secrets`` were used."""
        return (*self.spent, *(digest(secret) for secret in secrets if secret))[-REMEMBERED:]


@dataclass(frozen=True)
class _Head:
    version: int


_HEAD, _STATE = TypeAdapter(_Head), TypeAdapter(State)


def digest(secret: str) -> str:
    """Return what is stored in place of a secret that is remembered but never needed again."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def default_folder() -> Path:
    """Return where tokens are kept unless PROCORE_TOKEN_CACHE names another folder."""
    return Path(platformdirs.user_cache_dir("procore-quick-start"))


def _host(login_url: str) -> str:
    return login_url.partition("://")[2].replace(":", "-")


def files_of(login_url: str, folder: Path | None = None) -> list[Path]:
    """Return the files of all apps that have tokens of this login host."""
    return sorted((folder or default_folder()).glob(f"{escape(_host(login_url))}-{'[0-9a-f]' * 16}.json"))


def parsed(path: Path) -> State:
    """Read the file at ``path``; an empty State where there is none.

    Raises:
        CacheError: the file is damaged, of another version, a link, somebody else's, or open to other users.
    """
    try:
        content = private_file.read(path)
    except private_file.UnfitError as error:
        raise CacheError(f"{path} {error}: {_START_OVER}.") from None
    if content is None:
        return State()
    try:
        if _HEAD.validate_json(content).version != VERSION:
            raise CacheError(f"{path} was written by another version of the suite: {_START_OVER}.")
        return _STATE.validate_json(content)
    except ValidationError:
        raise CacheError(f"{path} is damaged: {_START_OVER}.") from None


def _refuse_unreadable(text: str, path: Path) -> None:
    """Refuse to write what could not be read again."""
    try:
        _STATE.validate_json(text)
    except ValidationError:
        raise CacheError(f"{path} cannot keep these tokens, which have characters that tokens cannot have.") from None
    if len(text) > private_file.LARGEST:
        raise CacheError(f"{path} cannot keep these tokens, which are longer than any.")


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
            private_file.make_folder(self._folder)
            self._lock.acquire()
        except Timeout:
            raise CacheBusyError(
                f"{self.path} is held by another run for more than {LOCK_TIMEOUT:g} s: end that run."
            ) from None
        except private_file.UnfitError as error:
            raise CacheError(f"{self._folder} {error}: {_OTHER_FOLDER}.") from None
        except OSError as error:
            raise CacheError(f"{self._folder} cannot be used ({error.strerror}): {_OTHER_FOLDER}.") from None
        try:
            self._sweep()
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
        _refuse_unreadable(text, self.path)
        try:
            private_file.write(self.path, text.encode(), self._unfinished)
        except OSError as error:
            raise CacheError(
                f"{self.path} cannot be written ({error.strerror}): free space or set PROCORE_TOKEN_CACHE."
            ) from None

    def _sweep(self) -> None:
        """Remove what a killed run left half written: under the lock, nobody else is writing."""
        with suppress(OSError):
            for left in self._folder.glob(f"{escape(self._unfinished)}*"):
                left.unlink(missing_ok=True)
