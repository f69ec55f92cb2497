"""A long run says how far it has come: one line on a terminal, a line now and then in a log."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from quickstart.plugin.progress import EVERY, Progress


@pytest.mark.parametrize(("isatty", "lines"), [(True, 100), (False, 100 // int(EVERY))])
def test_progress_is_told_as_often_as_it_is_read(isatty: bool, lines: int) -> None:
    told: list[str] = []
    terminal = SimpleNamespace(
        isatty=isatty, rewrite=lambda line, **_: told.append(line), write_line=told.append, flush=lambda: None
    )
    config: Any = SimpleNamespace(pluginmanager=SimpleNamespace(get_plugin=lambda _: terminal))
    now = [0.0]
    progress = Progress(config, 200, "companies", clock=lambda: now[0])
    for done in range(1, 101):
        now[0] += 1.0
        progress.tell(done, ", 2 broken")
    assert len(told) == lines
    assert told[-1].startswith("companies: 100 of 200" if isatty else "companies: 90 of 200")
    assert told[-1].endswith(", 2 broken, about 100 s left" if isatty else ", 2 broken, about 110 s left")
