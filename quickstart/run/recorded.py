"""The token of a run that plays recordings: the one that was recorded."""

from collections.abc import Iterator
from contextlib import contextmanager

from quickstart.exchange.answer import Answer, CouldNotTest
from quickstart.run.tokens import CACHE, Credentials, Exchanges, Pair, pair_of


class RecordedTokenSource:
    """In replay the recording says which grant gave the run its token; nothing else is looked at."""

    def __init__(self, name: str, credentials: Credentials) -> None:
        self.name = name
        self.ways: tuple[str, ...] = (name,)
        self.notes: list[str] = []
        self._credentials = credentials

    def find(self, run: Exchanges) -> Pair:
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

    def gave_up(self) -> str | None:
        """Replay provokes nobody."""

    @contextmanager
    def before(self, name: str) -> Iterator[None]:  # noqa: ARG002 - the protocol's own signature
        """Replay spends nothing."""
        yield

    def store(self, answer: Answer) -> None:
        """Replay keeps nothing."""
