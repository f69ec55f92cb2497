"""Reads what the command line asks for, refuses what cannot be, and puts the session together."""

import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack, nullcontext, suppress
from pathlib import Path

import pytest

from quickstart import CLAIMS, MACHINERY
from quickstart.credentials import surroundings
from quickstart.credentials.sources import SECRETS, SettingsError, env_file, raw
from quickstart.exchange import contract, definitions
from quickstart.exchange.targets import REPLAY, Target, may_be_production
from quickstart.judgement import catalogue, waivers
from quickstart.judgement.ending import BROKEN_OFF, CRASHED, INTERRUPTED, NOT_USABLE, Ending
from quickstart.plugin import beside, choosing, collection, companies, ends, replaying
from quickstart.plugin import recording as keeping
from quickstart.plugin.network import NetworkGuard
from quickstart.plugin.suite import Suite
from quickstart.report import crash, outputs, refused
from quickstart.run import signals, values
from quickstart.run.cassettes import CassetteError
from quickstart.secrecy.outlets import Outlets
from quickstart.secrecy.printable import printable
from quickstart.secrecy.redaction import Redactor
from quickstart.secrecy.vocabulary import Vocabulary
from quickstart.upstream import runner

_NOT_USABLE = (
    catalogue.CatalogueError,
    waivers.WaiverError,
    definitions.DefinitionError,
    CassetteError,
    SettingsError,
)


def configure(config: pytest.Config, guard: NetworkGuard) -> Suite:
    """Return the plugin of this session. Where there can be none, reports say so, in place of older ones.

    Raises:
        pytest.UsageError: options, settings, catalogue or recordings cannot be used (exit code 4).
        pytest.exit.Exception: the suite itself failed (exit code 3).
    """
    if not hasattr(config, "workerinput"):  # xdist ends its workers in its own way
        heeding = ExitStack()
        heeding.enter_context(signals.heeded())
        config.add_cleanup(heeding.close)
    redactor = Redactor(ours_in(config.rootpath))
    if config.getoption("folder"):
        runner.show_paths_as_in_a_clone(config)
    try:
        return _configure(config, guard, redactor)
    except pytest.UsageError as error:
        reason = redactor.text("\n".join(map(str, error.args)))
        _refuse(config, Ending(NOT_USABLE, printable(reason)))
        raise
    except KeyboardInterrupt as interrupt:
        _refuse(config, Ending(BROKEN_OFF, str(interrupt) or INTERRUPTED))
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
        for name, value in raw(env_file(folder_of(config), config.getoption("profile")), SECRETS).items():
            redactor.learn(name, value)


def check_files(config: pytest.Config) -> list[str]:
    """Clear the way for the reports, and return a sentence for each that cannot be written, as far as must be known.

    Raises:
        pytest.UsageError: a style sheet is missing (exit code 4).
    """
    if hasattr(config, "workerinput"):
        return []
    outputs.remove_old(config)
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
    if sys.flags.optimize:
        raise pytest.UsageError(
            "Python leaves out assertions here, and no check could fail: unset PYTHONOPTIMIZE, and start it without -O."
        )
    recording = _refuse_contradictions(config, target)
    beside.refuse_unusable(config)
    if not folder_of(config).is_dir():
        raise pytest.UsageError(f"--folder={folder_of(config)} is no folder: name the one of .env and waivers.toml.")
    root = config.rootpath
    told: list[str] = []
    try:
        requirements = catalogue.load(root / "tests" / "catalogue.toml")
        exchanges = definitions.load(root / "tests" / "exchanges.toml")
        values.check(exchanges)
        contract.check({name: one.schema for name, one in exchanges.items()})
        choosing.wanted(config, requirements)
        waived = _waivers(config, requirements)
        if target == REPLAY:
            run = replaying.replay_run(exchanges, root / "cassettes", redactor)
            origin = replaying.recorded_origin(run)
        else:
            # Settings and tokens on disk take a tenth of a second to be imported, and a replay does without them.
            from quickstart.credentials.settings import load, notes
            from quickstart.plugin import session

            guard.closed = False
            surroundings.refuse_broken()
            file = env_file(folder_of(config), config.getoption("profile"))
            settings = load(file)
            told = notes(file)
            _refuse_disrupted_production(config, settings.target(target))
            only = _recorded_alone(config, exchanges, recording=recording)
            wish = session.Wish(target, recording, config.getoption("disruptive"), choosing.is_smoke(config), only)
            run = session.live_run(
                exchanges, root / "cassettes", redactor, wish=wish, settings=settings, say=_sayer(config)
            )
            keeping.refuse_misfit(run)
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


def ours_in(root: Path) -> Vocabulary:
    """Return the words that outputs may hold because they are ours, or pytest's."""
    ours = (root / name for name in ("tests", "schemas", "conftest.py", "pytest.ini"))
    return Vocabulary(*ours, MACHINERY, *runner.SOURCES)


def _waivers(config: pytest.Config, requirements: Mapping[str, catalogue.Requirement]) -> waivers.Waivers:
    """Return the waivers of the file that ``--waivers`` names, or of the one beside ``.env``, which may be missing."""
    named = config.getoption("waivers")
    if named is not None:
        return waivers.load(Path.cwd() / named, requirements, named=named)
    return waivers.load(folder_of(config) / waivers.FILE, requirements)


def _refuse_contradictions(config: pytest.Config, target: str) -> bool:
    """Return whether to record; raise pytest.UsageError for options that cannot go together."""
    mode = config.getoption("record_mode", None)
    which = config.getoption("companies")
    if which is not None:
        companies.wanted(which)
        if target == REPLAY or mode == "rewrite":
            raise pytest.UsageError("--companies asks more than recordings hold: it goes with a live target alone.")
    if config.getoption("exhaustive") and (target == REPLAY or mode == "rewrite"):
        raise pytest.UsageError("--exhaustive reads more than recordings hold: it goes with a live target alone.")
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


def _recorded_alone(
    config: pytest.Config, exchanges: Mapping[str, definitions.Definition], *, recording: bool
) -> list[str]:
    """Return the exchanges that alone are recorded, or none for all; raise pytest.UsageError for such as cannot be."""
    only: list[str] = config.getoption("record_only")
    if only and not recording:
        raise pytest.UsageError("--record-only records nothing by itself: add --record-mode=rewrite.")
    for name in only:
        if name not in exchanges:
            raise pytest.UsageError(f"--record-only={name}: there is no such exchange in tests/exchanges.toml.")
        if exchanges[name].disruptive and not config.getoption("disruptive"):
            raise pytest.UsageError(f"--record-only={name}: it is disruptive, and sent with --disruptive alone.")
    return only


def _refuse_disrupted_production(config: pytest.Config, asked: Target) -> None:
    """Raise pytest.UsageError unless what rotates and revokes in production was asked for by two words.

    The hosts count as well as the name: PROCORE_LOGIN_URL may lead a run of the sandbox to production.
    """
    if config.getoption("disruptive") and may_be_production(asked) and not config.getoption("yes_production"):
        raise pytest.UsageError(
            f"--disruptive rotates and revokes tokens of production ({asked.login_url}, {asked.api_url}): "
            "leave it out, or add --yes-production as well."
        )


def _sayer(config: pytest.Config) -> Callable[[str], None]:
    """Return what tells the terminal of a wait, at once: pytest captures what is written during a test."""

    def say(text: str) -> None:
        capture = config.pluginmanager.get_plugin("capturemanager")
        writer = runner.writer_of(config)
        with capture.global_and_fixture_disabled() if capture is not None else nullcontext():
            if writer.width_of_current_line:
                writer.line()
            writer.line(f"waiting: {text}")
            writer.flush()

    return say
