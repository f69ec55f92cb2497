"""What a walk is run with, and what of it is missing here: the reason why a test is skipped."""

from __future__ import annotations

import shutil
import subprocess
from functools import cache
from pathlib import Path

from selftests.clients.table import HERE, Client, Way

PYTHON = HERE / ".venv" / "bin" / "python"
MODULES = HERE / "node_modules"
INSTALL = "run selftests/clients/install.sh"


def missing(client: Client, way: Way) -> str:
    """Say what is not there that this walk needs; nothing if all is."""
    script = client.walk[0]
    if client.language == "Python":
        return _python(client)
    if script.endswith(".mjs"):
        return _node(way)
    if script.endswith(".rb"):
        return _ruby(client)
    return "" if shutil.which("curl") else f"curl is missing: {INSTALL}"


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
    # Not by importing it: pyprocore begins a log file wherever it is imported.
    found = _said(str(PYTHON), "-c", f"import importlib.metadata as all; print(all.version({client.package!r}))")
    return "" if found else f"{client.package} is not there: it needs a newer Python than install.sh found"


def _ruby(client: Client) -> str:
    """Of its own kind: what a version of another line does, the table does not say."""
    found = _said("ruby", "-e", "require 'oauth2'; require 'oauth2/version'; print OAuth2::Version.to_s")
    if not found:
        return f"ruby or ruby-oauth2 is missing: {INSTALL}"
    alike = found.split(".")[:2] == client.version.split(".")[:2]
    return "" if alike else f"this walk is for oauth2 {client.version}; here is {found}"


def _node(way: Way) -> str:
    if not MODULES.exists():
        return f"the JavaScript clients are missing: {INSTALL}"
    found = _said(_interpreter(way), "--version")
    return "" if found else f"npm has no {way.runtime} for this machine (linux-x64 alone)"


def _interpreter(way: Way) -> str:
    """Node.js of that version: npm brings it, so that it is the same one everywhere."""
    return str(MODULES / way.runtime.lower().replace(".js ", "-") / "bin" / "node")


@cache
def _said(*line: str) -> str:
    """What a command prints, and nothing if it fails or is not there."""
    try:
        done = subprocess.run(line, capture_output=True, text=True, timeout=60, check=False)
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
