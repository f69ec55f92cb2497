"""What the tests of the whole suite share."""

import gc
import os
import signal
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from quickstart.credentials.pipelines import SERVICES
from quickstart.exchange.answer import CouldNotTest
from selftests.support.matrix_runs import SuiteRunner, suite_runner
from selftests.support.project import copy

# The suite speaks to a pipeline in its own words: what is tested here is a desk, wherever these tests run.
for service in SERVICES:
    os.environ.pop(service.variable, None)

# A shell lets what it starts in the background ignore Ctrl-C, and so would all that is started here and interrupted.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Collection makes some hundred thousand things that stay: to look through them for garbage again and again is a tenth
# of its time.
gc.disable()


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call() -> Generator[None, object, object]:
    """Fail where a judge could not test and nobody expected that: pytest would take it for a test to be skipped."""
    try:
        return (yield)
    except CouldNotTest as reason:
        raise AssertionError(f"a judge could not test: {reason}") from reason


def pytest_collection_finish() -> None:
    """Look for garbage from now on, and not among what was collected."""
    gc.freeze()
    gc.enable()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project that a test may break."""
    return copy(tmp_path)


@pytest.fixture(scope="session")
def runner() -> Iterator[SuiteRunner]:
    """Runs the suite against one case after the other; each process of the self-tests has one."""
    with suite_runner() as made:
        yield made
