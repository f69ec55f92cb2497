"""What benchmarks keep and show: ``results/NAME.json`` with the machine it is of, and a section NAME of the pages.

Each benchmark has a file and a section of its own: pages hold it between ``<!-- NAME -->`` and ``<!-- /NAME -->``.
"""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "benchmarks" / "results"


def origin() -> dict[str, str | int]:
    """Return what figures depend on besides the code that is measured: machine, system, Python, time and commit."""
    return {
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": _commit(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 0,
        "processor": _of_file("/proc/cpuinfo", r"model name\s*: (.+)") or platform.machine(),
        "memory_gib": round(int(_of_file("/proc/meminfo", r"MemTotal:\s*(\d+)") or 0) / 2**20),
        "system": _of_file("/etc/os-release", r'PRETTY_NAME="(.+)"') or platform.platform(),
        # A distribution's is built with profile-guided optimisation, pyenv's by default is not.
        "python": platform.python_version() + (" of the system" if sys.base_prefix == "/usr" else ""),
    }


def read(name: str) -> dict[str, Any]:
    """Return the results of a benchmark, empty where there are none yet."""
    path = FOLDER / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def write(name: str, results: dict[str, Any]) -> None:
    """Keep the results of a benchmark."""
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{name}.json").write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def with_section(page: str, name: str, text: str) -> str:
    """Return a page with another text between the markers of a section. Raises ValueError if it has none."""
    begin, end = f"<!-- {name} -->\n", f"<!-- /{name} -->"
    head, found, rest = page.partition(begin)
    _, ended, tail = rest.partition(end)
    if not (found and ended):
        raise ValueError(f"the page has no lines {begin.strip()} and {end}")
    return f"{head}{begin}{text}{end}{tail}"


def _commit() -> str:
    """Return the commit that is checked out, with a + where files differ from it; empty without git."""
    git = ["git", "-C", str(ROOT)]
    try:
        head = subprocess.run([*git, "rev-parse", "--short=10", "HEAD"], capture_output=True, text=True, check=True)
        changed = subprocess.run([*git, "status", "--porcelain", "-uno"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return head.stdout.strip() + ("+" if changed.stdout.strip() else "")


def _of_file(path: str, pattern: str) -> str:
    try:
        found = re.search(pattern, Path(path).read_text(encoding="utf-8", errors="replace"))
    except OSError:
        return ""
    return found[1].strip() if found else ""
