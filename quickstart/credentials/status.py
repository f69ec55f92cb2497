"""``python -m quickstart status``: which credentials are set and which tokens are cached; no secret is shown."""

import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from quickstart.credentials.settings import ORIGIN, Settings
from quickstart.credentials.token_cache import CacheError, State, TokenCache, files_of, parsed
from quickstart.exchange.targets import TARGETS, base_url_problem

SECRETS = frozenset({"client_id", "client_secret", "authorization_code", "refresh_token"})


def lines(given: Mapping[str, str], values: Mapping[str, str], source: str) -> Iterator[str]:
    """Yield the report. ``given`` says where each setting is set, ``values`` what it is (secrets are not printed)."""
    yield f"Settings (environment, then {source}):"
    for name in [*ORIGIN, *(other for other in Settings.model_fields if other not in ORIGIN)]:
        where = f"set in {given[name]}" if name in given else "not set"
        wrong = name.endswith("_url") and name in values and base_url_problem(values[name])
        shown = f": {values[name]}" if name in given and name not in SECRETS and not wrong else ""
        yield f"  PROCORE_{name.upper():<22}{where}{shown}{', and cannot be used' if wrong else ''}"
    yield "Cached tokens:"
    folder = Path(values["token_cache"]) if values.get("token_cache") else None
    found = list(_cached(values, folder))
    yield from found or ["  none; to get some: python -m quickstart authorize"]


def _cached(values: Mapping[str, str], folder: Path | None) -> Iterator[str]:
    client_id = values.get("client_id", "")
    own = values.get("login_url", "").rstrip("/")
    hosts = {target.login_url: name for name, target in TARGETS.items()}
    if own and own not in hosts and base_url_problem(own) is None:
        hosts[own] = own
    for url, name in hosts.items():
        mine = TokenCache(url, client_id, folder).path
        for path in files_of(url, folder):
            whose = "this app" if client_id and path == mine else f"another app ({path.stem[-16:]})"
            yield f"  {name:<16}{whose}: {_life(path)}"


def _life(path: Path) -> str:
    try:
        state = parsed(path)
    except CacheError as error:
        return str(error)
    return ", ".join(_facts(state)) or "no token"


def _facts(state: State) -> Iterator[str]:
    left = round((state.expires_at - time.time()) / 60)
    if state.access_token:
        yield f"access token for {left} more minutes" if left > 0 else "access token expired"
    if state.refresh_token:
        yield "refresh token until it is used"
    if state.pending:
        yield "a refresh was interrupted: authorize again (python -m quickstart authorize)"
