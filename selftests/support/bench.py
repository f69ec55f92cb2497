"""Runs of the suite and its commands in processes of their own, against a stand-in in this one."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from quickstart.credentials.token_cache import VERSION, State, TokenCache
from quickstart.run.tokens import Pair
from selftests.support.desk import Desk
from selftests.support.passing import Passing
from selftests.support.processes import python
from selftests.support.project import NO_HYPOTHESIS, ROOT
from standin.http.messages import Request
from standin.server.running import Procore

LOGIN = "https://login-sandbox.procore.com"
PROXIES = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy")
QUIET = ("-q", "-p", "no:cacheprovider")
SMOKE = (*QUIET, "-m", "smoke")
NO_CODE = {"PROCORE_AUTHORIZATION_CODE": ""}
SECONDS = 120  # that any one process may take


def environment(procore: Procore, changes: Mapping[str, str]) -> dict[str, str]:
    """The stand-in's environment with changes; an empty value is as good as none."""
    kept = {name: value for name, value in procore.environment.items() if not name.startswith(("GITHUB_", "PYTEST_"))}
    return {**kept, **NO_HYPOTHESIS, **changes}


def command(*arguments: str) -> list[str]:
    """The command line of a live run."""
    return [sys.executable, "-m", "pytest", "--target=sandbox", *arguments]


def started(
    procore: Procore, line: Sequence[str], changes: Mapping[str, str] = NO_CODE, folder: Path = ROOT
) -> subprocess.Popen[str]:
    """A process that runs on its own; its output is one stream."""
    return subprocess.Popen(
        list(line),
        cwd=folder,
        env=environment(procore, changes),
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def ended(process: subprocess.Popen[str], said: str = "") -> tuple[int, str]:
    """Exit code and output of a process, once it is told what to read from its standard input."""
    output, _ = process.communicate(said, timeout=SECONDS)
    return process.returncode, output


def suite(procore: Procore, *arguments: str, changes: Mapping[str, str] = NO_CODE) -> tuple[int, str]:
    """Exit code and output of a live run; without other ``changes``, with no authorization code."""
    return python("pytest", "--target=sandbox", *arguments, environment=environment(procore, changes))


def hurried(procore: Procore, *arguments: str, changes: Mapping[str, str] = NO_CODE) -> tuple[int, str]:
    """The same, where what the run waits away passes at once, for it and for the stand-in."""
    place = Path(procore.variables["PROCORE_TOKEN_CACHE"]).with_name("seconds")
    passing = Passing(place)
    procore.world.clock.follow(lambda: passing.seconds)
    line = ("--target=sandbox", *arguments)
    return python("pytest", *line, environment=environment(procore, changes), at_once=place)


def quickstart(
    procore: Procore,
    *arguments: str,
    said: str = "",
    changes: Mapping[str, str] | None = None,
    at_once: bool = False,
) -> tuple[int, str]:
    """Exit code and output of ``python -m quickstart``; what it waits for may be there ``at_once``."""
    surroundings = environment(procore, changes or {})
    return python("quickstart", *arguments, environment=surroundings, said=said, at_once=at_once)


def cache(procore: Procore) -> TokenCache:
    """The cache that runs against this stand-in use."""
    folder = Path(procore.variables["PROCORE_TOKEN_CACHE"])
    return TokenCache(LOGIN, procore.variables["PROCORE_CLIENT_ID"], folder)


def user_pair(procore: Procore) -> Pair:
    """Tokens that the stand-in has just issued to the user."""
    with procore.world.lock:
        body = Desk(procore.world).exchange().body
    return Pair(body["access_token"], body["refresh_token"])


def plant(procore: Procore, **changes: object) -> State:
    """Cache a user's pair whose access token is about to expire, and return what the cache holds."""
    pair = user_pair(procore)
    state = State(**{"access_token": pair.access_token, "refresh_token": pair.refresh_token, **changes})  # type: ignore[arg-type]
    write(cache(procore).path, json.dumps({"version": VERSION, **asdict(state)}))
    return state


def write(path: Path, text: str, mode: int = 0o600) -> None:
    """A file with a mode of its own."""
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)


def asked_for_tokens(requests: Iterable[Request], grant: str = "") -> list[Request]:
    """The requests for a token, or those of one grant type."""
    posts = [one for one in requests if one.method == "POST" and one.path.rstrip("/") == "/oauth/token"]
    return [one for one in posts if grant in {"", one.form.get("grant_type")}]
