"""A project as the list calls show it: 49 keys in v1.1, 46 in v1.0, as they were seen live.

Source: ``facts/procore-api.md`` 8, ``facts/sightings.md``. Money is a string, unset fields are null or empty, ids may
pass 2^31.
"""

from __future__ import annotations

from typing import Any

from standin.model.directory import Company, Project

_PLAIN: dict[str, Any] = {
    "accounting_project_number": None,
    "actual_start_date": None,
    "address": None,
    "city": None,
    "code": None,
    "completion_date": None,
    "country_code": "US",
    "county": None,
    "delivery_method": None,
    "description": None,
    "designated_market_area": None,
    "erp_integrated": False,
    "estimated_value": None,
    "fax": None,
    "is_demo": False,
    "latitude": None,
    "longitude": None,
    "origin_code": None,
    "origin_data": None,
    "origin_id": None,
    "owners_project_id": None,
    "parent_job": None,
    "parent_job_id": None,
    "phone": None,
    "photo_id": None,
    "project_bid_type_id": None,
    "project_owner_type_id": None,
    "project_region_id": None,
    "project_sector_id": None,
    "project_stage": None,
    "project_template": None,
    "project_type": None,
    "projected_finish_date": None,
    "sector": None,
    "square_feet": None,
    "stage": "None",
    "start_date": "2024-02-01",
    "state_code": None,
    "store_number": None,
    "time_zone": "US/Pacific",
    "total_value": None,
    "work_scope": None,
    "zip": None,
    "created_at": "2024-01-02T03:04:05Z",
    "updated_at": "2025-03-04T05:06:07Z",
}

_MORE: dict[str, Any] = {
    "flag": None,
    "inbound_email": None,
    "inbound_email_address": None,
    "locale": None,
    "logo_id": None,
    "logo_url": None,
    "office": None,
    "persistent_message": None,
    "photo_url": None,
    "program": None,
    "project_bid_type": None,
    "project_owner_type": None,
    "project_region": None,
    "public_notes": None,
    "standard_cost_code_list_id": None,
    "template": False,
    "warranty_end_date": None,
    "warranty_start_date": None,
}
_TZ_NAMES = {"US/Pacific": "America/Los_Angeles"}
_MINIMAL = ("id", "name", "project_number", "country_code", "latitude", "longitude", "county", "actual_start_date")
"""Of the view ``minimal``, the copies of the OpenAPI name these and break off after them."""

# A list of v1.1 was seen in 2025 with parent_job_id and without project_template (facts/sightings.md).
_ONLY_1_0 = frozenset({"parent_job", "project_sector_id", "project_template", "stage"})
_ONLY_1_1 = frozenset(
    {"actual_start_date", "code", "description", "erp_integrated", "fax", "project_type", "square_feet"}
)


_PLAIN_BY_VERSION = {
    version: {key: value for key, value in _PLAIN.items() if key not in absent}
    for version, absent in (("v1.0", _ONLY_1_1), ("v1.1", _ONLY_1_0))
}


def item(project: Project, company: Company, version: str) -> dict[str, Any]:
    """One project of the list, ``version`` being ``v1.0`` or ``v1.1``. A fresh object each time: bend it freely."""
    absent = _ONLY_1_1 if version == "v1.0" else _ONLY_1_0
    details = dict(project.details)
    author = details.pop("created_by_name", "API Support")
    # Keys can be absent per item, project_template was on 6 of 7.
    absent = absent | details.pop("absent", frozenset())
    plain = _PLAIN_BY_VERSION[version]  # what most projects of a long list show
    fields = (
        {key: value for key, value in {**_PLAIN, **details}.items() if key not in absent} if project.details else plain
    )
    return {
        "id": project.id,
        "name": project.name,
        "display_name": project.display_name,
        "project_number": project.number,
        "active": project.active,
        "company": {"id": company.id, "name": company.name},
        "created_by": {"id": 98001, "login": "sandbox+demo@example.com", "name": author},
        "custom_fields": {},
        **fields,
    }


def field(project: Project, name: str) -> Any:
    """What a project has under a name, as the lists show it."""
    return project.details.get(name, _PLAIN[name])


def shown(project: Project, company: Company, version: str, view: str) -> Any:
    """A project in the view asked for: ``ids`` is the bare id, ``compact`` the names alone (OAS, both versions)."""
    if version == "v1.1" and view == "ids":
        return project.id
    if view == "compact":
        names = {"id": project.id, "name": project.name}
        return names if version == "v1.1" else {**names, "display_name": project.display_name}
    if view == "extended":
        return {**item(project, company, version), **_extended(project)}
    return item(project, company, version)


def _extended(project: Project) -> dict[str, Any]:
    """What comes besides in the view ``extended`` and where a project is shown alone."""
    zone = field(project, "time_zone")
    return {**_MORE, "departments": [], "tz_name": _TZ_NAMES.get(zone, zone)}


def alone(project: Project, company: Company, view: str) -> dict[str, Any]:
    """One project by its id, with the members that the OpenAPI of ``GET /rest/v1.0/projects/{id}`` names."""
    details = {**item(project, company, "v1.1"), **_extended(project)}
    of_lists_alone = {"erp_integrated", "fax", "parent_job", "parent_job_id", "project_template", "stage"}
    template = field(project, "project_template") or {}
    stage = details["project_stage"] or {}
    found = {
        **{key: value for key, value in details.items() if key not in of_lists_alone},
        "parent_job_id": field(project, "parent_job_id"),
        "parent_job": field(project, "parent_job"),
        "from_project_template_id": template.get("id"),
        "is_erp_integrated": field(project, "erp_integrated"),
        "estimated_start_date": details["start_date"],
        "estimated_completion_date": details["completion_date"],
        "project_sector_id": field(project, "project_sector_id"),
        "project_stage_id": stage.get("id"),
    }
    return {key: found[key] for key in _MINIMAL} if view == "minimal" else found
