"""Puts a run beside others: the recordings (--drift), an earlier verdict (--since), the nights before (--history)."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any, TypedDict

import pytest

from quickstart.history import changes, nights, record, store
from quickstart.history.changes import ChangesError, Comparison
from quickstart.history.nights import Nights
from quickstart.plugin import recording
from quickstart.report import drift, keeping, outputs
from quickstart.report.annotations import annotation
from quickstart.report.drift import BREAKING, Drift
from quickstart.run import cassettes
from quickstart.run.run import Run
from quickstart.secrecy.redaction import Redactor

_CHANGES = 20  # that the terminal tells of each kind


class Found(TypedDict):
    """What a report shows of it."""

    nights: Nights | None
    changes: Comparison | None


def wants_drift(config: pytest.Config) -> bool:
    """Whether one of the options asks for it."""
    option = config.getoption
    return bool(option("drift") or option("drift_json") or option("fail_on") == "drift")


def refuse_unusable(config: pytest.Config) -> None:
    """Refuse what cannot be compared before anything is sent.

    Raises:
        pytest.UsageError: the earlier verdict, the history or the recordings cannot be read, or there is nobody to ask.
    """
    if config.getoption("target") == "replay" and wants_drift(config):
        raise pytest.UsageError("--drift compares live answers with the recordings: add --target=sandbox.")
    try:
        if config.getoption("since"):
            changes.load(Path(config.getoption("since")))
        if config.getoption("history"):
            store.located(config.getoption("history"))
        if wants_drift(config):
            cassettes.load_evidence(config.rootpath / "cassettes")
    except (ChangesError, cassettes.CassetteError) as error:
        raise pytest.UsageError(str(error)) from None
    except store.StoreError as error:
        raise pytest.UsageError(f"--history={error}.") from None


class Beside:
    """What was asked for of a run. ``document`` returns its verdict as far as it has come."""

    def __init__(self, config: pytest.Config, run: Run, redactor: Redactor, document: Callable[[], Any]) -> None:
        self._config = config
        self._run = run
        self._redactor = redactor
        self._document = document
        self._since = config.getoption("since")
        self._old = None if not self._since else changes.load(Path(self._since))
        self._history = config.getoption("history")

    def drift(self, recorded: Drift | None, origin: str) -> Drift | None:
        """Return what changed in the shape of answers, or what a run that recorded them ``recorded`` of it."""
        strict = self._config.getoption("fail_on") == "drift"
        if recorded is not None:
            return replace(recorded, strict=strict)
        if not wants_drift(self._config) or isinstance(self._run.cassettes, cassettes.Recording):
            return None
        folder = self._config.rootpath / "cassettes"
        return drift.live(
            folder,
            self._run.answers,
            old_words=recording.origin_and_day(cassettes.load_evidence(folder)),
            new_words=f"{origin}, today",
            clean=self._redactor.line,
            strict=strict,
        )

    @cached_property
    def _known(self) -> store.Read:
        """The runs of the history before this one, read once; where it cannot be read, a note that says so."""
        try:
            return store.read(Path(self._history))
        except store.StoreError as error:
            return store.Read((), (str(error),))

    def found(self) -> Found:
        """Return what the report shows."""
        if not self._history and not self._old:
            return {"nights": None, "changes": None}
        new = record.of_verdict(self._document())
        row = nights.nights(self._known.records, new, self._known.notes) if self._history else None
        return {"nights": row, "changes": changes.compare(self._old, new) if self._old else None}

    def lines(self) -> list[str]:
        """Return what the terminal tells of the nights before and of the earlier verdict."""
        found = self.found()
        row, compared = found["nights"], found["changes"]
        told = [f"history: {nights.sentence(row)}", *row.notes] if row else []
        if compared:
            told += [f"since: {line}" for line in changes.lines(compared, _CHANGES)]
        return [self._redactor.line(line) for line in told]

    def outputs(self) -> list[outputs.Named]:
        """Return what adds this run to its history, once."""
        return [("--history", lambda: keeping.append(self._history, self._document()))] if self._history else []


def annotations(found: Drift | None, environment: Mapping[str, str]) -> list[str]:
    """Return what a workflow shows of a drift that breaks somebody."""
    if found is None or not found.count(BREAKING):
        return []
    return annotation("error" if found.fails else "warning", "Drift", "\n".join(found.lines), environment)
