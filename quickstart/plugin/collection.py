"""The rules of the catalogue: a test judges one requirement, each requirement has a test, exchanges are planned."""

import gc
from collections.abc import Mapping
from pathlib import Path

import pytest

from quickstart.exchange.definitions import Definition
from quickstart.judgement.catalogue import Requirement
from quickstart.plugin import choosing, reports
from quickstart.run.run import Run

REQUIREMENT = pytest.StashKey[Requirement]()  # that a test judges
EXCHANGES = pytest.StashKey[list[str]]()  # whose answers it judges
OBSERVED = pytest.StashKey[list[str]]()  # what it reports without judging
# Of pytest-recording, set up at each test: they do nothing where no mark and no option asks for them, which is nearly
# always, and would be a tenth of a run. Recordings of exchanges are ours, as is the guard that keeps replay offline.
_PYTEST_RECORDINGS = frozenset(
    {"block_network", "disable_recording", "record_mode", "vcr", "vcr_cassette_dir", "vcr_markers"}
)
LIVE_TIMEOUT = 600  # seconds of one test; longer than client.RUN_BUDGET, since one test may send all exchanges


def selects_all(config: pytest.Config) -> bool:
    """Whether the command line leaves out no claim: it names none, or the folder that holds all of them."""
    named = config.args_source is not pytest.Config.ArgsSource.TESTPATHS
    if named and [Path(one).absolute() for one in config.args] != [config.rootpath / "tests"]:
        return False
    return not any(config.getoption(name, None) for name in ("keyword", "markexpr", "requirement"))


class Collection:
    """Ties the tests to the catalogue as they are collected, and tells the run which exchanges they need."""

    def __init__(
        self,
        config: pytest.Config,
        run: Run,
        catalogue: Mapping[str, Requirement],
        definitions: Mapping[str, Definition],
    ) -> None:
        self._config = config
        self._run = run
        self._catalogue = catalogue
        self._definitions = definitions
        self._by_fixture = {definition.fixture: name for name, definition in definitions.items()}

    def pytest_ignore_collect(self, collection_path: Path) -> bool | None:
        """Leave out modules without a smoke test where no other is wanted: importing them takes longer than to ask."""
        if not choosing.is_smoke(self._config) or not self._is_of_claims(collection_path):
            return None
        idle = collection_path.suffix == ".py" and "mark.smoke" not in collection_path.read_text(encoding="utf-8")
        return True if idle else None

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Tie every test to its requirement and exchanges, refuse what breaks traceability, and leave out the rest."""
        claims = [item for item in items if self._is_claim(item)]
        for item in claims:
            self._tie(item)
            self._leave_idle_out(item)
            if not self._run.replaying:
                item.add_marker(pytest.mark.timeout(LIVE_TIMEOUT))
        self._refuse_untested(claims)
        wanted = choosing.wanted(self._config, self._catalogue)
        if wanted is not None:
            chosen = [item for item in items if REQUIREMENT in item.stash and item.stash[REQUIREMENT].id in wanted]
            self._config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
            items[:] = chosen

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Plan the exchanges of the tests that were selected."""
        gc.freeze()  # what was imported and collected stays to the end: no garbage collection need look through it
        gc.enable()
        names: set[str] = set()
        for item in session.items:
            behind: list[str] = item.stash.get(EXCHANGES, [])
            names.update(behind)
        needed = set(names)
        for name in names:
            needed.update(self._definitions[name].after)
        self._run.planned = frozenset(needed)

    def _is_claim(self, item: pytest.Item) -> bool:
        return self._is_of_claims(item.path)

    def _is_of_claims(self, path: Path) -> bool:
        return path.parent == self._config.rootpath / "tests"

    def _tie(self, item: pytest.Item) -> None:
        marks = [mark.args[0] for mark in item.iter_markers("requirement")]
        if len(marks) != 1 or marks[0] not in self._catalogue:
            raise pytest.UsageError(
                f"{item.nodeid}: a test needs exactly one known requirement, and has {marks or 'none'}; "
                "add it to tests/catalogue.toml or mend the mark."
            )
        requirement = self._catalogue[marks[0]]
        fixtures = [self._by_fixture[name] for name in item.fixturenames if name in self._by_fixture]  # type: ignore[attr-defined]
        judged = [name for mark in item.iter_markers("judges") for name in mark.args]
        item.stash[REQUIREMENT] = requirement
        item.stash[EXCHANGES] = list(dict.fromkeys([*fixtures, *judged]))
        item.stash[OBSERVED] = []
        item.extra_keyword_matches.add(requirement.id)  # for -k
        item.user_properties += reports.properties(requirement).items()
        if any(self._definitions[name].disruptive for name in fixtures):
            item.add_marker(pytest.mark.disruptive)

    def _leave_idle_out(self, item: pytest.Item) -> None:
        """Set nothing of pytest-recording up for a test that has no use for it."""
        asked = any(item.get_closest_marker(name) for name in ("vcr", "block_network"))
        if not asked and not self._config.getoption("block_network", False):
            names: list[str] = item.fixturenames  # type: ignore[attr-defined]
            names[:] = [name for name in names if name not in _PYTEST_RECORDINGS]

    def _refuse_untested(self, claims: list[pytest.Item]) -> None:
        """A requirement without a test is refused, when all test modules were collected."""
        collected = {item.path for item in claims}
        if not {*(self._config.rootpath / "tests").glob("test_*.py")} <= collected:
            return
        untested = sorted(self._catalogue.keys() - {item.stash[REQUIREMENT].id for item in claims})
        if untested and not any("::" in argument for argument in self._config.args):
            raise pytest.UsageError(f"tests/catalogue.toml: no test judges {', '.join(untested)}.")
