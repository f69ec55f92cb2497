"""The books on tokens: which are kept, which are spent, and which may be, in the cache or else in memory."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace

from quickstart.credentials.token_cache import CacheBusyError, CacheError, State, TokenCache, digest
from quickstart.exchange.answer import UNREACHABLE, Answer, CouldNotTest
from quickstart.run.tokens import Credentials, Pair, error_code, pair_of


class Ledger:
    """Notes what is spent before it is used, and keeps what came before that is used.

    Where the cache cannot be used, it goes on in memory. No refresh token is spent then: the token that comes in
    exchange would be lost with the run.
    """

    def __init__(self, credentials: Credentials, cache: TokenCache, learn: Callable[[str, str], object]) -> None:
        """``learn(kind, secret)`` tells the redactor of what the cache holds, before anything else is done with it."""
        self._credentials = credentials
        self._cache = cache
        self._learn = learn
        self._state = State()
        self._spending: str | None = None
        self.in_memory = False
        self.notes: list[str] = []
        self._load()

    def note(self, text: str) -> None:
        """Tell the user, once."""
        if text not in self.notes:
            self.notes.append(text)

    def _load(self) -> None:
        try:
            self._read()
        except CacheError as error:
            self._go_on_in_memory(error)

    def _read(self) -> None:
        self._state = self._cache.load()
        for kind, secret in (("access-token", self._state.access_token), ("refresh-token", self._state.refresh_token)):
            if secret:
                self._learn(kind, secret)

    def _go_on_in_memory(self, error: CacheError) -> None:
        self.in_memory = True
        self.note(f"{error} This run keeps its tokens in memory, and spends no refresh token.")

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the cache against other runs, and read what they left, where it can be used.

        Raises:
            CouldNotTest: another run holds it for too long.
        """
        with ExitStack() as stack:
            if not self.in_memory:
                try:
                    stack.enter_context(self._cache.locked())
                except CacheBusyError as error:
                    raise CouldNotTest(str(error)) from None
                except CacheError as error:
                    self._go_on_in_memory(error)
                self._load()
            yield

    # --- what there is

    @property
    def pair(self) -> Pair | None:
        """The cached tokens, however old."""
        return self._state.pair

    @property
    def is_interrupted(self) -> bool:
        """Whether an earlier run ended while it refreshed, so that its token may be spent."""
        return bool(self._state.pending)

    def usable_refresh_token(self) -> str | None:
        """Return the cached refresh token, else the given one, unless it was used or may have been."""
        if self.in_memory:
            return None
        given = self._credentials.refresh_token
        known = (self._state.refresh_token, given if given and not self._state.has_spent(given) else None)
        return next((token for token in known if token and digest(token) != self._state.pending), None)

    def lacks_refresh_token(self) -> bool:
        """Whether the refresh token that was given is spent, and no other one came for it."""
        given = self._credentials.refresh_token
        return bool(given and self._state.has_spent(given) and not self._state.refresh_token)

    def unspent_code(self) -> str | None:
        """Return the authorization code that was given, unless it was exchanged or refused before."""
        code = self._credentials.authorization_code
        tried = code and (self._state.has_spent(code) or self._state.has_spent(self._code_as_sent(code)))
        return None if tried else code

    def _code_as_sent(self, code: str) -> str:
        """A code that was refused may work with the right redirect URI, so both together are remembered."""
        return f"{code} {self._credentials.redirect_uri}"

    # --- what happens to it

    @contextmanager
    def spending(self, token: str | None, *, must_be_cached: bool) -> Iterator[None]:
        """Leave a note that ``token`` is being spent, for the next run should this one die now, and hold the cache.

        Raises:
            CouldNotTest: the note cannot be left, or another run has spent the token.
        """
        with ExitStack() as stack:
            try:
                # The lock may be nested: it is held already when the refresh is how the run gets its token.
                stack.enter_context(self._cache.locked())
                self._read()
                if token is None or (must_be_cached and self._state.refresh_token != token):
                    raise CouldNotTest("another run refreshed meanwhile, so this run's refresh token is spent")
                self._spending = token
                self._state = replace(self._state, pending=digest(token))
                self._cache.save(self._state)
            except CacheError as error:
                raise CouldNotTest(f"the refresh token is not spent: {error}") from None
            yield

    def refreshed(self, answer: Answer) -> None:
        """Keep what came for the refresh token, or note that it is dead, or that nothing was spent."""
        token, self._spending = self._spending, None
        if answer.as_expected:
            self._save(_with_pair(answer, State(spent=self._state.and_spent(token))))
        elif error_code(answer) == "invalid_grant":
            kept = None if self._state.refresh_token == token else self._state.refresh_token
            spent = self._state.and_spent(token)
            self._save(replace(self._state, refresh_token=kept, expires_at=0.0, pending="", spent=spent))
        elif answer.status is not None or (answer.failure and answer.failure.kind in UNREACHABLE):
            self._save(replace(self._state, pending=""))  # refused or never sent: nothing was spent

    def exchanged(self, answer: Answer) -> None:
        """Keep what came for the authorization code, or note that it was refused."""
        code = self._credentials.authorization_code or ""
        if answer.as_expected:
            self._save(_with_pair(answer, State(spent=self._state.and_spent(code))))
        elif error_code(answer) == "invalid_grant":
            self._save(replace(self._state, spent=self._state.and_spent(self._code_as_sent(code))))

    def forget_access_token(self, pair: Pair) -> None:
        """A cached token that the API refuses was revoked elsewhere; the next run must not begin with it."""
        if self.in_memory:
            return
        try:
            with self._cache.locked():
                state = self._cache.load()
                if state.access_token == pair.access_token:
                    self._cache.save(replace(state, access_token=None, expires_at=0.0))
        except CacheError as error:
            self.note(str(error))

    def _save(self, state: State) -> None:
        self._state = state
        if self.in_memory:
            return
        try:
            self._cache.save(state)
        except CacheError as error:
            self.note(f"{error} The new tokens of this run are lost with it.")


def _with_pair(answer: Answer, state: State) -> State:
    try:
        pair = pair_of(answer)
    except CouldNotTest:
        return state
    return replace(state, access_token=pair.access_token, refresh_token=pair.refresh_token, expires_at=pair.expires_at)
