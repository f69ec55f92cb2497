"""``python -m standin``: ``serve`` on fixed ports, ``check`` an integration, or run one command: ``-- COMMAND``."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from standin.command import running, serving

COMMANDS = {"serve": serving.main}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    command = COMMANDS.get(given[0]) if given else None
    return command(given[1:]) if command else running.main(given)


if __name__ == "__main__":
    sys.exit(main())
