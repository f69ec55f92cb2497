"""Who asks once more for what could not be had hears the same as the first one, and no more."""

from __future__ import annotations

from dataclasses import replace

import pytest

from quickstart.exchange import definitions
from quickstart.plugin.replaying import replay_run
from quickstart.run.cassettes import ReplayError
from quickstart.secrecy.redaction import Redactor
from selftests.support.project import ROOT


def test_a_reason_does_not_grow_with_each_who_asks() -> None:
    """Each traceback would begin with those of all who asked before."""
    known = definitions.load()
    run = replay_run({**known, "me": replace(known["me"], path="/nowhere")}, ROOT / "cassettes", Redactor())
    heard = []
    for _ in range(3):
        with pytest.raises(ReplayError) as caught:
            run.answer("me")
        heard.append((str(caught.value), len(caught.traceback)))
    assert len({*heard}) == 1
