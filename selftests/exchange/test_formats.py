"""A date-time is what RFC 3339 says: all of its examples, all that its grammar makes, and nothing beside it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quickstart.exchange import contract
from quickstart.exchange.formats import is_date_time

OFFSETS = st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))
FRACTIONS = st.text("0123456789", min_size=1).map(lambda digits: f".{digits}") | st.just("")
MOMENTS = st.datetimes(timezones=OFFSETS)  # in the years 1 to 9999


@pytest.mark.parametrize(
    "text",
    [
        # RFC 3339 section 5.8
        "1985-04-12T23:20:50.52Z",
        "1996-12-19T16:39:57-08:00",
        "1990-12-31T23:59:60Z",
        "1990-12-31T15:59:60-08:00",
        "1937-01-01T12:00:27.87+00:20",
        # section 5.6: T and Z may be lower case; section 4.3: an offset that nobody knows
        "1985-04-12t23:20:50z",
        "1985-04-12T23:20:50-00:00",
        "2000-02-29T00:00:00Z",
        "2017-01-01T05:29:60.5+05:30",
    ],
)
def test_what_the_rfc_has_is_a_date_time(text: str) -> None:
    assert is_date_time(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2024-01-02",
        "2024-01-02 03:04:05Z",
        "2024-01-02T03:04:05",
        "2024-01-02T03:04Z",
        "2024-01-02T03:04:05Z\n",
        " 2024-01-02T03:04:05Z",
        "2024-01-02T03:04:05.Z",
        "2024-01-02T03:04:05,5Z",
        "2024-01-02T03:04:05+0100",
        "2024-01-02T03:04:05+24:00",
        "2024-01-02T03:04:05+01:60",
        "2024-01-02T03:04:05+01:00:00",
        "2024-01-02T24:00:00Z",
        "2024-01-02T03:60:05Z",
        "2024-01-02T03:04:61Z",
        "2024-W01-2T03:04:05Z",
        "20240102T030405Z",
        "2024-1-02T03:04:05Z",
        "2023-02-29T03:04:05Z",
        "2024-04-31T03:04:05Z",
        "2024-13-01T03:04:05Z",
        "2024-00-01T03:04:05Z",
        "2024-01-00T03:04:05Z",
        "0000-01-01T00:00:00Z",
        "12024-01-02T03:04:05Z",
        "٢٠٢٤-01-02T03:04:05Z",
        # a second that no day of UTC has
        "1990-12-31T22:59:60Z",
        "1990-12-31T23:58:60Z",
        "1990-12-31T23:59:60-08:00",
    ],
)
def test_what_the_rfc_has_not_is_none(text: str) -> None:
    assert not is_date_time(text)


@given(MOMENTS, FRACTIONS)
def test_each_moment_is_one(moment: datetime, fraction: str) -> None:
    offset = moment.strftime("%z")
    text = f"{moment.replace(tzinfo=None, microsecond=0).isoformat()}{fraction}"
    assert is_date_time(f"{text}{offset[:3]}:{offset[3:]}")
    assert is_date_time(f"{text}Z".lower())


@given(st.dates(), OFFSETS)
def test_a_leap_second_ends_a_day_of_utc(day: object, zone: timezone) -> None:
    """The last minute of a day of UTC, told by a clock of any zone."""
    local = datetime(2016, 12, 31, 23, 59, tzinfo=UTC).astimezone(zone)
    offset = local.strftime("%z")
    assert is_date_time(f"{day}T{local:%H:%M}:60{offset[:3]}:{offset[3:]}")
    earlier = local - timedelta(minutes=1)
    assert not is_date_time(f"{day}T{earlier:%H:%M}:60{offset[:3]}:{offset[3:]}")


@given(MOMENTS, st.integers(0, 19), st.characters())
def test_no_other_character_stands_anywhere(moment: datetime, place: int, other: str) -> None:
    """One place of a date-time, T and Z as well, with a character that is none of the grammar's."""
    text = moment.replace(tzinfo=None, microsecond=0).isoformat() + "Z"
    changed = text[:place] + other + text[place + 1 :]
    assert not is_date_time(changed) or other in "0123456789" or changed.upper() == text


def test_the_contract_judges_by_it() -> None:
    schema = contract.validator("projects#/$defs/timestamp")
    assert schema.is_valid("2016-12-31T23:59:60Z")
    assert not schema.is_valid("2016-12-31T22:59:60Z")
    assert not schema.is_valid("2023-02-29T00:00:00Z")
