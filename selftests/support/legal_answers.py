"""Legal answers, built from the facts with hypothesis, and what must be wrong with them after one change.

Source: ``facts/procore-api.md`` 2 to 8 and ``facts/doorkeeper.md``; nothing here looks at the schemas.
"""

from __future__ import annotations

import string
from typing import Any

from hypothesis import strategies as st

Document = Any
Strategy = st.SearchStrategy[Document]

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
ID = st.integers(1, 2**63 - 1)
UNIX = st.integers(1_400_000_000, 2_100_000_000)
WORD = st.text(string.ascii_letters + string.digits + "-_", min_size=1, max_size=64)
HEX = st.text("0123456789abcdef", min_size=64, max_size=64)
TOKEN = st.one_of(HEX, WORD, st.tuples(WORD, WORD, WORD).map(".".join), WORD.map(lambda word: f"{word}=="))
EXTRA = st.dictionaries(
    TEXT.map(lambda text: f"x_{text}"), st.none() | st.integers() | TEXT | st.lists(TEXT), max_size=2
)


def members(required: dict[str, Strategy], optional: dict[str, Strategy] | None = None) -> Strategy:
    """An object with these members, and some that nobody documented."""
    known = st.fixed_dictionaries(required, optional=optional or {})
    return st.tuples(EXTRA, known).map(lambda pair: {**pair[0], **pair[1]})


def _or_null(strategy: Strategy) -> Strategy:
    return st.none() | strategy


BEARER = st.sampled_from(["bearer", "Bearer", "BEARER"])
LIFETIME = st.integers(1, 7200)
_GRANT = {"access_token": TOKEN, "token_type": BEARER, "expires_in": LIFETIME, "created_at": UNIX}
VISIBLE = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=1, max_size=64)
GRANT = members({**_GRANT, "refresh_token": TOKEN | VISIBLE}, {"scope": _or_null(TEXT)})
SERVICE_ACCOUNT = members(_GRANT, {"scope": _or_null(TEXT)})
# RFC 6749 section 5.2: %x20-21 / %x23-5B / %x5D-7E, and no space in a URI.
_ASCII = st.characters(min_codepoint=0x20, max_codepoint=0x7E, exclude_characters='"\\')
SAID = _or_null(st.text(_ASCII, max_size=30))
ADDRESS = _or_null(
    st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E, exclude_characters='"\\'), max_size=30)
)
REFUSAL = members(
    {"error": st.sampled_from(["invalid_grant", "invalid_client", "invalid_request", "unsupported_grant_type"])},
    {"error_description": SAID, "error_uri": ADDRESS, "state": TEXT},
)
SCOPES = st.lists(WORD, max_size=3)
_INFO = {
    "resource_owner_id": _or_null(ID),
    "application": members({"uid": _or_null(WORD)}),
    "created_at": UNIX,
}
INFO = st.one_of(
    members({**_INFO, "scopes": SCOPES, "expires_in_seconds": LIFETIME}),
    members({**_INFO, "scope": SCOPES, "expires_in": LIFETIME}),
)
COMPANY = members(
    {"id": ID, "name": TEXT, "is_active": st.booleans()},
    {
        "my_company": st.booleans(),
        "logo_url": _or_null(TEXT),
        "pcn_business_experience": _or_null(st.booleans() | TEXT),
        "company_home_url": _or_null(TEXT),
    },
)
COMPANIES = st.lists(COMPANY, max_size=3)
ME = members({"id": ID, "login": WORD}, {"name": _or_null(TEXT)})
TIMESTAMP = st.datetimes().map(lambda moment: moment.replace(microsecond=0, tzinfo=None).isoformat() + "Z")
DATE = st.dates().map(lambda day: day.isoformat())
MONEY = (
    st.decimals(-(10**9), 10**12, places=1).map(str) | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
)
CUSTOM = st.dictionaries(
    ID.map(lambda number: f"custom_field_{number}"),
    members({"data_type": WORD, "value": _or_null(TEXT | st.booleans() | st.lists(TEXT))}),
    max_size=2,
)
_PROJECT = {
    "id": ID,
    "name": TEXT,
    "display_name": TEXT,
    "active": st.booleans(),
    "company": members({"id": ID, "name": TEXT}),
    "created_at": TIMESTAMP,
    "updated_at": TIMESTAMP,
}
_DETAILS: dict[str, Strategy] = {
    "is_demo": st.booleans(),
    "custom_fields": CUSTOM,
    "created_by": _or_null(members({"id": ID}, {"login": _or_null(TEXT), "name": _or_null(TEXT)})),
    "total_value": _or_null(MONEY),
    "estimated_value": _or_null(MONEY),
    "latitude": _or_null(st.floats(-90, 90) | st.integers(-90, 90)),
    "longitude": _or_null(st.floats(-180, 180)),
    **{
        name: _or_null(DATE) for name in ("start_date", "completion_date", "actual_start_date", "projected_finish_date")
    },
    **{
        name: _or_null(TEXT)
        for name in (
            "project_number",
            "zip",
            "address",
            "city",
            "phone",
            "code",
            "time_zone",
            "store_number",
            "country_code",
        )
    },
}
PROJECTS = st.lists(members(_PROJECT, _DETAILS), max_size=2)
OPTIONAL = st.lists(members({}, {**_DETAILS, "stage": _or_null(TEXT), "company": members({"name": TEXT})}), max_size=2)
PROJECTS_1_0 = st.lists(members(_PROJECT, {**_DETAILS, "stage": _or_null(TEXT)}), max_size=2)
REASON = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)
REST_REFUSAL = st.one_of(
    members(
        {
            "errors": st.lists(REASON, min_size=1)
            | REASON
            | st.dictionaries(TEXT, st.lists(TEXT), min_size=1, max_size=2)
        }
    ),
    members({"message": REASON}, {"code": st.integers(), "fields": TEXT, "reason": TEXT}),
    members({"error": WORD, "error_description": TEXT}),
    members({"error": members({"code": st.integers(), "message": TEXT}, {"details": st.lists(TEXT)})}),
)

PROJECT = members(
    {"id": ID, "name": TEXT},
    {
        **{name: _or_null(TEXT) for name in ("display_name", "project_number")},
        **{name: _or_null(TIMESTAMP) for name in ("created_at", "updated_at")},
        "active": _or_null(st.booleans()),
        "company": _or_null(members({}, {"id": ID})),
    },
)

LEGAL: dict[str, Strategy] = {
    "token": GRANT,
    "token#/$defs/client_credentials": SERVICE_ACCOUNT,
    "token_error": REFUSAL,
    "token_info": INFO,
    "companies": COMPANIES,
    "projects": PROJECTS,
    "project": PROJECT,
    "projects#/$defs/optional": OPTIONAL,
    "projects#/$defs/v1_0": PROJECTS_1_0,
    "me": ME,
    "api_error": REST_REFUSAL,
}
"""By schema."""
