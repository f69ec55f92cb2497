"""Finds the token of a run: cached, refreshed, exchanged for a code, or of the service account, in this order."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from quickstart.answer import Answer, CouldNotTest
from quickstart.oauth import FRESH_FOR, REFUSALS_ALLOWED, Credentials, Pair
from quickstart.run import Run, pair_of
from quickstart.token_cache import CacheError, State, TokenCache, digest

NEVER_SENT = frozenset(
    {"certificate", "tls", "dns", "proxy", "connect"}
)  # kinds of Failure before the request went out
REMEMBERED = 20  # digests of spent codes and refresh tokens
CACHE, REFRESH, CODE, SERVICE_ACCOUNT = "cache", "refresh", "token", "client-credentials"


class RecordedTokenSource:
    """In replay the recording says which grant gave the run its token; nothing else is looked at."""

    def __init__(self, name: str, credentials: Credentials) -> None:
        self.name = name
        self.notes: list[str] = []
        self._credentials = credentials

    def find(self, run: Run) -> Pair:
        """Return the recorded tokens."""
        if self.name == CACHE:
            if self._credentials.cached is None:
                raise CouldNotTest("the recording was made with a cached token and does not hold its stand-in")
            return self._credentials.cached
        return pair_of(run.answer(self.name))

    def refresh_token(self) -> str | None:
        """Return the stand-in of the refresh token that the recorded run began with."""
        return self._credentials.refresh_token

    def may_send(self, name: str) -> str | None:
        """Whatever was recorded may be played."""

    @contextmanager
    def before(self, name: str) -> Iterator[None]:  # noqa: ARG002 - the protocol's own signature
        """Replay spends nothing."""
        yield

    def store(self, answer: Answer) -> None:
        """Replay keeps nothing."""


class LiveTokenSource:
    """Tries the ways to a token in order; what it spends, it notes in the cache before it is used."""

    def __init__(self, credentials: Credentials, cache: TokenCache) -> None:
        self._credentials = credentials
        self._cache = cache
        self._state = cache.load()
        self._refusals = 0
        self.notes: list[str] = []
        self.name = self._first_way()
        self._first_refresh_token = self._usable_refresh_token()

    def _first_way(self) -> str:
        pair = self._state.pair
        if pair is not None and pair.expires_at - time.time() > FRESH_FOR:
            return CACHE
        if self._usable_refresh_token() is not None:
            return REFRESH
        return CODE if self._unspent_code() else SERVICE_ACCOUNT

    def _usable_refresh_token(self) -> str | None:
        """The cached refresh token, else the given one if it was not used before."""
        if self._state.pending:
            return None
        given = self._credentials.refresh_token
        return self._state.refresh_token or (given if given and not self._state.has_spent(given) else None)

    def _unspent_code(self) -> str | None:
        code = self._credentials.authorization_code
        return code if code and not self._state.has_spent(code) else None

    def find(self, run: Run) -> Pair:
        """Return the tokens of the run, trying one way after the other; three refusals end it.

        Raises:
            CouldNotTest: no way led to a token.
        """
        with self._cache.locked():
            self._state = self._cache.load()
            self.name = self._first_way()
            self._first_refresh_token = self._usable_refresh_token()
            if self.name == CACHE and self._state.pair is not None:
                return self._state.pair
            if self._state.pending:
                self.notes.append(
                    "an earlier run ended while it refreshed: authorize again (python -m quickstart authorize)"
                )
            ways = (REFRESH, CODE, SERVICE_ACCOUNT)
            for way in ways[ways.index(self.name) :]:
                pair = self._try(run, way)
                if pair is not None:
                    return pair
                if self._refusals >= REFUSALS_ALLOWED:
                    break
        raise CouldNotTest("no token: " + "; ".join(self.notes or ["no credentials worked"]))

    def _try(self, run: Run, way: str) -> Pair | None:
        if way == REFRESH and self._usable_refresh_token() is None:
            return None
        if way == CODE and self._unspent_code() is None:
            return None
        self.name = way
        result = run.obtain(way)
        if isinstance(result, Answer) and result.as_expected:
            try:
                return pair_of(result)
            except CouldNotTest as error:
                self.notes.append(str(error))
                return None
        self._refusals += 1
        self.notes.append(f"{way}: {result.outcome if isinstance(result, Answer) else result}")
        return None

    def refresh_token(self) -> str | None:
        """Return the refresh token that the run begins with."""
        return self._first_refresh_token

    def may_send(self, name: str) -> str | None:
        """Say why the code or the service account is not tried: another way gave the run its token."""
        if name == "token-wrong-redirect-uri" and self.name != CODE:
            return "the run's token does not come from an authorization code"
        if name == CODE and self.name != CODE:
            spent = self._credentials.authorization_code and not self._unspent_code()
            return (
                "the authorization code given was exchanged by an earlier run"
                if spent
                else f"the run's token comes from {self.name}, so no code is exchanged"
            )
        return None

    @contextmanager
    def before(self, name: str) -> Iterator[None]:
        """Leave a note that a refresh is under way, for the next run should this one die now."""
        if name != REFRESH:
            yield
            return
        # The lock may be nested: `find` holds it already when the refresh is how the run gets its token.
        with self._cache.locked():
            self._save(replace(self._state, pending=True))
            yield

    def store(self, answer: Answer) -> None:
        """Keep a user's new tokens before they are used, and note what was spent for them."""
        if answer.name not in {CODE, REFRESH}:
            return
        if answer.as_expected:
            self._keep(answer)
        elif answer.status is not None or (answer.failure and answer.failure.kind in NEVER_SENT):
            self._save(replace(self._state, pending=False))  # refused or never sent: nothing was spent

    def _keep(self, answer: Answer) -> None:
        try:
            pair = pair_of(answer)
        except CouldNotTest:
            return
        given = self._credentials
        spent = given.authorization_code if answer.name == CODE else given.refresh_token
        self._save(
            State(
                access_token=pair.access_token,
                refresh_token=pair.refresh_token,
                expires_at=pair.expires_at,
                spent=(*self._state.spent, *([digest(spent)] if spent else []))[-REMEMBERED:],
            )
        )

    def _save(self, state: State) -> None:
        self._state = state
        try:
            self._cache.save(state)
        except CacheError as error:
            if str(error) not in self.notes:
                self.notes.append(str(error))
