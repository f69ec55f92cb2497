"""Runs a command and writes what it cost to a file: a program so small that it is not what is measured.

``python -I -S meter.py FILE SECONDS COMMAND…``. A process begins with the memory of the one that started it, in the
books of the system: started from the driver, which serves the stand-in, every tool would seem to need as much as that.
"""

import json
import os
import signal
import sys
import time


def main() -> None:
    """Run, and tell as JSON: seconds on the clock and of processors, of the whole tree, and MiB (Linux)."""
    file, patience, *command = sys.argv[1:]
    started = time.monotonic()
    # A session of its own, so that a hang ends with all that it has started.
    child = os.posix_spawnp(command[0], command, os.environ, setsid=True)
    signal.signal(signal.SIGALRM, lambda *_: os.killpg(child, signal.SIGKILL))
    signal.alarm(int(patience))
    _, status, used = os.wait4(child, 0)
    signal.alarm(0)
    found = {
        "code": os.waitstatus_to_exitcode(status),
        "wall": time.monotonic() - started,
        "cpu": used.ru_utime + used.ru_stime,
        "memory": used.ru_maxrss / 1024,
    }
    with open(file, "w", encoding="utf-8") as stream:  # noqa: PTH123 - pathlib is one more import to pay for
        json.dump(found, stream)


if __name__ == "__main__":
    main()
