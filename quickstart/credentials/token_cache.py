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
from quickstart.credentials.sealing import Seal, SealError
from quickstart.run.tokens import Pair

VERSION = 1
PLAIN, SEALED = ".json", ".sealed"  # the ends of names of files, as they are and encrypted
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


class UnsharedError(CacheError):
    """The tokens are kept on this machine, and not where other machines find them."""


class AnotherError(CacheError):
    """What is there are tokens of another app or environment."""


class CacheBusyError(CacheError):
    """Another run holds the cache, and may be refreshing; a token must not be spent behind its back."""


@dataclass(frozen=True)
class State:
    """What the file holds.

    ``expires_at`` is Unix seconds by our clock; ``pending`` the digest of the refresh token that is being spent, or
    empty; ``spent`` digests of used-up secrets; ``asked`` the digest of the ``state`` of the last authorize URL;
    ``kept_at`` when the tokens came, by our clock too, which may be set back later; ``pending_at`` when the refresh
    began. What a store holds besides is known to one machine alone: ``seen`` are digests of contents of the store that
    this file has taken up or gone beyond, ``unsaved`` says that the store has not got what is here.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(strict=True)

    access_token: _Bearer | None = None
    refresh_token: _Refresh | None = None
    expires_at: _Time = 0.0
    pending: _Digest = ""
    spent: tuple[_Digest, ...] = ()
    asked: _Digest = ""
    kept_at: _Time = 0.0
    pending_at: _Time = 0.0
    seen: tuple[_Digest, ...] = ()
    unsaved: bool = False

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

    def and_seen(self, *texts: str) -> tuple[str, ...]:
        """Return the digests to remember once a store has held ``texts``."""
        new = [digest(text) for text in texts if text]
        return (*(old for old in self.seen if old not in new), *new)[-REMEMBERED:]


@dataclass(frozen=True)
class _Head:
    version: int
    of: str = ""


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
    """Return the files of all apps that have tokens of this login host, encrypted or not."""
    name = f"{escape(_host(login_url))}-{'[0-9a-f]' * 16}"
    return sorted(path for suffix in (PLAIN, SEALED) for path in (folder or default_folder()).glob(name + suffix))


def parsed(path: Path, seal: Seal) -> State:
    """Read the file at ``path``; an empty State where there is none.

    Raises:
        CacheError: the file is damaged, of another version, a link, somebody else's, open to other users, or encrypted
            with another key.
    """
    try:
        content = private_file.read(path)
    except private_file.UnfitError as error:
        raise CacheError(f"{path} {error}: {_START_OVER}.") from None
    return State() if content is None else state_in(content, seal, of=path.stem, where=str(path))


def state_in(content: bytes, seal: Seal, *, of: str, where: str, then: str = _START_OVER) -> State:
    """Return what ``content`` holds, which stands ``where`` and is that of the app and login host called ``of``.

    Raises:
        CacheError: it is damaged, of another version, app or login host, or encrypted with another key.
    """
    try:
        content = seal.opened(content)
        head = _HEAD.validate_json(content)
        if head.version != VERSION:
            raise CacheError(f"{where} was written by another version of the suite: {then}.")
        if head.of not in {"", of}:  # files had no name in them once
            raise AnotherError(f"{where} is of another app or environment ({_word(head.of)}, not {of}): {then}.")
        return _STATE.validate_json(content)
    except SealError as error:
        raise CacheError(f"{where} {error}: {then}.") from None
    except ValidationError:
        raise CacheError(f"{where} is damaged: {then}.") from None


def _word(text: str) -> str:
    return "".join(c for c in text if c.isascii() and (c.isalnum() or c in "-._"))[:80]


def text_of(state: State, of: str, *leave_out: str) -> str:
    """Return ``state`` as it is written, with the name of whose it is and without the members to ``leave_out``."""
    members = {name: value for name, value in asdict(state).items() if name not in leave_out}
    return json.dumps({"version": VERSION, "of": of, **members})


def _refuse_unreadable(text: str, content: bytes, path: Path) -> None:
    """Refuse to write what could not be read again."""
    try:
        _STATE.validate_json(text)
    except ValidationError:
        raise CacheError(f"{path} cannot keep these tokens, which have characters that tokens cannot have.") from None
    if len(content) > private_file.LARGEST:
        raise CacheError(f"{path} cannot keep these tokens, which are longer than any.")


class TokenCache:
    """The file of one login host and client id, under ``folder`` or the user's cache folder, encrypted with a key."""

    gave_way = False  # whether another run was found to spend the token, and this one waited for what it left

    def __init__(self, login_url: str, client_id: str, folder: Path | None = None, key: str | None = None) -> None:
        self.login_url = login_url
        self.seal = Seal(key)
        self._folder = folder or default_folder()
        self.name = f"{_host(login_url)}-{digest(client_id)[:16]}"  # of whose tokens these are
        self.path = self._folder / f"{self.name}{SEALED if key else PLAIN}"
        self._unfinished = f".{self.path.stem}-"
        self._lock = FileLock(self.path.with_suffix(".lock"), timeout=LOCK_TIMEOUT, mode=0o600)

    @property
    def is_for_pipelines(self) -> bool:
        """Whether the user made it to outlive the machine, so that a token which is not there is lost."""
        return self.seal.is_set

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
        return parsed(self.path, self.seal)

    def save(self, state: State) -> None:
        """Write the file as a whole: temporary file, fsync, replace. Call it under the lock.

        Raises:
            CacheError: it cannot be written; the old file is still there.
        """
        text = text_of(state, self.name)
        content = self.seal.closed(text.encode())
        _refuse_unreadable(text, content, self.path)
        try:
            private_file.write(self.path, content, self._unfinished)
        except OSError as error:
            raise CacheError(
                f"{self.path} cannot be written ({error.strerror}): free space or set PROCORE_TOKEN_CACHE."
            ) from None

    def _sweep(self) -> None:
        """Remove what a killed run left half written: under the lock, nobody else is writing."""
        with suppress(OSError):
            for left in self._folder.glob(f"{escape(self._unfinished)}*"):
                left.unlink(missing_ok=True)
