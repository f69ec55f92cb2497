"""``pytest selftests -p selftests.support.elsewhere -m "not matrix and not posix"``: without what Windows lacks.

It cannot show that the self-tests pass on Windows, but it does show what they could not even begin with there.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import Any

MISSING = {
    os: (
        "fork", "forkpty", "openpty", "memfd_create", "geteuid", "getegid", "setuid", "chown", "lchown", "mkfifo",
        "mknod", "makedev", "O_NOFOLLOW", "O_CLOEXEC", "O_DIRECTORY", "setsid", "killpg", "sysconf",
    ),
    signal: ("SIGKILL", "SIGALRM", "SIGHUP", "SIGUSR1", "SIGUSR2", "alarm", "setitimer"),
}  # fmt: skip


def pytest_configure() -> None:
    """Take it away, once the interpreter's own modules have looked for it."""
    # Without SIGKILL, where Windows has TerminateProcess.
    popen: Any = subprocess.Popen
    popen.kill = lambda process: os.kill(process.pid, 9)
    for module, names in MISSING.items():
        for name in names:
            if hasattr(module, name):
                delattr(module, name)
    for name in ("pty", "termios", "tty", "resource"):
        sys.modules[name] = None  # type: ignore[assignment]
