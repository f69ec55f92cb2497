"""One thing that the doctor looked at, and what it found."""

from dataclasses import dataclass

WELL, ILL, UNKNOWN = "well", "ill", "unknown"


@dataclass(frozen=True)
class Finding:
    """What was found of ``check``. ``remedy`` says what to do; ``here`` whether that is on this machine."""

    check: str
    state: str
    words: str
    remedy: str = ""
    here: bool = False
