"""Puts a live run together from settings and tokens on disk, of which a replay needs nothing, and imports nothing."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from quickstart.credentials.ledger import Ledger
from quickstart.credentials.settings import Settings, SettingsError
from quickstart.credentials.stored_cache import cache_for
from quickstart.credentials.token_cache import CacheError
from quickstart.credentials.token_source import LiveTokenSource
from quickstart.exchange import proxies
from quickstart.exchange.client import Client
from quickstart.exchange.definitions import Definition
from quickstart.exchange.targets import TARGETS
from quickstart.run import cassettes, values
from quickstart.run.run import Run
from quickstart.run.tokens import Credentials
from quickstart.secrecy.redaction import Redactor

SPARE = 12  # requests that a run may send again: after a 503, or where a list changed while it was read
SMOKE = 4  # requests: the token, companies, projects, and one that is sent again


@dataclass(frozen=True)
class Wish:
    """What the command line asks for. ``target`` is a name of ``targets.NAMES``, ``only`` what is recorded alone."""

    target: str
    record: bool
    disruptive: bool
    smoke: bool = False
    only: Collection[str] = ()

    def requests(self, definitions: Mapping[str, Definition]) -> int:
        """Return how many requests the run may send, those that are sent again among them."""
        if self.smoke:
            return SMOKE
        return sum(self.disruptive or not one.disruptive for one in definitions.values()) + SPARE


def live_run(
    definitions: Mapping[str, Definition],
    folder: Path,
    redactor: Redactor,
    *,
    wish: Wish,
    settings: Settings,
    say: Callable[[str], None],
) -> Run:
    """Return a run that asks the target of ``wish`` and, where asked to, records into ``folder``.

    Raises:
        SettingsError: the token cache cannot be used.
    """
    target = settings.target(wish.target)
    secrets = settings.secrets()
    redactor.keep(*values.DELIBERATELY_WRONG.values(), values.GARBAGE_TOKEN)
    redactor.learn_basic(secrets["client_id"], secrets["client_secret"])
    for name in ("authorization_code", "refresh_token", "other_client_id", "other_client_secret", "token_cache_key"):
        if name in secrets:
            redactor.learn(name.replace("_", "-").removeprefix("other-"), secrets[name])
    near = values.nearly(secrets["client_secret"])
    redactor.learn("client-secret", near, values.nearly(redactor.learn("client-secret", secrets["client_secret"])))
    for password in proxies.passwords():
        redactor.learn("password", password)
    credentials = Credentials(
        client_id=secrets["client_id"],
        client_secret=secrets["client_secret"],
        redirect_uri=settings.redirect_uri,
        company_id=settings.company_id,
        foreign_company_id=settings.foreign_company_id,
        authorization_code=secrets.get("authorization_code"),
        refresh_token=secrets.get("refresh_token"),
        other_client_id=secrets.get("other_client_id"),
        other_client_secret=secrets.get("other_client_secret"),
    )
    try:
        ledger = Ledger(credentials, cache_for(target.login_url, settings, redactor), redactor.learn)
    except CacheError as error:
        raise SettingsError(str(error)) from None
    return Run(
        definitions,
        target=target,
        credentials=credentials,
        source=LiveTokenSource(credentials, ledger),
        client=Client(
            hosts=target.hosts,
            limit=wish.requests(definitions),
            timeout=settings.timeout,
            say=say,
            keep_alive=not wish.record,
        ),
        redactor=redactor,
        cassettes=cassettes.Recording(folder, redactor, frozenset(wish.only)) if wish.record else None,
        live_evidence=f"live, {origin(settings, wish.target)}",
        disruptive=wish.disruptive,
        clock_at=settings.evidence_at.timestamp() if settings.evidence_at else None,
    )


def origin(settings: Settings, target: str) -> str:
    """Say in words what answers: the user's own words, else the target, with its hosts where they are not Procore's."""
    if settings.evidence:
        return settings.evidence
    asked = settings.target(target)
    return (
        f"the {target}" if asked == TARGETS[target] else f"{asked.login_url} and {asked.api_url} (not Procore's hosts)"
    )
