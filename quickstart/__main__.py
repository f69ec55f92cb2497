"""``python -m quickstart``: the command ``procore-quickstart``, also where it is not installed."""

import sys

from quickstart.command.line import main

__all__ = ["main"]

if __name__ == "__main__":
    sys.exit(main(program="python -m quickstart"))
