"""Puts a replay together from the recordings."""

from collections.abc import Mapping
from pathlib import Path

from quickstart.exchange.client import Client
from quickstart.exchange.definitions import Definition
from quickstart.exchange.targets import Target
from quickstart.run import cassettes
from quickstart.run.recorded import RecordedTokenSource
from quickstart.run.run import Run
from quickstart.run.tokens import Credentials, Pair
from quickstart.secrecy.redaction import Redactor


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


def recorded_origin(run: Run) -> str:
    """Say in words where the recordings that ``run`` plays come from."""
    return run.cassettes.evidence.origin if isinstance(run.cassettes, cassettes.Replay) else ""


def _text(inputs: Mapping[str, str | int], name: str) -> str | None:
    return str(inputs[name]) if name in inputs else None


def _silent(_: str) -> None:
    """Replay waits for nothing, so it has nothing to say."""
