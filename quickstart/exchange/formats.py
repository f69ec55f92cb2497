"""The formats of the schemas as JSON Schema 2020-12 (validation, section 7.3.1) and RFC 3339 section 5.6 mean them."""

import re
from datetime import date

from jsonschema import FormatChecker

_DATE_TIME = re.compile(
    r"(\d{4}-\d{2}-\d{2})[Tt]([01]\d|2[0-3]):([0-5]\d):([0-5]\d|60)(?:\.\d+)?(?:[Zz]|([+-])([01]\d|2[0-3]):([0-5]\d))",
    re.ASCII,
)
_DAY = 24 * 60  # minutes
CHECKER = FormatChecker()  # those of the library that need no other package, and ours


@CHECKER.checks("date-time")
def is_date_time(value: object) -> bool:
    """Whether a text is a date-time; what is no text is judged by ``type``. The year 0, which no calendar has, is none.

    A leap second ends a day of UTC, wherever its offset puts it (RFC 3339 section 5.7).
    """
    if not isinstance(value, str):
        return True
    found = _DATE_TIME.fullmatch(value)
    if not found:
        return False
    day, hour, minute, second, sign, hours, minutes = found.groups()
    try:
        date.fromisoformat(day)
    except ValueError:
        return False
    ahead = int(f"{sign}1") * (60 * int(hours) + int(minutes)) if sign else 0
    return second != "60" or (60 * int(hour) + int(minute) - ahead) % _DAY == _DAY - 1
