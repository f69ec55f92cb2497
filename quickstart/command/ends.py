"""How a command ends: its exit codes."""

DONE, REFUSED, UNUSABLE = 0, 1, 4
