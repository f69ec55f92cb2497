"""The claims of ``tests/`` without pytest: which there are, and what each says of the answers of a run."""

from __future__ import annotations

import importlib
import inspect
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from requests.structures import CaseInsensitiveDict

from quickstart.exchange import contract, definitions
from quickstart.exchange.answer import Answer, CouldNotTest
from quickstart.judgement import expect
from quickstart.plugin import replaying
from quickstart.run import values
from quickstart.run.run import Run
from quickstart.secrecy.redaction import Redactor
from selftests.support.project import ROOT

PASSED, FAILED, COULD_NOT_TEST, CRASHED = "passed", "failed", "could-not-test", "crashed"
Test = Any  # a function with pytest's marks


class UnknownFixtureError(BaseException):
    """A claim takes a fixture that is not made here: nothing that is said of it can be believed."""


@dataclass(frozen=True)
class Claim:
    """One test: the requirement that it judges, and of which exchanges."""

    path: str
    name: str
    requirement: str
    exchanges: frozenset[str]
    test: Test

    def __str__(self) -> str:
        return self.name


@cache
def of_requirement() -> Mapping[str, Claim]:
    """Return the claim of each requirement."""
    return {one.requirement: one for one in claims()}


@cache
def claims() -> tuple[Claim, ...]:
    """Return all claims, in the order of their modules; there is one of each in a process."""
    return tuple(_claims())


def _claims() -> Iterator[Claim]:
    for path in sorted((ROOT / "tests").glob("test_*.py")):
        module = importlib.import_module(f"tests.{path.stem}")
        for name, test in inspect.getmembers(module, inspect.isfunction):
            marks = list(getattr(test, "pytestmark", []))
            required = [mark.args[0] for mark in marks if mark.name == "requirement"]
            if name.startswith("test_") and required:
                yield Claim(f"tests/{path.name}", name, required[0], exchanges_of(test), test)


def exchanges_of(test: Test) -> frozenset[str]:
    """Return the exchanges that a claim judges: those that it takes, and those of its marks."""
    judged = {one for mark in getattr(test, "pytestmark", []) if mark.name == "judges" for one in mark.args}
    taken = {_by_fixture()[one] for one in inspect.signature(test).parameters if one in _by_fixture()}
    return frozenset(judged | taken)


@cache
def _by_fixture() -> dict[str, str]:
    return {one.fixture: name for name, one in definitions.load().items()}


@cache
def replayed() -> Run:
    """Return a run that has answered all exchanges from the shipped recordings; there is one for each process."""
    exchanges = definitions.load()
    values.check(exchanges)
    contract.check({name: one.schema for name, one in exchanges.items()})
    made = replaying.replay_run(exchanges, ROOT / "cassettes", Redactor())
    for name in exchanges:
        made.obtain(name)
    return made


def says(run: Run, test: Test, told: list[str] | None = None) -> str:
    """Return what a claim says of the answers of a run; what it only reports is appended to ``told``."""
    given = told if told is not None else []
    try:
        test(**{name: _fixture(run, test, name, given) for name in inspect.signature(test).parameters})
    except CouldNotTest:
        return COULD_NOT_TEST
    except AssertionError:
        return FAILED
    except Exception:  # noqa: BLE001 - as pytest takes it
        return CRASHED
    return PASSED


def _fixture(run: Run, test: Test, name: str, told: list[str]) -> Any:
    """Return the value of a fixture, as conftest.py makes it."""
    own = test.__globals__.get(name)  # a fixture of the module itself
    if hasattr(own, "_get_wrapped_function"):
        wrapped = own._get_wrapped_function()
        return wrapped(**{one: _fixture(run, test, one, told) for one in inspect.signature(wrapped).parameters})
    exchanges = {one.fixture: exchange for exchange, one in run.definitions.items()}
    if name in exchanges:
        return run.answer(exchanges[name])
    if name == "run":
        return run
    if name == "observe":
        return told.append
    if name in {"spent_access_token", "spent_refresh_token"}:
        return getattr(values, name)(run.given)
    judged = expect.gathered(run, (one for mark in test.pytestmark if mark.name == "judges" for one in mark.args))
    if name == "judged":
        return judged
    if name != "refusals":
        raise UnknownFixtureError(name)
    return expect.some([answer for answer in judged if answer.as_expected], "none of these exchanges was refused")


@contextmanager
def answering(run: Run, answers: Mapping[str, Answer]) -> Iterator[None]:
    """Let these answers, by exchange, take the place of the recorded ones for the duration of a block."""
    kept = dict(run._results)
    run._results.update(answers)
    try:
        yield
    finally:
        run._results.update(kept)


def judged(run: Run, requirement: str, answers: Mapping[str, Answer], told: list[str] | None = None) -> str:
    """Return what a claim says of a run with these answers, by exchange, in place of the recorded ones."""
    with answering(run, answers):
        return says(run, of_requirement()[requirement].test, told)


def judged_with(run: Run, requirement: str, *answers: Answer, told: list[str] | None = None) -> str:
    """Return what a claim says of a run with these answers in place of those to the same exchanges."""
    return judged(run, requirement, {answer.name: answer for answer in answers}, told)


def with_headers(answer: Answer, more: Mapping[str, str | None]) -> Answer:
    """Return the answer with other headers; ``None`` leaves one out."""
    changed = {name.lower() for name in more}
    lines = [pair for pair in answer.pairs if pair[0].lower() not in changed]
    lines += [(name, value) for name, value in more.items() if value is not None]
    return replace(answer, headers=CaseInsensitiveDict(lines), pairs=tuple(lines))


def with_members(answer: Answer, more: Mapping[str, Any]) -> Answer:
    """Return the answer with other members in the object of its body."""
    return replace(answer, content=json.dumps({**json.loads(answer.content), **more}).encode())
