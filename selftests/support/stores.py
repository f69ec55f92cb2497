"""Stores for tokens, as a user's command may be one, and nights: a machine that knows nothing but what a store kept."""

from __future__ import annotations

import shlex
import sys
from dataclasses import dataclass
from pathlib import Path

from selftests.support.bench import NO_CODE, SMOKE, environment
from selftests.support.processes import python
from selftests.support.project import ROOT
from standin.server.running import Procore

# What a store does in place of load and save, by name. ``kept`` is the file, ``text`` what is given, ``verb`` the verb.
KINDS = {
    "plain": "",
    # Refuses where it holds another text than the one that was seen.
    "locking": """
import fcntl, hashlib
lock = open(f"{kept}.lock", "w")
fcntl.flock(lock, fcntl.LOCK_EX)
if verb == "save":
    held = kept.read_text() if kept.exists() else ""
    if (hashlib.sha256(held.encode()).hexdigest() if held else "") != os.environ["PROCORE_TOKEN_EXPECTED"]:
        sys.exit("somebody else saved meanwhile")
""",
    # Shows what it held when the job began, as a secret of a workflow does.
    "snapshot": """
if verb == "load":
    print(os.environ.get("KEPT_TOKENS", ""))
    sys.exit(0)
""",
    # Another run's note is there first, or last; what it came to is there from the third look on.
    "another is first": """
theirs, done = Path(f"{kept}.theirs"), Path(f"{kept}.done")
looks = sum(line.startswith("load") for line in open(f"{kept}.calls"))
if verb == "save":
    kept.write_text(theirs.read_text())
    sys.exit("somebody else saved meanwhile")
if kept.read_text() == theirs.read_text() and looks > 4:
    kept.write_text(done.read_text())
""",
    "another is last": """
theirs, done = Path(f"{kept}.theirs"), Path(f"{kept}.done")
looks = sum(line.startswith("load") for line in open(f"{kept}.calls"))
if verb == "save":
    kept.write_text(theirs.read_text())
    sys.exit(0)
if kept.read_text() == theirs.read_text() and looks > 4:
    kept.write_text(done.read_text())
""",
    "hangs on load": "if verb == 'load': time.sleep(600)",
    "hangs on save": "if verb == 'save': time.sleep(600)",
    "leaves a child that hangs": "import subprocess\nif verb == 'load': subprocess.run(['sleep', '600'])",
    "fails on load": "if verb == 'load': sys.exit('permission denied')",
    "fails on save": "if verb == 'save': sys.exit('permission denied')",
    "fails on the second save": """
count = kept.with_suffix(".count")
if verb == "save":
    count.write_text(count.read_text() + "x" if count.exists() else "x")
    if len(count.read_text()) > 1:
        sys.exit("quota exceeded")
""",
    "saves and says that it did not": """
if verb == "save":
    kept.write_text(text)
    sys.exit("the answer was lost")
""",
    "prints garbage": "if verb == 'load': print('Logged in as someone.'); sys.exit(0)",
    "prints bytes": "if verb == 'load': sys.stdout.buffer.write(bytes(range(256))); sys.exit(0)",
    "prints without end": "while verb == 'load': print('y' * 1000)",
    "shouts what it is given": """
if verb == "save":
    sys.stderr.write("+ echo " + text + "\\n" + os.environ.get("VAULT_TOKEN", "") + " " + text + "\\n")
    sys.exit(7)
""",
    "shouts and saves": """
held = kept.read_text() if kept.exists() else ""
sys.stderr.write("+ echo " + text + held + os.environ.get("VAULT_TOKEN", "") + "\\n")
if verb == "save":
    print(text)
""",
    "shouts what it holds": """
if verb == "load" and kept.exists():
    sys.stderr.write("+ echo " + kept.read_text() + " ".join(sys.argv) + "\\n")
    sys.exit(7)
""",
}
_PROGRAM = """
import os, sys, time
from pathlib import Path
kept, verb = Path(sys.argv[1]), sys.argv[-1]
text = sys.stdin.read() if verb == "save" else ""
with open(f"{kept}.calls", "a") as calls:
    print(verb, os.environ.get("PROCORE_TOKEN_NAME"), "PROCORE_CLIENT_SECRET" in os.environ, file=calls)
# here
if verb == "load":
    sys.stdout.write(kept.read_text() + "\\n" if kept.exists() else "")
else:
    new = kept.with_suffix(f".{os.getpid()}")
    new.write_text(text)
    new.replace(kept)
"""


@dataclass(frozen=True)
class Shelf:
    """A store of one kind: ``kept`` is what it holds."""

    kept: Path
    program: Path

    @property
    def command(self) -> str:
        """What PROCORE_TOKEN_STORE is set to."""
        return shlex.join([sys.executable, str(self.program), str(self.kept)])

    def calls(self) -> list[str]:
        """The verbs that it was called with, and what it was told besides."""
        path = Path(f"{self.kept}.calls")
        return path.read_text(encoding="utf-8").splitlines() if path.exists() else []

    def become(self, kind: str) -> Shelf:
        """Behave otherwise from now on."""
        self.program.write_text(_PROGRAM.replace("# here", KINDS[kind]), encoding="utf-8")
        return self


def shelf(folder: Path, kind: str = "plain") -> Shelf:
    """A store in a folder."""
    folder.mkdir(exist_ok=True)
    return Shelf(folder / "kept", folder / "store.py").become(kind)


def surroundings(procore: Procore, home: Path, **changes: str) -> dict[str, str]:
    """The environment of a machine that is new: another home, no cache, no code."""
    fresh = {"HOME": str(home), "XDG_CACHE_HOME": "", "PROCORE_TOKEN_CACHE": ""}
    return environment(procore, {**NO_CODE, **fresh, **changes})


def night(procore: Procore, folder: Path, *arguments: str, **changes: str) -> tuple[int, str]:
    """Exit code and output of a run on a new machine, whose home is in ``folder``."""
    return night_in(ROOT, procore, folder, *arguments, **changes)


def night_in(project: Path, procore: Procore, folder: Path, *arguments: str, **changes: str) -> tuple[int, str]:
    """A night in a copy of the project, where a run finds and leaves files."""
    home = folder / "home"
    home.mkdir(parents=True, exist_ok=True)
    settings = surroundings(procore, home, **changes)
    line = ("--target=sandbox", *(arguments or SMOKE))
    return python("pytest", *line, environment=settings, folder=project, at_once=True)
