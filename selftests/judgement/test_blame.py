"""Of a breach among many answers, those that its detail names are to blame, and others explain nothing."""

from __future__ import annotations

import pytest

from quickstart.judgement.verdict import blamed
from selftests.support import together
from selftests.support.matrix_runs import SuiteRunner
from standin.cases.listing import case_named

NAMES = ("token", "me", "companies-page-1", "client-credentials", "revoke", "projects-v1.0")


@pytest.mark.parametrize(
    ("detail", "expected"),
    [
        ("me: Date ''", ["me"]),
        ("me: Location a and b; revoke: Location c and d; and 2 more", ["me", "revoke"]),
        ("me, revoke", ["me", "revoke"]),
        ("me and revoke", ["me", "revoke"]),
        ("Per-Page -1 on companies-page-1, asked for 2", ["companies-page-1"]),
        ("the access token of client-credentials in the body of revoke; and 2 more", ["revoke"]),
        ("the access token of token in a cookie of token", ["token"]),
        ("name of 5 in projects-v1.0: ' '", ["projects-v1.0"]),
        ("me to http://example.com", ["me"]),
        ("401 without WWW-Authenticate: me, revoke", ["me", "revoke"]),
        ("companies-page-1 has 3 items, asked for 2", ["companies-page-1"]),
        ("the next link of companies-page-1 leads to page 1", ["companies-page-1"]),
        ("316005 in me; 316006 in revoke; and 2 more", ["me", "revoke"]),
    ],
)
def test_who_is_named_is_to_blame(detail: str, expected: list[str]) -> None:
    assert [name for name in NAMES if name in blamed(detail, NAMES)] == expected


@pytest.mark.parametrize("detail", ["", "5 and 6", "token_type 'mac'", "the member me is missing", "project: 5"])
def test_where_none_is_named_all_are(detail: str) -> None:
    assert blamed(detail, NAMES) == NAMES


@pytest.mark.parametrize(
    ("fault", "peculiarity"),
    [
        ("secret-in-tokens", "unknown-path-500"),
        ("secret-token-after-revoke", "unknown-path-dropped"),
        ("secret-code-in-tokens", "me-with-company-403"),
        ("cookie-access-token", "unknown-path-302"),
        ("date-empty", "refused-query-missing-500"),
        ("location-twice", "unknown-path-500"),
        ("later-companies-foreign", "companies-free-500"),
        ("projects-foreign-envelope", "refused-query-missing-500"),
    ],
)
def test_what_is_put_up_with_elsewhere_explains_no_breach(runner: SuiteRunner, fault: str, peculiarity: str) -> None:
    """Who reads that a secret stood in an answer was told to try again, for another answer's 500 that is nobody's."""
    assert together.told(runner, [case_named(fault), case_named(peculiarity)])
