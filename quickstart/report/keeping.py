"""Adds a run to its history, in the words of the option that names it."""

from collections.abc import Mapping
from typing import Any

from quickstart.history import record, store
from quickstart.report import files


def append(given: str, document: Mapping[str, Any]) -> None:
    """Add the run of this verdict to the history ``given``.

    Raises:
        files.FileError: it cannot be written.
    """
    try:
        store.append(store.located(given), record.of_verdict(document))
    except store.StoreError as error:
        raise files.FileError(f"--history={error}.") from None
