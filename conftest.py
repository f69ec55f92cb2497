"""Options, hooks and shared fixtures of the suite; what they do stands in ``quickstart/``."""

import gc
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from quickstart.plugin.network import NetworkGuard

# Before anything else is imported: replay is offline in every phase.
GUARD = NetworkGuard()
gc.disable()  # nothing goes while all is imported and collected; quickstart/plugin/collection.py switches it on then

from quickstart.exchange import definitions  # noqa: E402 - the guard comes first
from quickstart.exchange.answer import Answer  # noqa: E402
from quickstart.judgement import expect  # noqa: E402 - the guard comes first
from quickstart.plugin import declared, options  # noqa: E402 - the guard comes first
from quickstart.plugin.collection import OBSERVED  # noqa: E402
from quickstart.plugin.suite import Suite  # noqa: E402
from quickstart.report.plugin import HtmlReport  # noqa: E402
from quickstart.run import cassettes, values  # noqa: E402
from quickstart.run.run import Run  # noqa: E402

SUITE = pytest.StashKey[Suite]()
UNWRITABLE = pytest.StashKey[Iterable[str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare --target and its companions."""
    declared.add_options(parser)


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Look at the files of the reports, before a plugin dies of one that cannot be written."""
    if not config.option.help and not config.option.version:
        config.stash[UNWRITABLE] = options.check_files(config)


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Put the run together, or refuse with exit code 4."""
    if not config.option.help and not config.option.version:
        suite = config.stash[SUITE] = options.configure(config, GUARD)
        suite.unwritable += config.stash[UNWRITABLE]
        for name, plugin in suite.plugins.items():
            config.pluginmanager.register(plugin, name)
        if config.getoption("htmlpath", None) and not suite.is_worker:
            config.pluginmanager.register(HtmlReport(config, suite.ended), "procore-quick-start-html")


@pytest.hookimpl(optionalhook=True)
def pytest_recording_configure(config: pytest.Config, vcr: Any) -> None:  # noqa: ARG001 - the hook's own signature
    """Let pytest-recording's own cassettes match as ours do."""
    vcr.register_matcher(cassettes.MATCHER, cassettes.same_request)


@pytest.fixture(scope="session")
def vcr_config(run: Run) -> dict[str, Any]:
    """One configuration for every cassette: matching, and scrubbing while recording."""
    return cassettes.vcr_config(None if run.replaying else run.redactor)


@pytest.fixture(scope="session")
def run(pytestconfig: pytest.Config) -> Run:
    """The run: credentials, target, and the answers so far."""
    return pytestconfig.stash[SUITE].run


@pytest.fixture(scope="session")
def spent_access_token(run: Run) -> str:
    """The access token that the exchange *refresh* replaces."""
    return values.spent_access_token(run.given)


@pytest.fixture(scope="session")
def spent_refresh_token(run: Run) -> str:
    """The refresh token that the exchange *refresh* spends."""
    return values.spent_refresh_token(run.given)


@pytest.fixture
def judged(request: pytest.FixtureRequest, run: Run) -> list[Answer]:
    """The answers that came of the exchanges in ``@pytest.mark.judges``."""
    names = tuple(name for mark in request.node.iter_markers("judges") for name in mark.args)
    return expect.gathered(run, names)


@pytest.fixture
def refusals(judged: list[Answer]) -> list[Answer]:
    """Those of the judged answers that are refusals: what was accepted, or had no answer, is judged elsewhere."""
    return expect.some([answer for answer in judged if answer.as_expected], "none of these exchanges was refused")


@pytest.fixture
def observe(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Report something that is not judged."""
    seen: list[str] = request.node.stash[OBSERVED]
    return seen.append


def _exchange_fixture(name: str) -> Any:
    def answer(run: Run) -> Answer:
        return run.answer(name)

    answer.__doc__ = f"The answer to the exchange *{name}*, sent once a run."
    return pytest.fixture(scope="session", name=definitions.fixture_name(name))(answer)


# One fixture an exchange, under its own name: a test that takes ``projects`` judges that exchange.
for _name in definitions.load():
    globals()[f"exchange_{definitions.fixture_name(_name)}"] = _exchange_fixture(_name)
