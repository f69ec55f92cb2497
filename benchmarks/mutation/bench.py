"""Many mutants of claims and schemas against their quick self-tests: a pytest plugin that forks for each mutant."""

from __future__ import annotations

import inspect
import json
from collections.abc import Sequence
from functools import cache, partial
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from benchmarks.mutation.panel import in_a_fork, put_schema
from selftests.support.claims import claims, exchanges_of

ALL = "test_broken_answers.py"  # its tests take all claims


class Bench:
    """Runs the self-tests once as they are, and then for each mutant until one fails."""

    def __init__(self, order: str) -> None:
        self._order = Path(order)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Judge the mutants in place of running the tests; say of each, as it is known, which test failed."""
        order = json.loads(self._order.read_text(encoding="utf-8"))
        failed = _first_failed(session.items, session.items[0])
        if failed:
            raise pytest.UsageError(f"{failed} fails without a mutant")
        with Path(order["out"]).open("w", encoding="utf-8") as out:
            for mutant in order["mutants"]:
                said = in_a_fork(partial(_killer, session.items, mutant))
                print(json.dumps([mutant["key"], said]), file=out, flush=True)
        return True


def _first_failed(items: Sequence[pytest.Item], last: pytest.Item | None = None) -> str:
    """Return the test that fails, or nothing; what is shared stays set up for ``last``, the first of the next round."""
    for item, following in zip(items, [*items[1:], last], strict=True):
        if any(report.failed for report in runtestprotocol(item, log=False, nextitem=following)):
            return item.nodeid
    return ""


def _killer(items: Sequence[pytest.Item], mutant: dict[str, Any]) -> str:
    """Put a mutant in its place, and return which self-test fails."""
    if mutant["path"].endswith(".json"):
        put_schema(mutant)
        named = Path(mutant["path"]).name.partition(".")[0]
        return _first_failed(sorted(items, key=lambda item: f"[{named}" not in item.nodeid))
    module = ModuleType("tests." + Path(mutant["path"]).stem)
    module.__file__ = mutant["path"]
    exec(compile(mutant["code"], mutant["path"], "exec"), module.__dict__)  # noqa: S102 - the mutant is ours
    for claim in [one for one in claims() if one.path == mutant["path"]]:
        test = getattr(module, claim.name)
        object.__setattr__(claim, "test", test)
        object.__setattr__(claim, "exchanges", exchanges_of(test))
    return _first_failed([item for item in items if _judges(item, mutant["requirements"])])


def _judges(item: pytest.Item, requirements: Sequence[str]) -> bool:
    """Whether a self-test judges one of these requirements: it names it, or takes all claims."""
    if "CLAIMS" in _source(item.function) or ALL in item.nodeid:  # type: ignore[attr-defined]
        return True
    named = item.nodeid.replace("_", "-")
    last = (one.partition(".")[2] for one in requirements)
    return any(one in _source(item.function) for one in requirements) or any(one in named for one in last)  # type: ignore[attr-defined]


@cache
def _source(function: Any) -> str:
    return inspect.getsource(function)
