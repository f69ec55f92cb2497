"""Many mutants against the answers of one run: a pytest plugin of the zygote's children.

A run of the suite asks everything once, and a claim only reads answers. So when a run is over, each mutant of a claim,
or of a schema, is put in its place in a fork, and judges the same answers anew: milliseconds instead of a run.
"""

from __future__ import annotations

import inspect
import json
import os
import signal
import sys
from collections.abc import Callable, Generator
from functools import partial
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import pytest

OPTION = "panel"  # on pytest's options: the file with the mutants, and where to write what came of them
LONGEST = 20  # seconds of one mutant
PASSED, FAILED, COULD_NOT_TEST, CRASHED = "passed", "failed", "could-not-test", "crashed"
_WORST = (PASSED, COULD_NOT_TEST, FAILED, CRASHED)
Test = Callable[..., None]


class Panel:
    """Judges mutants when the run is over."""

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Generator[None, object, object]:
        """Let the run end as it does, and judge then."""
        result = yield
        file = getattr(session.config.option, OPTION, None)
        if file is not None:
            order = json.loads(Path(file).read_text(encoding="utf-8"))
            Path(order["out"]).write_text(json.dumps(_judged(session, order)), encoding="utf-8")
        return result


def _judged(session: pytest.Session, order: dict[str, Any]) -> dict[str, str]:
    """Return, for each mutant that does not judge as the right suite does, what it says instead."""
    run = session.config.stash[sys.modules["conftest"].SUITE].run
    tests: dict[str, dict[str, Test]] = {}  # by requirement, by file and name
    for item in session.items:
        for mark in item.iter_markers("requirement"):
            name = f"{item.path.relative_to(session.config.rootpath).as_posix()}::{item.name}"
            tests.setdefault(mark.args[0], {})[name] = item.function  # type: ignore[attr-defined]
    wanted = {one for mutant in order["mutants"] for one in mutant["requirements"]}
    right = {name: _says(run, test) for one in wanted for name, test in tests.get(one, {}).items()}
    found = {}
    for mutant in order["mutants"]:
        said = _in_a_fork(partial(_difference, run, mutant, tests, right, legal=order["legal"]))
        if said:
            found[mutant["key"]] = said
    return found


def _in_a_fork(work: Callable[[], str]) -> str:
    """Return what ``work`` returns in a process of its own."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(LONGEST)
        said = "crashed"
        try:
            said = work()
        except BaseException as error:  # noqa: BLE001 - a mutant may die of anything
            said = f"{type(error).__name__}"
        finally:
            os.write(writing, said[:400].encode())
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8", errors="replace") as stream:
        said = stream.read()
    _, status = os.waitpid(child, 0)
    return said if os.waitstatus_to_exitcode(status) == 0 else "time"


def _difference(
    run: Any, mutant: dict[str, Any], tests: dict[str, dict[str, Test]], right: dict[str, str], *, legal: bool
) -> str:
    """Return in which requirement the mutant's verdict is not that of the right suite, or nothing."""
    replaced = _put(run, mutant)
    for requirement in mutant["requirements"]:
        names = tests.get(requirement, {})
        before = max((right[name] for name in names), key=_WORST.index, default=PASSED)
        after = max(
            (_says(run, replaced(name, test)) for name, test in names.items()), key=_WORST.index, default=PASSED
        )
        broken = (after == FAILED) != (before == FAILED)
        hidden = legal and (after == COULD_NOT_TEST) != (before == COULD_NOT_TEST)
        if broken or hidden or (after == CRASHED and before != CRASHED):
            return f"{requirement}: {after}, not {before}"
    return ""


def _put(run: Any, mutant: dict[str, Any]) -> Callable[[str, Test], Test]:
    """Put the mutant in place of what it mutates; return which function to call for a test."""
    if mutant["path"].endswith(".json"):
        _put_schema(mutant)
    elif not mutant["path"].startswith("tests/"):
        _put_code(mutant)
    for answer in run.answers.values():
        for name in ("violations", "document", "parsed"):
            answer.__dict__.pop(name, None)
    if not mutant["path"].startswith("tests/"):
        return lambda _, test: test
    module = ModuleType("tests." + Path(mutant["path"]).stem)
    module.__file__ = mutant["path"]
    exec(compile(mutant["code"], mutant["path"], "exec"), module.__dict__)  # noqa: S102 - the mutant is ours
    here = f"{mutant['path']}::"

    def replaced(name: str, test: Test) -> Test:
        return getattr(module, name.removeprefix(here)) if name.startswith(here) else test

    return replaced


def _put_schema(mutant: dict[str, Any]) -> None:
    from referencing import Registry, Resource

    from quickstart.exchange import contract

    right, document = contract._registry(), json.loads(mutant["code"])
    changed = Registry().with_resources(
        (uri, Resource.from_contents(document if uri == document["$id"] else resource.contents))
        for uri, resource in right.items()
    )
    contract._registry = lambda: changed  # type: ignore[assignment]
    contract.validator.cache_clear()


def _put_code(mutant: dict[str, Any]) -> None:
    """Give the functions of a module the code of the mutant's; what stands outside of functions is not reached so."""
    module = sys.modules[mutant["path"].removesuffix(".py").replace("/", ".")]
    changed = {one.co_qualname: one for one in _codes(compile(mutant["code"], mutant["path"], "exec"))}
    for one in _functions(module):
        new = changed.get(one.__code__.co_qualname)
        if new is not None and new.co_freevars == one.__code__.co_freevars:
            one.__code__ = new


def _codes(code: CodeType) -> list[CodeType]:
    inner = [one for one in code.co_consts if isinstance(one, CodeType)]
    return [code, *(found for one in inner for found in _codes(one))]


def _functions(module: ModuleType) -> list[FunctionType]:
    """Return the functions and methods of a module, under what decorates them."""
    found: list[FunctionType] = []
    values = [*vars(module).values()]
    classes = [one for one in values if inspect.isclass(one) and one.__module__ == module.__name__]
    for value in [*values, *(one for each in classes for one in vars(each).values())]:
        one = getattr(value, "fget", None) or getattr(value, "func", None) or getattr(value, "__func__", value)
        one = inspect.unwrap(one) if callable(one) else one
        if isinstance(one, FunctionType) and one.__module__ == module.__name__:
            found.append(one)
    return found


def _says(run: Any, test: Test) -> str:
    """Return what a test says of the answers of the run."""
    from quickstart.exchange.answer import CouldNotTest

    try:
        test(**{name: _fixture(run, test, name) for name in inspect.signature(test).parameters})
    except CouldNotTest:
        return COULD_NOT_TEST
    except AssertionError:
        return FAILED
    except Exception:  # noqa: BLE001 - as pytest takes it
        return CRASHED
    return PASSED


def _fixture(run: Any, test: Test, name: str) -> Any:
    """Return the value of a fixture, as conftest.py makes it."""
    from quickstart.judgement import expect
    from quickstart.run import values

    exchanges = {one.fixture: exchange for exchange, one in run.definitions.items()}
    if name in exchanges:
        return run.answer(exchanges[name])
    if name == "run":
        return run
    if name == "observe":
        return [].append
    if name in {"spent_access_token", "spent_refresh_token"}:
        return getattr(values, name)(run.given)
    names = tuple(one for mark in getattr(test, "pytestmark", ()) if mark.name == "judges" for one in mark.args)
    judged = expect.gathered(run, names)
    if name == "judged":
        return judged
    assert name == "refusals", name
    return expect.some([answer for answer in judged if answer.as_expected], "none of these exchanges was refused")
