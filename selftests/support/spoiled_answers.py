"""Full right answers, and what makes other ones of them: wrong values, and every place for one."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

_GRANT = {
    "access_token": "a" * 64,
    "token_type": "bearer",
    "expires_in": 5400,
    "created_at": 1_700_000_000,
    "scope": "",
}
_INFO = {"resource_owner_id": 5, "application": {"uid": "app"}, "created_at": 1_700_000_000}
_PROJECT = {
    "id": 5,
    "name": "Tower",
    "display_name": "1 - Tower",
    "active": True,
    "is_demo": False,
    "company": {"id": 6, "name": "Company"},
    "created_at": "2024-01-02T03:04:05Z",
    "updated_at": "2024-01-02T03:04:05Z",
    "custom_fields": {"custom_field_562949953421312": {"data_type": "string", "value": None}},
    "created_by": {"id": 7, "login": "a@example.com", "name": " "},
    "total_value": "1.0",
    "estimated_value": "1.0",
    "latitude": 1.5,
    "longitude": 1.5,
    "start_date": "2024-01-02",
    "completion_date": "2024-01-02",
    "actual_start_date": "2024-01-02",
    "projected_finish_date": "2024-01-02",
    **dict.fromkeys(("project_number", "zip", "address", "city", "phone", "code", "time_zone", "country_code"), "text"),
}
_NAMED = {"id": 8, "name": "text"}
_OFFICE = {
    "id": 9,
    **dict.fromkeys(
        ("name", "address", "city", "state_code", "country_code", "zip", "phone", "fax", "division"), "text"
    ),
}
# What both versions of the list may have besides, and the answer of one project, too (facts/procore-api.md section 8).
_MORE = {
    **dict.fromkeys(
        (
            *("accounting_project_number", "county", "description", "designated_market_area", "dictionary_type"),
            *("flag", "inbound_email", "logo_url", "origin_code", "origin_data", "origin_id", "public_notes"),
            *("state_code", "store_number", "tz_name", "delivery_method", "sector", "work_scope"),
        ),
        "text",
    ),
    **dict.fromkeys(
        (
            *("owners_project_id", "parent_job_id", "photo_id", "project_bid_type_id", "project_owner_type_id"),
            *("project_region_id", "project_sector_id", "square_feet", "standard_cost_code_list_id"),
        ),
        5,
    ),
    **dict.fromkeys(
        ("estimated_completion_date", "estimated_start_date", "warranty_end_date", "warranty_start_date"), "2024-01-02"
    ),
    **dict.fromkeys(
        (
            *("parent_job", "program", "project_bid_type", "project_owner_type", "project_region", "project_stage"),
            "project_type",
        ),
        _NAMED,
    ),
    "departments": [_NAMED],
    "office": _OFFICE,
    "persistent_message": {"title": "text", "message": "text"},
}
_LISTED = {**_PROJECT, **_MORE, "stage": "None", "project_template": _NAMED, "fax": "text", "erp_integrated": False}
_SHOWN = {
    **_PROJECT,
    **_MORE,
    **dict.fromkeys(("inbound_email_address", "locale", "photo_url"), "text"),
    **dict.fromkeys(("from_project_template_id", "logo_id", "project_stage_id"), 5),
    **dict.fromkeys(("is_erp_integrated", "template"), False),
}
RIGHT: dict[str, tuple[Any, ...]] = {
    "token": ({**_GRANT, "refresh_token": "b" * 64},),
    "token#/$defs/client_credentials": (_GRANT,),
    "token_error": ({"error": "invalid_grant", "error_description": "No.", "error_uri": "https://example.com"},),
    "token_info": (
        {**_INFO, "scopes": ["public"], "expires_in_seconds": 5400},
        {**_INFO, "scope": ["public"], "expires_in": 5400},
    ),
    "companies": (
        [
            {
                "id": 5,
                "name": "Company",
                "is_active": True,
                "my_company": True,
                "logo_url": "https://example.com/logo.png",
                "pcn_business_experience": True,
                "company_home_url": "https://example.com",
            }
        ],
    ),
    "projects": ([_PROJECT],),
    "project": (_SHOWN,),
    "projects#/$defs/optional": ([_LISTED],),
    "projects#/$defs/v1_0": ([{**_PROJECT, "stage": "None"}],),
    "me": ({"id": 5, "login": "quickstart@example.com", "name": ""},),
    "api_error": ({"errors": ["No."]}, {"message": "No."}, {"error": "No."}, {"error": {"code": 1, "message": "No."}}),
}
WRONG_VALUES: tuple[Any, ...] = (
    *(None, True, "", "text", "two words", "line\n", 'quo"ted', "mac", "bearer\n", "2024-01-02T03:04:05", "2024-13-02"),
    *("2024-13-02T03:04:05Z", "2024-01-02T03:04:05Z\n", 0, -1, 1, 1.5, 7201, 10**12, 2**63, 91, -91, 181, -181),
    *([], [1], [None], {}, {"id": 1}, {"id": "1"}, {"data_type": 1, "value": 1}),
)


def places(document: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every place in a document but the document itself."""
    items: list[tuple[str | int, Any]] = []
    if isinstance(document, dict):
        items = list(document.items())
    elif isinstance(document, list):
        items = list(enumerate(document))
    for key, value in items:
        yield (*path, key)
        yield from places(value, (*path, key))


def put(document: Any, path: tuple[str | int, ...], value: Any) -> Any:
    """A copy with another value at the place; at no place at all, the value."""
    if not path:
        return value
    changed = deepcopy(document)
    holder = changed
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = value
    return changed


def drop(document: Any, path: tuple[str | int, ...]) -> Any:
    """A copy without what is at the place."""
    changed = deepcopy(document)
    holder = changed
    for key in path[:-1]:
        holder = holder[key]
    del holder[path[-1]]
    return changed
