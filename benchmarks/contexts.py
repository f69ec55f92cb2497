"""A pytest plugin: coverage learns which self-test runs and what it costs, so that mutants meet who can kill them."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Generator
from pathlib import Path

import coverage
import pytest

SECONDS = "PROOFS_SECONDS"  # the file that says what each test cost

_taken: dict[str, float] = {}


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Attribute what runs for a test to it, and what runs between tests to nobody."""
    measuring = coverage.Coverage.current()
    if measuring is not None:
        measuring.switch_context(item.nodeid)
    started = time.perf_counter()
    try:
        return (yield)
    finally:
        _taken[item.nodeid] = round(time.perf_counter() - started, 3)
        if measuring is not None:
            measuring.switch_context("")


def pytest_sessionfinish() -> None:
    """Write the seconds of each test beside the data."""
    if SECONDS in os.environ:
        Path(os.environ[SECONDS]).write_text(json.dumps(_taken, indent=0), encoding="utf-8")
