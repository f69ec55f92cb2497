"""Reads what the command line asks for, refuses what cannot be, and puts the session together."""

from collections.abc import Callable, Mapping
from contextlib import nullcontext, suppress
from pathlib import Path

import _pytest.reports
import _pytest.terminal
import pytest

from quickstart import CLAIMS, MACHINERY
from quickstart.credentials import surroundings
from quickstart.credentials.settings import Settings, SettingsError, load, notes, raw
from quickstart.credentials.sources import SECRETS, env_file
from quickstart.credentials.token_cache import CacheError
from quickstart.exchange import definitions
from quickstart.exchange.targets import NAMES, REPLAY, may_be_production
from quickstart.judgement import catalogue, waivers
from quickstart.judgement.ending import CRASHED, NOT_USABLE, Ending
from quickstart.plugin import choosing, collection, ends, session
from quickstart.plugin.network import NetworkGuard
from quickstart.plugin.suite import Suite
from quickstart.report import crash, outputs, refused
from quickstart.run import values
from quickstart.run.cassettes import CassetteError
from quickstart.secrecy.outlets import Outlets
from quickstart.secrecy.printable import printable
from quickstart.secrecy.redaction import Redactor
from quickstart.secrecy.vocabulary import Vocabulary

_NOT_USABLE = (
    catalogue.CatalogueError,
    waivers.WaiverError,
    definitions.DefinitionError,
    CassetteError,
    SettingsError,
    CacheError,
)


def add_options(parser: pytest.Parser) -> None:
    """Declare the options of the suite."""
    group = parser.getgroup("procore", "Procore quick start")
    group.addoption("--target", choices=NAMES, default=REPLAY, help="what is asked (default: replay, offline)")
    group.addoption("--folder", metavar="DIR", help="where .env and waivers.toml are (default: the suite's own folder)")
    group.addoption("--profile", metavar="NAME", help="read the settings from .env.NAME instead of .env")
    group.addoption("--disruptive", action="store_true", help="also send what rotates, revokes and provokes")
    group.addoption(
        "--yes-production", action="store_true", help="with --disruptive: rotate, revoke and provoke in production, too"
    )
    group.addoption(
        "--fail-on", choices=("must", "should"), default="must", help="the lowest level whose breach fails the run"
    )
    group.addoption(
        "--requirement",
        action="append",
        metavar="ID",
        help="judge this requirement alone, or all that 'projects.*' names; may be given several times",
    )
    group.addoption(
        "--waivers",
        metavar="FILE",
        help="breaches that do not fail the run, with reason and end (default: waivers.toml)",
    )
    group.addoption(
        "--no-self-contained-html",
        dest="self_contained_html",
        action="store_false",
        default=False,
        help="let --html put its style into a file beside it (assets/style.css), for servers that allow no other",
    )
    group.addoption(
        "--verdict-json", metavar="FILE", help="write the machine-readable verdict (schemas/verdict.schema.json)"
    )
    group.addoption("--summary-md", metavar="FILE", help="write a summary in Markdown, for a pull request")
    group.addoption("--badge", metavar="FILE", help="write the badge as an endpoint document of shields.io")


def configure(config: pytest.Config, guard: NetworkGuard) -> Suite:
    """Return the plugin of this session. Where there can be none, reports say so, in place of older ones.

    Raises:
        pytest.UsageError: options, settings, catalogue or recordings cannot be used (exit code 4).
        pytest.exit.Exception: the suite itself failed (exit code 3).
    """
    redactor = Redactor(ours_in(config.rootpath))
    if config.getoption("folder"):
        _show_paths_as_in_a_clone(config)
    try:
        return _configure(config, guard, redactor)
    except pytest.UsageError as error:
        reason = redactor.text("\n".join(map(str, error.args)))
        _refuse(config, Ending(NOT_USABLE, printable(reason)))
        raise
    except Exception as error:  # noqa: BLE001 - a fault of ours ends in our own words, whatever it is
        _learn_settings(config, redactor)
        died = ends.crash("the start of the run", error, redactor)
        end = Ending(CRASHED, died.sentence, crashes=(died,))
        _refuse(config, end)
        pytest.exit("\n".join(crash.lines(end)), returncode=3)


def _learn_settings(config: pytest.Config, redactor: Redactor) -> None:
    """Tell the redactor of the user's secrets, which the words of an early exception may show."""
    with suppress(SettingsError):
        for name, value in raw(env_file(folder_of(config), config.getoption("profile"))).items():
            if name in SECRETS:
                redactor.learn(name, value)


def check_files(config: pytest.Config) -> list[str]:
    """Return a sentence for each report that cannot be written, as far as that must be known before the run.

    Raises:
        pytest.UsageError: a style sheet is missing (exit code 4).
    """
    if hasattr(config, "workerinput"):
        return []
    try:
        return outputs.refuse_unusable(config)
    except pytest.UsageError as error:
        config.option.css = []
        _refuse(config, Ending(NOT_USABLE, str(error)))
        raise


def _refuse(config: pytest.Config, end: Ending) -> None:
    """Let the reports of a run that does not begin say so."""
    if hasattr(config, "workerinput"):
        return
    for line in refused.write(config, end):
        print(line, flush=True)


def _configure(config: pytest.Config, guard: NetworkGuard, redactor: Redactor) -> Suite:
    """Return the plugin of this session.

    Raises:
        pytest.UsageError: options, settings, catalogue or recordings cannot be used.
    """
    target = config.getoption("target")
    recording = _refuse_contradictions(config, target)
    root = config.rootpath
    told: list[str] = []
    try:
        requirements = catalogue.load(root / "tests" / "catalogue.toml")
        exchanges = definitions.load(root / "tests" / "exchanges.toml")
        values.check(exchanges)
        choosing.wanted(config, requirements)
        waived = _waivers(config, requirements)
        if target == REPLAY:
            run = session.replay_run(exchanges, root / "cassettes", redactor)
            origin = session.recorded_origin(run)
        else:
            guard.closed = False
            surroundings.refuse_broken()
            file = env_file(folder_of(config), config.getoption("profile"))
            settings = load(file)
            told = notes(file)
            _refuse_disrupted_production(config, settings)
            smoke = config.getoption("markexpr", "").strip() == "smoke"
            wish = session.Wish(target, recording, config.getoption("disruptive"), smoke)
            run = session.live_run(
                exchanges, root / "cassettes", redactor, wish=wish, settings=settings, say=_sayer(config)
            )
            config.add_cleanup(run.client.close)
            origin = session.origin(settings, target)
            config.pluginmanager.register(Outlets(config, redactor), "procore-outlets")
    except _NOT_USABLE as error:
        raise pytest.UsageError(redactor.text(str(error))) from None
    return Suite(
        config,
        run=run,
        catalogue=requirements,
        definitions=exchanges,
        waivers=waived,
        redactor=redactor,
        origin=origin,
        notes=told,
    )


def folder_of(config: pytest.Config) -> Path:
    """Return the folder of ``.env`` and ``waivers.toml``: the one that was named, or that of the claims."""
    return Path(config.getoption("folder") or config.rootpath)


def _show_paths_as_in_a_clone(config: pytest.Config) -> None:
    """Let the terminal call a test by its place among the claims, and not by the way there from the working folder."""
    setattr(config, "cwd_relative_nodeid", lambda nodeid: nodeid)  # noqa: B010 - a method for type checkers
    terminal = config.pluginmanager.get_plugin("terminalreporter")
    if terminal is not None:
        terminal.startpath = config.rootpath


def ours_in(root: Path) -> Vocabulary:
    """Return the words that outputs may hold because they are ours, or pytest's."""
    ours = (root / name for name in ("tests", "schemas", "conftest.py", "pytest.ini"))
    return Vocabulary(*ours, MACHINERY, Path(_pytest.terminal.__file__), Path(_pytest.reports.__file__))


def _waivers(config: pytest.Config, requirements: Mapping[str, catalogue.Requirement]) -> waivers.Waivers:
    """Return the waivers of the file that ``--waivers`` names, or of the one beside ``.env``, which may be missing."""
    named = config.getoption("waivers")
    if named is not None:
        return waivers.load(Path.cwd() / named, requirements, named=named)
    return waivers.load(folder_of(config) / waivers.FILE, requirements)


def _refuse_contradictions(config: pytest.Config, target: str) -> bool:
    """Return whether to record; raise pytest.UsageError for options that cannot go together."""
    mode = config.getoption("record_mode", None)
    disabled = config.getoption("disable_recording", False)
    if mode not in {None, "none", "rewrite"}:
        raise pytest.UsageError(f"--record-mode={mode} would mix old and new answers: use none or rewrite.")
    recording = mode == "rewrite" and not disabled
    if target == REPLAY:
        if mode == "rewrite":
            raise pytest.UsageError("--record-mode=rewrite needs somebody to ask: add --target=sandbox.")
        if disabled:
            raise pytest.UsageError("--disable-recording leaves replay without answers: add --target=sandbox.")
        return False
    if config.getoption("block_network", False):
        raise pytest.UsageError(f"--block-network and --target={target} contradict each other: leave one out.")
    if config.getoption("numprocesses", None) or hasattr(config, "workerinput") or config.getoption("tx", None):
        raise pytest.UsageError(
            "-n is for replay alone: a live run is one process, since an account has one request budget "
            "and its tokens work once."
        )
    if recording and MACHINERY.parent != CLAIMS:
        raise pytest.UsageError("recordings are made in a clone of the suite, whose cassettes/ they replace.")
    if recording and not collection.selects_all(config):
        raise pytest.UsageError("a recording is made as a whole: leave out -k, -m, --requirement and paths.")
    return recording


def _refuse_disrupted_production(config: pytest.Config, settings: Settings) -> None:
    """Raise pytest.UsageError unless what rotates and revokes in production was asked for by two words.

    The hosts count as well as the name: PROCORE_LOGIN_URL may lead a run of the sandbox to production.
    """
    asked = settings.target(config.getoption("target"))
    if config.getoption("disruptive") and may_be_production(asked) and not config.getoption("yes_production"):
        raise pytest.UsageError(
            f"--disruptive rotates and revokes tokens of production ({asked.login_url}, {asked.api_url}): "
            "leave it out, or add --yes-production as well."
        )


def _sayer(config: pytest.Config) -> Callable[[str], None]:
    """Return what tells the terminal of a wait, at once: pytest captures what is written during a test."""

    def say(text: str) -> None:
        capture = config.pluginmanager.get_plugin("capturemanager")
        writer = config.get_terminal_writer()
        with capture.global_and_fixture_disabled() if capture is not None else nullcontext():
            if writer.width_of_current_line:
                writer.line()
            writer.line(f"waiting: {text}")
            writer.flush()

    return say
