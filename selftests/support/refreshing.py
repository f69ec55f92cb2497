"""The search for a token as a run makes it, in this process: real cache, ledger and run, and a token endpoint of files.

The endpoint stands in a folder, so that it outlives a process that is killed. ``sent`` has a line for each grant that
it was asked for; ``live`` has the refresh token that works.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from requests.structures import CaseInsensitiveDict

from quickstart.credentials.ledger import Ledger
from quickstart.credentials.token_cache import VERSION, State, TokenCache
from quickstart.credentials.token_source import LiveTokenSource
from quickstart.exchange import definitions
from quickstart.exchange.answer import CouldNotTest, Failure
from quickstart.exchange.messages import Reply, Request, Rest
from quickstart.exchange.targets import TARGETS
from quickstart.run.run import Run
from quickstart.run.tokens import Credentials
from quickstart.secrecy.redaction import Redactor

SANDBOX = TARGETS["sandbox"]
FIRST = "the-first-refresh-token"
exchanges = cache(definitions.load)


def put(path: Path, content: bytes, mode: int = 0o600) -> None:
    """A file that nobody else may read, unless told otherwise."""
    path.write_bytes(content)
    path.chmod(mode)


@dataclass
class Endpoint:
    """Answers grants. ``reply`` may answer a refresh instead, once the token is spent or not, as it likes."""

    folder: Path
    reply: Callable[[Request], Reply] | None = None

    @property
    def sent(self) -> list[str]:
        """The refresh tokens that came, or the names of other grants."""
        path = self.folder / "sent"
        return path.read_text(encoding="utf-8").splitlines() if path.exists() else []

    def send(self, request: Request, rest: Rest | None = None) -> Reply:  # noqa: ARG002 - the client's own signature
        """Answer as Procore does: a refresh token works once, and yields another."""
        grant = request.form["grant_type"]
        token = request.form.get("refresh_token", grant)
        with (self.folder / "sent").open("a", encoding="utf-8") as file:
            print(token, file=file, flush=True)
        if grant == "client_credentials":
            return answered({"access_token": "a-token-of-the-service-account", "expires_in": 5400})
        if self.reply is not None:
            return self.reply(request)
        live = self.folder / "live"
        if token != live.read_text(encoding="utf-8"):
            return answered({"error": "invalid_grant"}, 400)
        live.write_text(f"{token}+", encoding="utf-8")
        return answered({"access_token": f"access-of-{token}", "refresh_token": f"{token}+", "expires_in": 5400})


def answered(document: object, status: int = 200) -> Reply:
    """A reply with JSON."""
    headers = CaseInsensitiveDict({"Content-Type": "application/json"})
    return Reply(SANDBOX.login_url, 0.0, status, headers, json.dumps(document).encode())


def failed(kind: str) -> Reply:
    """No reply."""
    return Reply(SANDBOX.login_url, 0.0, failure=Failure(kind, kind))


@dataclass(frozen=True)
class Found:
    """What a search came to: the way of the token or nothing, and what the user is told."""

    way: str | None
    said: str
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Bench:
    """A folder with an endpoint and a cache in it."""

    folder: Path

    @property
    def endpoint(self) -> Endpoint:
        """The healthy one."""
        return Endpoint(self.folder)

    @property
    def cache(self) -> TokenCache:
        """The cache of the app."""
        return TokenCache(SANDBOX.login_url, "an-id-of-nobody", self.folder / "tokens")

    def plant(self, **changes: object) -> bytes:
        """Have an expired access token and a refresh token that works, and return what the file holds."""
        (self.folder / "live").write_text(FIRST, encoding="utf-8")
        state = State(**{"access_token": "an-old-token", "refresh_token": FIRST, **changes})  # type: ignore[arg-type]
        content = json.dumps({"version": VERSION, **asdict(state)}).encode()
        self.cache.path.parent.mkdir(mode=0o700, exist_ok=True)
        put(self.cache.path, content)
        return content

    def run(self, endpoint: Endpoint | None = None, *, disruptive: bool = False) -> Run:
        """A new run, which has sent nothing yet."""
        credentials = Credentials("an-id-of-nobody", "a-secret-of-nobody", "urn:ietf:wg:oauth:2.0:oob", 7)
        source = LiveTokenSource(credentials, Ledger(credentials, self.cache, lambda *_: None))
        return Run(
            exchanges(),
            target=SANDBOX,
            credentials=credentials,
            source=source,
            client=endpoint or self.endpoint,  # type: ignore[arg-type]
            redactor=Redactor(),
            cassettes=None,
            disruptive=disruptive,
        )

    def find(self, endpoint: Endpoint | None = None, trace: Callable[..., Any] | None = None) -> Found:
        """Search for a token as a new run does; ``trace`` is told of each line of the search."""
        run = self.run(endpoint)
        source = run.source
        if trace is not None:
            sys.settrace(trace)
        try:
            run.pair()
        except CouldNotTest as error:
            return Found(None, str(error), source.notes)
        finally:
            if trace is not None:
                sys.settrace(None)
        return Found(source.name, "\n".join(source.notes), source.notes)


def left_half_written(bench: Bench) -> list[str]:
    """What stands in the cache's folder that is neither cache nor lock."""
    kept = {bench.cache.path.name, bench.cache.path.with_suffix(".lock").name}
    return sorted({path.name for path in bench.cache.path.parent.iterdir()} - kept)
