"""Machines of a pipeline in this process: each with a cache of its own, and one store and one endpoint for all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from quickstart.credentials.ledger import Ledger
from quickstart.credentials.settings import Application
from quickstart.credentials.stored_cache import cache_for
from quickstart.credentials.token_cache import State, TokenCache
from quickstart.credentials.token_source import LiveTokenSource
from quickstart.exchange.answer import CouldNotTest
from quickstart.run.run import Run
from quickstart.run.tokens import Credentials
from quickstart.secrecy.redaction import Redactor
from selftests.support.refreshing import FIRST, SANDBOX, Endpoint, Found, exchanges
from selftests.support.stores import Shelf

CLIENT = ("an-id-of-nobody", "a-secret-of-nobody")


def cache_of(home: Path, store: Shelf, login_url: str, redactor: Redactor, key: str | None = None) -> TokenCache:
    """The cache that these settings ask for."""
    given: dict[str, Any] = {
        "_env_file": None,
        "client_id": CLIENT[0],
        "client_secret": CLIENT[1],
        "token_cache": str(home),
    }
    given |= {"token_store": store.command} | ({"token_cache_key": key} if key else {})
    return cache_for(login_url, Application(**given), redactor)


class Machine:
    """A machine with a cache of its own, an endpoint and a store that others have, too."""

    def __init__(self, folder: Path, name: str, store: Shelf, key: str | None = None) -> None:
        self.folder, self.home, self.store, self.key = folder, folder / name, store, key
        self.redactor = Redactor()
        self.endpoint = Endpoint(folder)

    @property
    def cache(self) -> TokenCache:
        """The one that the settings of this machine ask for."""
        return cache_of(self.home, self.store, SANDBOX.login_url, self.redactor, self.key)

    def find(self) -> Found:
        """Search for a token as a run does."""
        credentials = Credentials(*CLIENT, "urn:ietf:wg:oauth:2.0:oob", 7)
        source = LiveTokenSource(credentials, Ledger(credentials, self.cache, self.redactor.learn))
        run = Run(
            exchanges(),
            target=SANDBOX,
            credentials=credentials,
            source=source,
            client=self.endpoint,  # type: ignore[arg-type]
            redactor=self.redactor,
            cassettes=None,
        )
        try:
            run.pair()
        except CouldNotTest as error:
            return Found(None, str(error), source.notes)
        return Found(source.name, "\n".join(source.notes), source.notes)

    def keep(self, **changes: object) -> State:
        """Have an expired access token, and a refresh token that works, here and in the store."""
        (self.folder / "live").write_text(FIRST, encoding="utf-8")
        state = State(**{"access_token": "an-old-token", "refresh_token": FIRST, **changes})  # type: ignore[arg-type]
        with self.cache.locked():
            self.cache.save(state)
        return state


def another(first: Machine, name: str = "second", key: str | None = None) -> Machine:
    """A machine that is new."""
    return Machine(first.folder, name, first.store, key)
