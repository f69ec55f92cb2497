"""``fleet``: the suite for many accounts from one machine, a process each, and one page of them all.

No scheduler: so many side by side as ``-n`` says, and those of one Client ID one after the other, because a rate limit
and the tokens are the account's. More machines are the pipeline's matrix, and ``merge``.
"""

import argparse
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from quickstart import MACHINERY
from quickstart.command import merge
from quickstart.command.ends import UNUSABLE
from quickstart.credentials.settings import SettingsError
from quickstart.credentials.sources import env_file, in_file, variable
from quickstart.exchange.targets import TARGETS
from quickstart.judgement import waivers
from quickstart.report import files
from quickstart.run import signals
from quickstart.secrecy.printable import one_line

INTERRUPTED = 2
OUT = Path("fleet")
_PREFIX = ".env."
_EXAMPLE = "example"  # .env.example is nobody's
_OUTPUT = "output.txt"
_GRACE = 60  # seconds for a run that was interrupted to write what it judged


@dataclass(frozen=True)
class Profile:
    """One account: what it is called, its file of settings, and the environment that is asked."""

    label: str
    name: str
    folder: Path
    target: str

    @property
    def settings(self) -> Mapping[str, str]:
        """What its file sets, by variable.

        Raises:
            SettingsError: it is not there, or cannot be read.
        """
        return in_file(env_file(self.folder, self.name))


def fleet(options: argparse.Namespace) -> int:
    """Run the suite for each profile, and merge what came of it."""
    try:
        profiles = chosen(options.profile, options.profiles, options.target)
        groups = by_client(profiles)
    except SettingsError as error:
        print(one_line(str(error)), file=sys.stderr)
        return UNUSABLE
    out: Path = options.out
    runs = Runs(out, options.run, len(profiles))
    with signals.heeded():  # the runs have sessions of their own, and would go on without us
        interrupted = runs.all(groups, options.parallel)
    places = [(one.label, out / one.label / merge.VERDICT) for one in profiles]
    try:
        code = merge.write(places, out / "fleet.html", out / "fleet.json")
    except files.FileError as error:
        print(one_line(str(error)), file=sys.stderr)
        return UNUSABLE
    print(f"{out / 'fleet.html'} has them all.")
    return INTERRUPTED if interrupted and code != 1 else code


def chosen(named: Sequence[str], folder: Path | None, target: str) -> list[Profile]:
    """Return the profiles that were named (``NAME`` or ``NAME:TARGET``), and those of a folder (``.env.NAME``).

    Raises:
        SettingsError: there are none, one has no file, or a target is unknown.
    """
    here = Path.cwd()
    found = [(*_split(word, target), here) for word in named]
    if folder is not None:
        names = sorted(path.name.removeprefix(_PREFIX) for path in folder.glob(f"{_PREFIX}*") if path.is_file())
        names = [name for name in names if name != _EXAMPLE and re.fullmatch(r"[\w-]+", name)]
        found += [(name, target, folder.absolute()) for name in names]
        if not names:
            raise SettingsError(f"--profiles={folder} has no file {_PREFIX}NAME in it: one for each account.")
    if not found:
        raise SettingsError("fleet needs accounts: --profile NAME, several times, or --profiles FOLDER.")
    labels: list[str] = []
    for name, where, _ in found:
        label = name if name not in labels else f"{name}-{where}"
        if label in labels:
            raise SettingsError(f"--profile={one_line(name)} is named twice for {where}: name it once.")
        labels.append(label)
    profiles = [Profile(label, name, place, where) for label, (name, where, place) in zip(labels, found, strict=True)]
    for profile in profiles:
        _ = profile.settings
    return profiles


def _split(word: str, target: str) -> tuple[str, str]:
    name, colon, other = word.partition(":")
    if colon and other not in TARGETS:
        raise SettingsError(f"--profile={one_line(word):.60}: after the colon stands one of {', '.join(TARGETS)}.")
    return name, other or target


def by_client(profiles: Iterable[Profile]) -> list[list[Profile]]:
    """Return the profiles in groups of one Client ID each, which have one rate limit and one pair of tokens."""
    client_id, groups = variable("client_id"), dict[str, list[Profile]]()
    for profile in profiles:
        client = profile.settings.get(client_id) or os.environ.get(client_id) or profile.label
        groups.setdefault(client, []).append(profile)
    return [*groups.values()]


class Runs:
    """The processes: ``out`` gets a folder for each account, ``arguments`` go along to each run."""

    def __init__(self, out: Path, arguments: Sequence[str], total: int) -> None:
        self._out = out
        self._arguments = [*arguments]
        self._total = total
        self._done = 0
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._running: set[subprocess.Popen[bytes]] = set()

    def all(self, groups: Sequence[Sequence[Profile]], parallel: int) -> bool:
        """Run all groups, ``parallel`` at a time; return whether a person broke it off."""
        accounts = "1 account" if self._total == 1 else f"{self._total} accounts"
        print(f"{accounts}, {min(parallel, len(groups))} at a time.", flush=True)
        with ThreadPoolExecutor(max_workers=parallel) as pool:
            tasks = [pool.submit(self._group, group) for group in groups]
            try:
                for task in as_completed(tasks):
                    task.result()
            except KeyboardInterrupt:
                print("\nInterrupted: what was judged is kept.", file=sys.stderr, flush=True)
                self._stop()
        return self._stopped.is_set()

    def _group(self, profiles: Sequence[Profile]) -> None:
        for profile in profiles:
            if not self._stopped.is_set():
                self._one(profile)

    def _one(self, profile: Profile) -> None:
        folder = self._out / profile.label
        folder.mkdir(parents=True, exist_ok=True)
        for name in (merge.VERDICT, merge.REPORT):
            (folder / name).unlink(missing_ok=True)  # of an earlier run
        begun = time.monotonic()
        with (folder / _OUTPUT).open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "quickstart", *self._line(profile, folder)],
                env=_environment(profile),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C comes from us, once
            )
            with self._lock:
                self._running.add(process)
            if self._stopped.is_set():
                _interrupt(process)
            code = process.wait()
        with self._lock:
            self._running.discard(process)
            self._done += 1
            seconds = time.monotonic() - begun
            how_far = f"{self._done} of {self._total}"
            print(f"{profile.label}: exit code {code}, {seconds:.0f} s ({how_far})", flush=True)

    def _line(self, profile: Profile, folder: Path) -> list[str]:
        mine = Path.cwd() / waivers.FILE
        return [
            "run",
            f"--folder={profile.folder}",
            f"--profile={profile.name}",
            f"--target={profile.target}",
            f"--html={folder / merge.REPORT}",
            f"--verdict-json={folder / merge.VERDICT}",
            f"--junitxml={folder / 'junit.xml'}",
            *([f"--waivers={mine}"] if mine.is_file() and profile.folder != Path.cwd() else []),
            *self._arguments,
        ]

    def _stop(self) -> None:
        self._stopped.set()
        with self._lock:
            running = [*self._running]
        for process in running:
            _interrupt(process)
        for process in running:
            with suppress(subprocess.TimeoutExpired):
                process.wait(_GRACE)
            if process.poll() is None:
                process.kill()


def _interrupt(process: subprocess.Popen[bytes]) -> None:
    """Let a run end as after Ctrl-C; Windows has told it already."""
    if os.name == "posix":
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGINT)


def _environment(profile: Profile) -> dict[str, str]:
    """Return the environment of a run, in which its profile has the last word: else all accounts would be one."""
    own = profile.settings
    kept = {name: value for name, value in os.environ.items() if name.upper() not in own}
    kept.pop(files.SUMMARY_VARIABLE, None)  # one summary of many runs at once is none
    paths = [str(MACHINERY.parent), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**kept, "PYTHONPATH": os.pathsep.join(paths)}
