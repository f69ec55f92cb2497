"""``python -m quickstart status``: which credentials are set and which tokens are cached; no secret is shown."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from quickstart.credentials import checks, settings
from quickstart.credentials.sealing import Seal
from quickstart.credentials.settings import ORIGIN
from quickstart.credentials.sources import SECRETS, variable
from quickstart.credentials.stored_cache import StoredCache, cache_for
from quickstart.credentials.token_cache import (
    AGAIN,
    SEALED,
    AnotherError,
    CacheError,
    State,
    TokenCache,
    files_of,
    parsed,
)
from quickstart.exchange.targets import TARGETS
from quickstart.secrecy.redaction import Redactor

EMPTY = "no token"  # where the file keeps what was spent, alone


def lines(file: Path, redactor: Redactor) -> Iterator[str]:
    """Yield the report on the environment and ``file``, and ask the token store where there is one."""
    given, values, problems = settings.given(file), settings.raw(file), settings.problems(file)
    yield f"Settings (environment, then {file.name}):"
    for name, what in ORIGIN.items():
        where = f"set in {given[name]}" if name in given else "not set"
        wrong = f", and cannot be used ({problems[name]}): it is {what}" if name in problems else ""
        shown = f": {values[name]}" if name in given and name not in SECRETS and not wrong else ""
        yield f"  {variable(name):<30}{where}{shown}{wrong}"
    yield from (f"note: {note}" for note in settings.notes(file))
    yield "Cached tokens:"
    for name in ("token_cache", "token_cache_key"):
        if name in problems:
            yield f"  not looked for: {variable(name)} cannot be used"
            return
    right = {name: value for name, value in values.items() if name not in problems}
    found = list(_cached(right))
    yield from found or ["  none; to get some: python -m quickstart authorize"]
    if "token_store" in values:
        yield "Token store (PROCORE_TOKEN_STORE):"
        yield from _stored(file, redactor)


def _stored(file: Path, redactor: Redactor) -> Iterator[str]:
    """Ask the store as a run does, for each environment; what it holds is of one."""
    try:
        application = settings.load_application(file)
    except settings.SettingsError:
        yield "  not asked: the settings above cannot be used"
        return
    for name, secret in application.secrets().items():
        redactor.learn(name.replace("_", "-"), secret)
    told = []
    for name in TARGETS:
        cache = cache_for(application.target(name).login_url, application, redactor)
        if not isinstance(cache, StoredCache):
            continue
        try:
            state = cache.shown()
        except AnotherError as error:
            told.append(str(error))
            continue
        except CacheError as error:
            yield f"  {error}"
            return
        yield f"  {name:<15} this app: {', '.join(_facts(state)) or EMPTY}" if state else "  holds nothing yet"
        return
    yield f"  {told[0]}"


def _cached(values: Mapping[str, str]) -> Iterator[str]:
    client_id = values.get("client_id", "")
    folder = checks.folder(values["token_cache"]) if "token_cache" in values else None
    key = values.get("token_cache_key")
    hosts = {target.login_url: name for name, target in TARGETS.items()}
    if "login_url" in values:
        own = checks.base_url(values["login_url"])
        hosts.setdefault(own, own)
    for url, name in hosts.items():
        mine = TokenCache(url, client_id, folder, key)
        for path in files_of(url, folder):
            whose = "this app" if client_id and path.stem == mine.name else f"another app ({path.stem[-16:]})"
            how = ", encrypted" if path.suffix == SEALED else ""
            yield f"  {name:<15} {whose}{how}: {_life(path, mine.seal if how else Seal(None))}"


def _life(path: Path, seal: Seal) -> str:
    try:
        state = parsed(path, seal)
    except CacheError as error:
        return str(error)
    return ", ".join(_facts(state)) or EMPTY


def _facts(state: State) -> Iterator[str]:
    left = round(state.fresh_for() / 60)
    if state.access_token and state.clock_is_behind:
        yield "access token of unknown age (the clock was set back since it came)"
    elif state.access_token:
        yield f"access token for {left} more minutes" if left > 0 else "access token expired"
    if state.refresh_token:
        yield "refresh token until it is used"
    if state.pending:
        yield f"a refresh was interrupted: {AGAIN}"
    if state.unsaved:
        yield "the token store has not got them"
