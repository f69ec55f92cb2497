"""Puts a run together from what the user asked for."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from quickstart.credentials.ledger import Ledger
from quickstart.credentials.settings import Settings
from quickstart.credentials.stored_cache import cache_for
from quickstart.credentials.token_source import LiveTokenSource
from quickstart.exchange import proxies
from quickstart.exchange.client import Client
from quickstart.exchange.definitions import Definition
from quickstart.exchange.targets import TARGETS, Target
from quickstart.run import cassettes, values
from quickstart.run.recorded import RecordedTokenSource
from quickstart.run.run import Run
from quickstart.run.tokens import Credentials, Pair
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


def replay_run(definitions: Mapping[str, Definition], folder: Path, redactor: Redactor) -> Run:
    """Return a run that plays the recordings in ``folder``.

    Raises:
        cassettes.CassetteError: the recordings are not complete.
    """
    evidence = cassettes.load_evidence(folder)
    cassettes.check(folder, definitions.keys(), evidence)
    inputs = evidence.inputs
    target = Target(evidence.target, str(inputs["login_url"]), str(inputs["api_url"]))
    token = inputs.get("access_token")
    credentials = Credentials(
        client_id=str(inputs["client_id"]),
        client_secret=str(inputs["client_secret"]),
        redirect_uri=str(inputs["redirect_uri"]),
        company_id=int(inputs["company_id"]),
        foreign_company_id=int(inputs["foreign_company_id"]) if "foreign_company_id" in inputs else None,
        authorization_code=_text(inputs, "authorization_code"),
        refresh_token=_text(inputs, "refresh_token"),
        cached=Pair(str(token), _text(inputs, "refresh_token")) if token else None,
        other_client_id=_text(inputs, "other_client_id"),
        other_client_secret=_text(inputs, "other_client_secret"),
    )
    replay = cassettes.Replay(folder, evidence)
    return Run(
        definitions,
        target=target,
        credentials=credentials,
        source=RecordedTokenSource(evidence.source, credentials),
        client=Client(hosts=target.hosts, limit=2 * len(definitions), timeout=5.0, say=_silent, player=replay.player),
        redactor=redactor,
        cassettes=replay,
    )


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
        token_cache.CacheError: the token cache cannot be used.
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
    cache = cache_for(target.login_url, settings, redactor)
    return Run(
        definitions,
        target=target,
        credentials=credentials,
        source=LiveTokenSource(credentials, Ledger(credentials, cache, redactor.learn)),
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


def recorded_origin(run: Run) -> str:
    """Say in words where the recordings that ``run`` plays come from."""
    return run.cassettes.evidence.origin if isinstance(run.cassettes, cassettes.Replay) else ""


def _text(inputs: Mapping[str, str | int], name: str) -> str | None:
    return str(inputs[name]) if name in inputs else None


def _silent(_: str) -> None:
    """Replay waits for nothing, so it has nothing to say."""
