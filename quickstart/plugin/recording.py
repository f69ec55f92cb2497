"""What becomes of a recording at the end of its run: kept with its evidence, or discarded."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from quickstart import __version__
from quickstart.exchange.answer import Answer
from quickstart.report.drift import Drift, compare
from quickstart.run import cassettes
from quickstart.run.cassettes import Evidence, Recording
from quickstart.run.run import Run
from quickstart.run.tokens import CACHE

_ASKED_FOR = ("login_url", "api_url", "client_id", "client_secret", "redirect_uri", "company_id", "foreign_company_id")


def refuse_misfit(run: Run) -> None:
    """See that what is recorded alone can be played among the recordings that stay.

    Raises:
        cassettes.CassetteError: they are of another company or host, or there are none.
    """
    if not isinstance(run.cassettes, Recording) or not run.cassettes.only:
        return
    before, now = cassettes.load_evidence(run.cassettes.folders[0]).inputs, _given(run)
    other = [name for name in _ASKED_FOR if before.get(name) != now.get(name)]
    if other:
        run.cassettes.discard()
        raise cassettes.CassetteError(
            f"--record-only: the other recordings were made with another {' and '.join(other)}: record all anew."
        )


def keep(run: Run, origin: str) -> tuple[str | None, Drift | None]:
    """Replace the old recordings by those of ``run``, or leave them.

    Returns a sentence that says which and why, and what changed in shape, where there were old ones.
    """
    recording = run.cassettes
    if not isinstance(recording, Recording):
        return "", None
    wanted = recording.only or run.definitions.keys()
    unanswered = [
        name
        for name, answer in run.answers.items()
        if answer.failure and not answer.definition.plain_http and name in wanted
    ]
    recorded = {name: answer for name, answer in run.answers.items() if not answer.failure and name in wanted}
    if unanswered or not recorded:
        recording.discard()
        silent = ", ".join(unanswered or recording.only) or "every exchange"
        return f"The old recordings are kept: {silent} had no answer.", None
    reasons = {name: run.reasons.get(name, "no answer") for name in run.definitions if name in wanted - recorded.keys()}
    before = _before(recording)
    other = _other_tokens(run, before, recorded) if recording.only else ""
    if other:
        recording.discard()
        return f"The old recordings are kept: {other}", None
    inputs = _inputs(run)
    recording.write()
    evidence = Evidence(
        origin=origin,
        target=run.target.name,
        suite=__version__,
        source=run.source.name,
        inputs=inputs,
        exchanges={name: _made(answer, run) for name, answer in recorded.items()},
        not_recorded=reasons,
    )
    drift = _drift(recording, before, evidence)
    if before is not None:
        evidence = _kept(recording, before, evidence)
    if recording.only and before is not None:
        evidence = _added(before, evidence, [*run.definitions])
    recording.keep(evidence)
    if recording.only:
        return f"Recorded from {origin}: {', '.join(recorded)}. The other recordings stay as they were.", drift
    return f"{len(recorded)} cassettes recorded from {origin}; {len(reasons)} exchanges were not recorded.", drift


def _other_tokens(run: Run, before: Evidence | None, recorded: Collection[str]) -> str:
    """Say why what is recorded alone would not fit: it sends tokens that the other recordings do not hold."""
    if before is None or before.source == run.source.name:
        return ""
    forms = {name: " ".join(run.definitions[name].form.values()) for name in recorded}
    tied = [name for name, form in forms.items() if "token}" in form or "authorization_code}" in form]
    whose = f"theirs began with {before.source}, this run with {run.source.name}"
    return f"{', '.join(tied)} sends tokens of the run, and {whose}: record all anew." if tied else ""


def _made(answer: Answer, run: Run) -> dict[str, object]:
    """Return how a recording came about."""
    made: dict[str, object] = {"recorded": _iso(datetime.now(UTC)), "seconds": round(answer.seconds, 3)}
    if answer.earlier:
        made["earlier"] = list(answer.earlier)
    if run.clock_at is not None:
        made["clock"] = _iso(datetime.fromtimestamp(run.clock_at, UTC))
    return made


def _iso(moment: datetime) -> str:
    return moment.replace(microsecond=0).isoformat()


def _kept(recording: Recording, before: Evidence, evidence: Evidence) -> Evidence:
    """Return the evidence where what was recorded as it was before stays as old as it was."""
    exchanges: dict[str, Mapping[str, Any]] = {}
    for name, made in evidence.exchanges.items():
        old = before.exchanges.get(name)
        same = old is not None and old.get("origin", before.origin) == evidence.origin and recording.unchanged(name)
        exchanges[name] = old if same and old is not None else made
    return replace(evidence, exchanges=exchanges)


def _added(before: Evidence, evidence: Evidence, order: list[str]) -> Evidence:
    """Return the old evidence with that of what was recorded alone, in the order of the table."""
    named = {} if evidence.origin == before.origin else {"origin": evidence.origin}
    exchanges = {**before.exchanges, **{name: {**made, **named} for name, made in evidence.exchanges.items()}}
    reasons = {name: why for name, why in before.not_recorded.items() if name not in exchanges}
    reasons |= evidence.not_recorded
    return replace(
        before,
        exchanges={name: made for name, made in _in_order(exchanges, order) if name not in evidence.not_recorded},
        not_recorded=dict(_in_order(reasons, order)),
    )


def _in_order(found: Mapping[str, Any], order: list[str]) -> list[tuple[str, Any]]:
    return sorted(found.items(), key=lambda pair: order.index(pair[0]) if pair[0] in order else len(order))


def _before(recording: Recording) -> Evidence | None:
    """Return the evidence of the old recordings, or ``None``: the first recording, or nothing that could be read."""
    try:
        return cassettes.load_evidence(recording.folders[0])
    except cassettes.CassetteError:
        return None


def _drift(recording: Recording, before: Evidence | None, evidence: Evidence) -> Drift | None:
    """Compare the old recordings with the new ones, while both are there."""
    if before is None:
        return None
    old, new = recording.folders
    names = evidence.exchanges.keys()
    drift = compare(old, new, names, old_words=origin_and_day(before), new_words=origin_and_day(evidence))
    wanted = [change for change in drift.changes if not recording.only or change.exchange in recording.only]
    return replace(drift, changes=tuple(wanted))


def origin_and_day(evidence: Evidence) -> str:
    """Say where recordings come from, and of which day they are."""
    days = sorted({str(exchange["recorded"]).partition("T")[0] for exchange in evidence.exchanges.values()})
    return f"{evidence.origin}, {days[-1] if days else 'no day'}"


def discard(run: Run) -> str | None:
    """Leave the old recordings as they are, when a run could not do its work, and say so."""
    if not isinstance(run.cassettes, Recording):
        return None
    run.cassettes.discard()
    return "The old recordings are kept: the run could not do its work."


def _given(run: Run) -> dict[str, str | int]:
    """Return the stand-ins of what this run was configured with, and all runs of its account are."""
    given = run.credentials
    inputs: dict[str, str | int] = {
        "login_url": run.target.login_url,
        "api_url": run.target.api_url,
        "client_id": run.redactor.learn("client-id", given.client_id),
        "client_secret": run.redactor.learn("client-secret", given.client_secret),
        "redirect_uri": given.redirect_uri,
        "company_id": given.company_id,
    }
    return inputs | ({"foreign_company_id": given.foreign_company_id} if given.foreign_company_id else {})


def _inputs(run: Run) -> dict[str, str | int]:
    """Return what replay needs in place of settings: the stand-ins of what this run was given."""
    given, inputs = run.credentials, _given(run)
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
