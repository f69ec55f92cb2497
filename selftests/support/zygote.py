"""Runs the suite many times, each in a fresh process that neither imports nor collects it again.

A program, not a module: ``matrix_runs.py`` starts it, outside of the pytest session that asks, so that nothing of that
session (plugins, audit hooks, capture, xdist's variables) reaches the suite under test. It is one pytest session that
collects the suite once and then forks for each order: the child configures the suite anew, from the environment and the
options of its order, and goes on as any other session does, from ``pytest_collection_modifyitems`` to its exit code.

Its orders hold ``environment`` and ``options``. What the sessions print goes to standard output, which is a file.
"""

from __future__ import annotations

import gc
import inspect
import os
import sys
from pathlib import Path
from typing import Any, TextIO

import pytest

from selftests.support.forks import forked
from selftests.support.passing import Passing
from selftests.support.warm import warm_up

ROOT = Path(__file__).resolve().parents[2]
OURS = "procore-"  # how the names of the suite's own plugins begin
REPORTS = {"pytest_html.plugin": "htmlpath", "_pytest.junitxml": "xmlpath"}  # which a session of this option has


class Zygote:
    """A pytest plugin: collects once, forks for each order, and lets the child go on."""

    def __init__(self, orders: TextIO, answers: TextIO) -> None:
        self._orders = orders
        self._answers = answers

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self, session: pytest.Session) -> bool:
        """Collect without the suite's own rules, which each child applies anew; return in a child only."""
        config = session.config
        _unregister_ours(config)
        session.perform_collect()
        _preload()
        _begin(session, forked(self._orders, self._answers))
        return True


def _unregister_ours(config: pytest.Config) -> None:
    for name, _ in config.pluginmanager.list_name_plugin():
        if name.startswith(OURS):
            config.pluginmanager.unregister(name=name)


def _preload() -> None:
    """Compile the validators, fill caches and import what a run may need, once for all runs."""
    from quickstart.exchange import contract
    from quickstart.plugin.options import ours_in

    ours_in(ROOT).holds("a word")
    for path in sorted(contract.SCHEMAS.glob("*.schema.json")):
        contract.violations(None, path.name.removesuffix(".schema.json"))
    inspect.getmodule(_preload.__code__)  # fills a cache that the first traceback of each run would fill
    warm_up()
    for clock in sys.argv[3:]:
        Passing(Path(clock)).rule("quickstart")  # no run sleeps: what it waits for is there at once


def _begin(session: pytest.Session, order: dict[str, Any]) -> None:
    """The child: what a session of these options and this environment does between start and tests."""
    config = session.config
    os.environ.clear()
    os.environ.update(order["environment"])
    for name, value in order["options"].items():
        setattr(config.option, name, value)
    known = config.pluginmanager.get_plugins()
    for name, option in REPORTS.items():
        if order["options"].get(option):
            sys.modules[name].pytest_configure(config)
    sys.modules["conftest"].pytest_configure(config)
    config.pluginmanager.subset_hook_caller("pytest_sessionstart", remove_plugins=known)(session=session)
    config.hook.pytest_collection_modifyitems(session=session, config=config, items=session.items)
    config.hook.pytest_collection_finish(session=session)
    gc.disable()  # it costs more than it yields in a process of a fraction of a second


def main() -> None:
    """Serve runs until there are no more."""
    os.chdir(ROOT)
    with os.fdopen(int(sys.argv[1]), encoding="utf-8") as orders, os.fdopen(int(sys.argv[2]), "w") as answers:
        zygote = Zygote(orders, answers)
        # Verdicts are what is looked at: capturing output and log records would cost a tenth of a run.
        quick = ["-q", "-s", "-p", "no:logging", "-p", "no:cacheprovider"]
        # The time-out of a session would run from the start of this one, so there is none.
        code = pytest.main([f"--rootdir={ROOT}", *quick, "-o", "session_timeout="], [zygote])
        sys.stdout.flush()
        os._exit(int(code))


if __name__ == "__main__":
    main()
