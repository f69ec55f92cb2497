"""What becomes of a recording at the end of its run: kept with its evidence, or discarded."""

from datetime import UTC, datetime

from quickstart import __version__
from quickstart.exchange.answer import Answer
from quickstart.report.drift import Drift, compare
from quickstart.run import cassettes
from quickstart.run.run import Run
from quickstart.run.tokens import CACHE


def keep(run: Run, origin: str) -> tuple[str | None, Drift | None]:
    """Replace the old recordings by those of ``run``, or leave them.

    Returns a sentence that says which and why, and what changed in shape, where there were old ones.
    """
    recording = run.cassettes
    if not isinstance(recording, cassettes.Recording):
        return "", None
    unanswered = [name for name, answer in run.answers.items() if answer.failure and not answer.definition.plain_http]
    if unanswered or not run.answers:
        recording.discard()
        return f"The old recordings are kept: {', '.join(unanswered) or 'every exchange'} had no answer.", None
    recorded = {name: answer for name, answer in run.answers.items() if not answer.failure}
    reasons = {name: run.reasons.get(name, "no answer") for name in run.definitions if name not in recorded}
    inputs = _inputs(run)
    recording.write()
    now = datetime.now(UTC).replace(microsecond=0).isoformat()
    evidence = cassettes.Evidence(
        origin=origin,
        target=run.target.name,
        suite=__version__,
        source=run.source.name,
        inputs=inputs,
        exchanges={name: _made(answer, now) for name, answer in recorded.items()},
        not_recorded=reasons,
    )
    drift = _drift(recording, evidence)
    recording.keep(evidence)
    return f"{len(recorded)} cassettes recorded from {origin}; {len(reasons)} exchanges were not recorded.", drift


def _made(answer: Answer, now: str) -> dict[str, object]:
    """Return how a recording came about."""
    earlier = {"earlier": list(answer.earlier)} if answer.earlier else {}
    return {"recorded": now, "seconds": round(answer.seconds, 3), **earlier}


def _drift(recording: cassettes.Recording, evidence: cassettes.Evidence) -> Drift | None:
    """Compare the old recordings with the new ones, while both are there."""
    old, new = recording.folders
    try:
        before = cassettes.load_evidence(old)
    except cassettes.CassetteError:
        return None  # the first recording, or nothing that could be compared with
    names = evidence.exchanges.keys()
    return compare(old, new, names, old_words=origin_and_day(before), new_words=origin_and_day(evidence))


def origin_and_day(evidence: cassettes.Evidence) -> str:
    """Say where recordings come from, and of which day they are."""
    days = sorted({str(exchange["recorded"]).partition("T")[0] for exchange in evidence.exchanges.values()})
    return f"{evidence.origin}, {days[-1] if days else 'no day'}"


def discard(run: Run) -> str | None:
    """Leave the old recordings as they are, when a run could not do its work, and say so."""
    if not isinstance(run.cassettes, cassettes.Recording):
        return None
    run.cassettes.discard()
    return "The old recordings are kept: the run could not do its work."


def _inputs(run: Run) -> dict[str, str | int]:
    """Return what replay needs in place of settings: the stand-ins of what this run was given."""
    given = run.credentials
    inputs: dict[str, str | int] = {
        "login_url": run.target.login_url,
        "api_url": run.target.api_url,
        "client_id": run.redactor.learn("client-id", given.client_id),
        "client_secret": run.redactor.learn("client-secret", given.client_secret),
        "redirect_uri": given.redirect_uri,
        "company_id": given.company_id,
    }
    if given.foreign_company_id:
        inputs["foreign_company_id"] = given.foreign_company_id
    if given.authorization_code:
        inputs["authorization_code"] = run.redactor.learn("authorization-code", given.authorization_code)
    if given.other_client_id and given.other_client_secret:
        inputs["other_client_id"] = run.redactor.learn("client-id", given.other_client_id)
        inputs["other_client_secret"] = run.redactor.learn("client-secret", given.other_client_secret)
    refresh_token = run.source.refresh_token()
    if refresh_token:
        inputs["refresh_token"] = run.redactor.learn("refresh-token", refresh_token)
    if run.source.name == CACHE:
        inputs["access_token"] = run.redactor.learn("access-token", run.pair().access_token)
    return inputs
