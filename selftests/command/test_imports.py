"""What is imported in which mode: a library that a mode has no use for costs each start of it some of its time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from selftests.support.project import ROOT, bare_environment
from standin.server.running import serve

RUN = "import pytest; code = pytest.main(['-q', '-p', 'no:cacheprovider', *sys.argv[1:]])"
COMMAND = "from quickstart.command.line import main; code = main(sys.argv[1:])"
TELL = "import sys\ntry:\n    {act}\nexcept SystemExit:\n    pass\nprint('\\nimported:', *sys.modules)"
MODES = {
    "replay": (RUN,),
    "live": (RUN, "--target=sandbox"),
    "smoke": (COMMAND, "smoke", "--target=sandbox"),
    "status": (COMMAND, "status"),
    "requirements": (COMMAND, "requirements"),
    "help": (COMMAND, "--help"),
}
EVERY = " ".join(MODES)
# A module, the modes that do without it, and why they do.
UNNEEDED = (
    ("standin", EVERY, "it is another program"),
    ("hypothesis", EVERY, "it proves schemas, in self-tests"),
    ("cryptography", EVERY, "no certificate is explained, and no cache has a key"),
    ("vcr", "live smoke status requirements help", "nothing is played or recorded"),
    ("yaml", "live smoke status requirements help", "no recording is read"),
    ("pydantic", "replay requirements help", "no settings are read"),
    ("pydantic_settings", "replay requirements help", "no settings are read"),
    ("dotenv", "replay requirements help", "no .env is read"),
    ("filelock", "replay requirements help", "no tokens and no history are on disk"),
    ("truststore", EVERY, "nobody is asked, or a bundle is named"),
    ("webbrowser", EVERY, "nobody authorizes"),
    ("http.server", EVERY, "nobody waits for a browser"),
    ("jsonschema", "status requirements help", "nothing is judged"),
    ("requests", "requirements help", "nothing is sent"),
    ("pytest", "status requirements help", "no test is run"),
    ("test_step7_me", "smoke status requirements help", "no claim of it is a smoke test"),
)  # fmt: skip


@pytest.mark.parametrize("mode", MODES)
def test_a_mode_imports_nothing_that_it_has_no_use_for(mode: str, tmp_path: Path) -> None:
    act, *arguments = MODES[mode]
    with serve() as procore:
        done = subprocess.run(
            [sys.executable, "-c", TELL.format(act=act), *arguments],
            cwd=ROOT,
            env={**bare_environment(tmp_path), **(procore.variables if mode != "replay" else {})},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    said, _, imported = done.stdout.rpartition("\nimported: ")
    assert imported, done.stdout + done.stderr
    assert mode in {"status", "requirements", "help"} or "CONFORMANT:" in said, said + done.stderr
    found = {name: why for name, modes, why in UNNEEDED if mode in modes.split() and name in imported.split()}
    assert not found
