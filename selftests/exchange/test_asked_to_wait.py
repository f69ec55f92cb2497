"""How long an answer asks to wait, in each way in which it may say so."""

from __future__ import annotations

import pytest

from quickstart.exchange import waits
from selftests.support.scripted import DATE, NOW

LATER = "Tue, 14 Nov 2023 22:13:50 GMT"  # thirty seconds after DATE


def reset(seconds: float, **more: object) -> dict[str, str]:
    told = {name.replace("_", "-"): str(value) for name, value in more.items()}
    return {**DATE, "X-Rate-Limit-Reset": str(int(NOW + seconds)), **told}


@pytest.mark.parametrize(
    ("status", "headers", "seconds"),
    [
        (503, {}, 2.0),
        (429, {}, 2.0),
        (503, {"Retry-After": "7"}, 7.0),
        (503, {"Retry-After": "0"}, 0.0),
        (429, reset(30, Retry_After="7"), 7.0),
        (503, {"Retry-After": "soon"}, 2.0),
        (503, {**DATE, "Retry-After": LATER}, 30.0),
        (503, {"Retry-After": LATER}, 2.0),
        (503, {"Date": LATER, "Retry-After": DATE["Date"]}, 0.0),
        (429, reset(40), 40.0),
        (429, {**reset(40), "Retry-After": LATER}, 30.0),
        (429, reset(-40), 0.0),
        (503, reset(40), 2.0),
    ],
)
def test_seconds_that_an_answer_asks_for(status: int, headers: dict[str, str], seconds: float) -> None:
    assert waits.requested(status, headers) == seconds


def test_a_reset_is_told_by_the_clock_of_the_server() -> None:
    assert waits.until_reset(reset(40)) == 40.0
    assert waits.until_reset({"X-Rate-Limit-Reset": f"{NOW}"}) is None
    assert waits.until_reset(DATE) is None


@pytest.mark.parametrize(
    ("limit", "remaining", "seconds", "left"),
    [
        (3600, 3600, 900, 3240),
        (3600, 361, 900, 1),
        (3600, 360, 900, 0),
        (3600, 5, 900, 0),
        (3609, 361, 900, 1),
        (3600, 0, 900, 0),
        (3600, 900, 66, 540),
        (3600, 900, 65, None),
        (3600, 900, 3660, 540),
        (3600, 900, 3661, None),
        (0, 0, 900, None),
        ("", 5, 900, None),
        (3600, "", 900, None),
    ],
)
def test_a_tenth_of_the_hour_is_left_to_others(
    limit: object, remaining: object, seconds: int, left: int | None
) -> None:
    told = reset(seconds, X_Rate_Limit_Limit=limit, X_Rate_Limit_Remaining=remaining)
    assert waits.left_of_the_hour(told) == left


def test_without_a_reset_nobody_knows_of_an_hour() -> None:
    assert waits.left_of_the_hour({"X-Rate-Limit-Limit": "9", "X-Rate-Limit-Remaining": "9"}) is None
