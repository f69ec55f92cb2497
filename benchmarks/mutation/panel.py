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
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import pytest

from selftests.support import claims
from selftests.support.claims import COULD_NOT_TEST, CRASHED, FAILED, PASSED, Test

OPTION = "panel"  # on pytest's options: the file with the mutants, and where to write what came of them
LONGEST = 20  # seconds of one mutant
_WORST = (PASSED, COULD_NOT_TEST, FAILED, CRASHED)


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


@dataclass(frozen=True)
class Case:
    """What a run has left: its suite, its claims by requirement, what each says, and what the tables want."""

    suite: Any
    tests: dict[str, dict[str, Test]]
    right: dict[str, str]
    legal: bool
    causes: frozenset[str]
    """Which first cause the tables allow."""

    @property
    def run(self) -> Any:
        """The run, with all its answers."""
        return self.suite.run


def _judged(session: pytest.Session, order: dict[str, Any]) -> dict[str, str]:
    """Return, for each mutant that does not judge as the right suite does, what it says instead."""
    suite = session.config.stash[sys.modules["conftest"].SUITE]
    tests: dict[str, dict[str, Test]] = {}  # by requirement, by file and name
    for item in session.items:
        for mark in item.iter_markers("requirement"):
            name = f"{item.path.relative_to(session.config.rootpath).as_posix()}::{item.name}"
            tests.setdefault(mark.args[0], {})[name] = item.function  # type: ignore[attr-defined]
    wanted = {one for mutant in order["mutants"] for one in mutant["requirements"] or tests}
    right = {name: claims.says(suite.run, test) for one in wanted for name, test in tests.get(one, {}).items()}
    case = Case(suite, tests, right, order["legal"], frozenset(order["causes"]))
    found: dict[str, str] = {}
    controls: dict[str, str] = {}
    for mutant in order["mutants"]:
        said = in_a_fork(partial(_difference, case, mutant))
        if said and mutant["path"] not in controls:
            # Put in place in the same way, the right code must say what it said: else the way is what differs.
            code = Path(session.config.rootpath, mutant["path"]).read_text(encoding="utf-8")
            control = {**mutant, "code": code, "requirements": []}
            controls[mutant["path"]] = in_a_fork(partial(_difference, case, control))
        if said and not controls[mutant["path"]]:
            found[mutant["key"]] = said
    return found


def in_a_fork(work: Callable[[], str]) -> str:
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


def _difference(case: Case, mutant: dict[str, Any]) -> str:
    """Return in which requirement the mutant's verdict is not that of the right suite, or nothing."""
    replaced = _put(mutant)
    for answer in case.run.answers.values():
        for name in ("violations", "document", "parsed"):
            answer.__dict__.pop(name, None)
    for requirement in mutant["requirements"] or case.tests:
        names = case.tests.get(requirement, {})
        before = max((case.right[name] for name in names), key=_WORST.index, default=PASSED)
        said = (claims.says(case.run, replaced(name, test)) for name, test in names.items())
        after = max(said, key=_WORST.index, default=PASSED)
        broken = (after == FAILED) != (before == FAILED)
        hidden = case.legal and (after == COULD_NOT_TEST) != (before == COULD_NOT_TEST)
        if broken or hidden or (after == CRASHED and before != CRASHED):
            return f"{requirement}: {after}, not {before}"
    return "" if mutant["path"].startswith(("tests/", "schemas/")) else _otherwise_concluded(case)


def _otherwise_concluded(case: Case) -> str:
    """Return what the suite concludes from its findings that the tables do not allow, or nothing."""
    found = case.suite.diagnosis
    cause = found.cause if found else ""
    if cause not in case.causes:
        return f"the first cause is {cause or 'none'}"
    kinds = {"violated", "advisory"}
    broken = {one.requirement.id for one in case.suite.verdicts() if one.verdict in kinds}
    failed = {one for one, names in case.tests.items() if FAILED in {case.right[name] for name in names}}
    return "" if broken == failed else f"verdicts of {', '.join(sorted(broken ^ failed))}"


def _put(mutant: dict[str, Any]) -> Callable[[str, Test], Test]:
    """Put the mutant in place of what it mutates; return which function to call for a test."""
    if mutant["path"].endswith(".json"):
        put_schema(mutant)
    elif not mutant["path"].startswith("tests/"):
        _put_code(mutant)
    if not mutant["path"].startswith("tests/"):
        return lambda _, test: test
    module = ModuleType("tests." + Path(mutant["path"]).stem)
    module.__file__ = mutant["path"]
    exec(compile(mutant["code"], mutant["path"], "exec"), module.__dict__)  # noqa: S102 - the mutant is ours
    here = f"{mutant['path']}::"

    def replaced(name: str, test: Test) -> Test:
        return getattr(module, name.removeprefix(here)) if name.startswith(here) else test

    return replaced


def put_schema(mutant: dict[str, Any]) -> None:
    """Let answers be judged by the mutant of a schema, and by all other schemas as they are."""
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
    """Give a module's functions the code of the mutant's, and all who know its constants the mutant's constants.

    Classes stay, since answers are instances of them: what stands in their bodies, but for methods, is not reached so.
    """
    module = sys.modules[mutant["path"].removesuffix(".py").replace("/", ".")]
    code = compile(mutant["code"], mutant["path"], "exec")
    changed = {one.co_qualname: one for one in _codes(code)}
    for function in _functions(module):
        new = changed.get(function.__code__.co_qualname)
        if new is not None and new.co_freevars == function.__code__.co_freevars:
            function.__code__ = new
    made = ModuleType(module.__name__)
    made.__file__ = module.__file__
    exec(code, made.__dict__)  # noqa: S102 - the mutant is ours
    _put_constants(module, made)
    for one in [one for name, one in sys.modules.items() if name.partition(".")[0] in {"quickstart", "tests"}]:
        for value in [*vars(one).values()]:
            if hasattr(value, "cache_clear"):
                value.cache_clear()


def _put_constants(module: ModuleType, made: ModuleType) -> None:
    ours = [one for name, one in sys.modules.items() if name.partition(".")[0] in {"quickstart", "tests", "conftest"}]
    for name, new in vars(made).items():
        old = vars(module).get(name)
        plain = not callable(new) and not isinstance(new, ModuleType) and not name.startswith("__")
        if not plain or type(new) is not type(old) or new == old:
            continue
        for one in ours:
            for known in [known for known, value in vars(one).items() if value is old and known.lstrip("_")]:
                setattr(one, known, new)


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
