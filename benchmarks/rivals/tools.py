"""The rivals and the suite itself: how each is started, and which version of it is here."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

import quickstart
from selftests.support.project import ROOT, bare_environment
from standin.server.running import Procore

HERE = Path(__file__).parent
MODULES = HERE / "node_modules"
INSTALL = "run benchmarks/rivals/install.sh"
SECONDS = 10
"""That each of them may wait for an answer."""
_GIVEN = {
    "login_url": "PROCORE_LOGIN_URL",
    "api_url": "PROCORE_API_URL",
    "client_id": "PROCORE_CLIENT_ID",
    "client_secret": "PROCORE_CLIENT_SECRET",
    "company_id": "PROCORE_COMPANY_ID",
    "foreign_company_id": "PROCORE_FOREIGN_COMPANY_ID",
    "redirect_uri": "PROCORE_REDIRECT_URI",
    "code": "PROCORE_AUTHORIZATION_CODE",
}
"""What tools with variables of their own call what the stand-in gives."""
Settings = Mapping[str, str]
_NO_INPUTS = {"__pycache__", ".pytest_cache"}
_FUZZED = HERE / "schemathesis"


@dataclass(frozen=True)
class Tool:
    """One way to check the quick start.

    ``options`` are those of a run of our own suite, and None for a rival; ``inputs`` are what its verdict rests on;
    ``release`` says its version, or raises LookupError where it is not installed.
    """

    name: str
    line: Callable[[Settings], list[str]]
    release: Callable[[], str]
    inputs: tuple[Path, ...]
    folder: Path | None = HERE
    """Where it is started; None: in an empty folder."""
    environment: Mapping[str, str] | None = None
    options: Mapping[str, object] | None = None

    @property
    def digest(self) -> str:
        """What changes when its inputs do."""
        return _digest(self.inputs)

    def settings(self, procore: Procore, home: Path) -> dict[str, str]:
        """Return its environment: what the stand-in gives, at the plain address, and nothing of ours."""
        return {**bare_environment(home), **procore.direct, **(self.environment or {})}


@cache
def _digest(inputs: tuple[Path, ...]) -> str:
    found = hashlib.sha256()
    for root in inputs:
        for path in [root] if root.is_file() else sorted(root.rglob("*")):
            if path.is_file() and not _NO_INPUTS & {*path.parts}:
                found.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return found.hexdigest()[:12]


def _newman(given: Settings) -> list[str]:
    values = [word for name, source in _GIVEN.items() for word in ("--env-var", f"{name}={given[source]}")]
    program = ["node", str(MODULES / "newman" / "bin" / "newman.js"), "run"]
    limits = ["--timeout-request", str(SECONDS * 1000), "--color", "off"]
    return [*program, "newman/quickstart.postman_collection.json", *values, *limits]


def _stepci(given: Settings) -> list[str]:
    values = [word for name, source in _GIVEN.items() for word in ("-e", f"{name}={given[source]}")]
    return ["node", str(MODULES / "stepci" / "dist" / "index.js"), "run", "stepci/workflow.yml", *values]


def _tavern(_given: Settings) -> list[str]:
    return [str(_environment("tavern")), "-m", "pytest", "-c", "pytest.ini", "test_quickstart.tavern.yaml"]


def _schemathesis(given: Settings) -> list[str]:
    program = [str(_environment("schemathesis").with_name("st")), "--config-file", str(_FUZZED / "schemathesis.toml")]
    return [
        *program,
        "run",
        str(HERE / "openapi.yaml"),
        "--mode=positive",
        "--no-color",
        "--url",
        given["PROCORE_API_URL"],
    ]


def _plain(_given: Settings) -> list[str]:
    return [sys.executable, "plain/quickstart.py"]


def _ours(*options: str) -> Callable[[Settings], list[str]]:
    return lambda _given: [sys.executable, "-m", "pytest", "--target=sandbox", "-q", "-p", "no:cacheprovider", *options]


def _environment(name: str) -> Path:
    return HERE / ".venv" / name / "bin" / "python"


def _of_npm(name: str) -> Callable[[], str]:
    def found() -> str:
        described = MODULES / name / "package.json"
        if not described.exists():
            raise LookupError(f"{name} is not here: {INSTALL}")
        return str(json.loads(described.read_text(encoding="utf-8"))["version"])

    return found


def _of_pypi(name: str) -> Callable[[], str]:
    def found() -> str:
        for folder in (HERE / ".venv" / name).glob(f"lib/python*/site-packages/{name}-*.dist-info"):
            return folder.name.removeprefix(f"{name}-").removesuffix(".dist-info")
        raise LookupError(f"{name} is not here: {INSTALL}")

    return found


def node() -> str:
    """Return the version of Node.js that runs two of them. Raises LookupError."""
    try:
        line = ["node", "--version"]
        said = subprocess.run(line, capture_output=True, text=True, timeout=60, check=True).stdout
    except OSError:
        raise LookupError(f"Node.js is not here: {INSTALL}") from None
    return re.sub(r"^v", "", said.strip())


_PATIENT = {"PROCORE_TIMEOUT": str(SECONDS)}
_SCHEMAS = HERE / "schemas"
_OURS = tuple(ROOT / name for name in ("quickstart", "tests", "schemas", "conftest.py", "pytest.ini"))
TOOLS = (
    Tool("newman", _newman, _of_npm("newman"), (HERE / "newman",)),
    Tool(
        "Step CI",
        _stepci,
        _of_npm("stepci"),
        (HERE / "stepci", _SCHEMAS),
        environment={"STEPCI_DISABLE_ANALYTICS": "1"},  # it would tell its makers of each run
    ),
    Tool("Tavern", _tavern, _of_pypi("tavern"), (HERE / "tavern", _SCHEMAS), HERE / "tavern"),
    Tool(
        "schemathesis",
        _schemathesis,
        _of_pypi("schemathesis"),
        (_FUZZED, HERE / "openapi.yaml"),
        None,  # it keeps what it found for the next run, where it is started
        {
            "SCHEMATHESIS_HOOKS": "hooks",
            "PYTHONPATH": str(_FUZZED),
            # Tables of Unicode, which it would make anew in each empty folder: two seconds and 200 MiB.
            "HYPOTHESIS_STORAGE_DIRECTORY": str(HERE / ".venv" / "schemathesis" / "hypothesis"),
        },
    ),
    Tool("requests", _plain, lambda: version("requests"), (HERE / "plain", _SCHEMAS)),
    Tool("ours", _ours(), lambda: quickstart.__version__, _OURS, ROOT, _PATIENT, options={}),
    Tool(
        "ours, disruptive",
        _ours("--disruptive"),
        lambda: quickstart.__version__,
        _OURS,
        ROOT,
        _PATIENT,
        {"disruptive": True},
    ),
    Tool(
        "ours, disruptive, strict",
        _ours("--disruptive", "--fail-on=should"),
        lambda: quickstart.__version__,
        _OURS,
        ROOT,
        _PATIENT,
        {"disruptive": True, "fail_on": "should"},
    ),
)
"""In the order of the table; ours last, as often as it can be asked for."""
BASE = "newman"
"""What ratios are taken to."""


def tool(name: str) -> Tool:
    """Return the one of this name. Raises KeyError."""
    return {one.name: one for one in TOOLS}[name]
