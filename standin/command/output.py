"""What the commands print besides their own words: a line for each request, and variables for shells and files."""

from __future__ import annotations

import json
import os
import re
import shlex
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from standin.http.messages import Answer, Exchange
from standin.server import log

LOGS: dict[str, Callable[[Exchange], str] | None] = {"none": None, "text": log.line, "json": log.json_line}
MARK = "# written by: python -m standin"
_PLAIN = re.compile(r"[A-Za-z0-9_./:@+-]*")


def say(text: str) -> None:
    """One line on stderr: stdout belongs to the command that runs, or to what is asked for."""
    print(text, file=sys.stderr, flush=True)


def watcher(kind: str) -> list[Callable[[Exchange], None]]:
    """What writes a line for each exchange, in the format of that name, if it is one."""
    shown = LOGS[kind]
    return [] if shown is None else [lambda exchange: say(shown(exchange))]


def complainer(kind: str) -> Callable[[Answer], None] | None:
    """What writes a line for each answer to bytes that are no request, in the format of that name, if it is one."""
    if LOGS[kind] is None:
        return None

    def complain(answer: Answer) -> None:
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        told = {"at": at, "status": answer.status, "note": answer.note}
        say(json.dumps(told) if kind == "json" else log.plain(f"{at[11:19]} no request {answer.status}  {answer.note}"))

    return complain


def exports(variables: Mapping[str, str]) -> str:
    """Lines for ``eval`` in a shell."""
    return "".join(f"export {name}={shlex.quote(value)}\n" for name, value in variables.items())


def write_env_file(path: Path, direct: Mapping[str, str], proxied: Mapping[str, str], secure: str = "") -> None:
    """Write variables as dotenv does, readable by their owner alone. Never over a file of somebody else's.

    Raises ValueError, in one sentence.
    """
    lines = [MARK, "# Login and REST API on this machine, for a client that is told its base URLs:"]
    lines += [f"{name}={_quoted(value)}" for name, value in direct.items()]
    if secure:
        lines += ["# The same over TLS, for a client that refuses plain http (it needs a CA variable of below, too):"]
        lines += [f"# {name}={secure}" for name in direct if name.endswith("_URL")]
    lines += ["# For a client that always goes to Procore's own hosts, by proxy:"]
    lines += [f"# {name}={_quoted(value)}" for name, value in proxied.items() if name not in direct]
    try:
        if path.exists() and not path.read_text("utf-8", "replace").startswith(MARK):
            raise ValueError(f"--env-file: {path} is there already, and is not ours to replace: name another file")
        path.unlink(missing_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write("\n".join((*lines, "")))
    except OSError as problem:
        raise ValueError(f"--env-file: {path} cannot be written ({problem.strerror})") from problem


def _quoted(value: str) -> str:
    """A value as dotenv readers agree on it: bare where it can be, else in single quotes."""
    return value if _PLAIN.fullmatch(value) else "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
