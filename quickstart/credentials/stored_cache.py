"""A token cache whose content stands in a store as well, for machines that are new each night.

The file of this machine is written first and the store after it, so that whatever becomes of the store, the successor
of a refresh token is in one place at least. A refresh is noted in both before its token is sent. What the store shows
counts, unless this machine has seen it before: then what is here is newer (some stores show what they held when a
job began).
"""

import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from quickstart.credentials.settings import Application
from quickstart.credentials.sources import SECRETS, variable
from quickstart.credentials.store import Store, StoreError
from quickstart.credentials.token_cache import (
    AGAIN,
    LOCK_TIMEOUT,
    CacheError,
    State,
    TokenCache,
    UnsharedError,
    digest,
    state_in,
    text_of,
)
from quickstart.secrecy.patterns import looks_secret
from quickstart.secrecy.redaction import Redactor

SETTLE = 1.0  # seconds after which a note is looked at again, should another run have written one at the same time
POLL = 2.0  # seconds between two looks at what another run is doing
PAUSES = (0.0, 1.0, 3.0)  # seconds before each try to save new tokens, which stand nowhere else
HERE_ALONE = ("asked", "seen", "unsaved")  # members that are no business of other machines
_WHERE = "What the token store (PROCORE_TOKEN_STORE) holds"
_EMPTY_IT = f"empty the store and {AGAIN}"
_GAVE_WAY = "another run refreshed with the same token at the same time, and this one gave way to it."
_OF_SECRETS = re.compile("token|secret|password|key|auth|credential", re.IGNORECASE)  # in names of variables


class StoredCache(TokenCache):
    """The cache of one login host and client id, whose tokens the store behind ``command`` holds, too."""

    def __init__(
        self,
        login_url: str,
        client_id: str,
        folder: Path | None,
        key: str | None,
        *,
        command: str,
        redactor: Redactor,
    ) -> None:
        super().__init__(login_url, client_id, folder, key)
        self._store = Store(command, self.name, redactor.line)
        self._redactor = redactor
        self._depth = 0

    @property
    def is_for_pipelines(self) -> bool:
        """A store is for nothing else."""
        return True

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold this machine's file, and take up what the store holds; another run that refreshes is waited for.

        Raises:
            CacheBusyError: another process of this machine holds the file for too long.
            CacheError: the file or the store cannot be used.
        """
        with super().locked():
            if not self._depth:
                self._take_up()
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1

    def save(self, state: State) -> None:
        """Keep ``state`` here, then in the store. Call it under the lock.

        Raises:
            UnsharedError: it has new tokens, and they are kept here alone.
            CacheError: it is not kept in the store.
        """
        before = self.load()
        state = replace(state, seen=before.seen, unsaved=before.unsaved)
        if self._text(state) == self._text(before) or _only_lost(before, state):
            self._keep(state)
        elif state.pending and state.pending_at != before.pending_at:
            self._note(before, state)
        else:
            self._keep(replace(state, unsaved=True))
            self._share(state)

    def shown(self) -> State | None:
        """Return what the store shows, where it shows anything; nothing is changed.

        Raises:
            CacheError: the store cannot be used, or what it holds.
        """
        text = self._store.load()
        if not text:
            return None
        state = state_in(text.encode(), self.seal, of=self.name, where=_WHERE, then=_EMPTY_IT)
        for kind, secret in (("access-token", state.access_token), ("refresh-token", state.refresh_token)):
            if secret:
                self._redactor.learn(kind, secret)
        return state

    def _text(self, state: State) -> str:
        return text_of(state, self.name, *HERE_ALONE)

    def _keep(self, state: State) -> None:
        """Keep ``state`` on this machine."""
        super().save(state)

    def _put(self, state: State) -> None:
        """Keep ``state`` in the store."""
        self._store.save(self.seal.closed(self._text(state).encode()).decode())

    def _take_up(self) -> None:
        """Bring this machine's file and the store together: whichever is newer counts."""
        shown, mine = self.shown(), self.load()
        if shown is not None and digest(self._text(shown)) not in mine.seen:
            shown = self._when_settled(shown)
            self._keep(replace(shown, asked=mine.asked, seen=mine.and_seen(self._text(shown)), unsaved=False))
        elif mine.unsaved or (shown is None and not mine.seen and (mine.access_token or mine.refresh_token)):
            self._share(mine)

    def _when_settled(self, shown: State) -> State:
        """Return what the store shows once no other run is refreshing, or none can be any more."""
        until = time.monotonic() + LOCK_TIMEOUT
        while shown.pending and time.time() - shown.pending_at < LOCK_TIMEOUT and time.monotonic() < until:
            time.sleep(POLL)
            shown = self.shown() or shown
        return shown

    def _note(self, before: State, state: State) -> None:
        """Note in both places that a refresh token is being spent, unless another run is at it; else change nothing.

        A store that locks refuses one of two such notes. Of any other that shows what it was given last, the run
        whose note is there after a moment goes on.
        """
        known = before.and_seen(self._text(before), self._text(state))
        back = replace(before, seen=known)
        self._keep(replace(state, seen=known))
        failed = self._failure_to_put(state)
        try:
            shown = self.shown()
        except CacheError as error:
            if failed is None and isinstance(error, StoreError):
                return  # it has the note: it said so
            self._keep(back)
            raise failed or error from None
        text = "" if shown is None else self._text(shown)
        if text and digest(text) not in known:
            self._keep(back)
            self.gave_way = True
            self._take_up()
            raise CacheError(_GAVE_WAY)
        if failed is not None and text != self._text(state):
            self._keep(back)
            raise failed

    def _failure_to_put(self, state: State) -> StoreError | None:
        try:
            self._put(state)
        except StoreError as error:
            return error
        time.sleep(SETTLE)
        return None

    def _share(self, state: State) -> None:
        """Keep in the store what is kept here already, whatever the store holds: it is what came last."""
        failed: StoreError | None = None
        for pause in PAUSES:
            time.sleep(pause)
            try:
                self._put(state)
            except StoreError as error:
                failed = error
                with suppress(StoreError):
                    self._store.load()  # to save over it, one must have seen it, where the store locks
            else:
                self._keep(replace(state, seen=state.and_seen(self._text(state)), unsaved=False))
                return
        raise UnsharedError(
            f"{failed} The tokens that came last are in {self.path} alone, and the store has not got them: let the "
            f"command save, and run again while this machine is there; otherwise {AGAIN}."
        )


def _only_lost(before: State, state: State) -> bool:
    """Whether a refresh token is gone and nothing came for it: then another run may have put its successor there.

    The note in the store keeps whoever finds it from sending that token again.
    """
    return bool(before.refresh_token) and not state.refresh_token and before.access_token == state.access_token


def cache_for(login_url: str, application: Application, redactor: Redactor) -> TokenCache:
    """Return the cache that the settings ask for: a file, and a store where there is a command."""
    client_id = application.client_id.get_secret_value()
    key = application.token_cache_key.get_secret_value() if application.token_cache_key else None
    if application.token_store is None:
        return TokenCache(login_url, client_id, application.token_cache, key)
    _learn_around(application.token_store, redactor)
    return StoredCache(
        login_url, client_id, application.token_cache, key, command=application.token_store, redactor=redactor
    )


def _learn_around(command: str, redactor: Redactor) -> None:
    """Tell the redactor of what the command may complain with: credentials in its words, and in its environment."""
    ours = tuple(map(variable, SECRETS))
    named = [value for name, value in os.environ.items() if _OF_SECRETS.search(name) and name not in ours]
    for word in (*named, *re.split(r"[\s=:\"']+", command)):
        if looks_secret(word) and not os.path.lexists(word):
            redactor.learn("password", word)
