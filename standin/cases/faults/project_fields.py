"""Step 7.2: lies in the fields of a project."""

from __future__ import annotations

import time
from typing import Any

from standin.cases.bending import Edit, drop, on, put
from standin.cases.case import Case, case
from standin.cases.which import with_company

STEP = "7 projects"
OPTIONAL = "projects.optional-members"


def fault(name: str, sentence: str, *edits: Edit, violates: str = "projects.schema", advises: str = "") -> Case:
    """A field of a project is wrong where the header names a company, as the guide says."""
    return case(f"project-{name}", STEP, sentence, on("projects", *edits, when=with_company), violates="" if advises else violates, advises=advises)


def member(name: str, sentence: str, path: str, value: Any) -> Case:
    """A field has another value."""
    return fault(name, sentence, put(path, value))


def optional(name: str, sentence: str, path: str, value: Any) -> Case:
    """A field that a project need not have has another value."""
    return fault(name, sentence, put(path, value), advises=OPTIONAL)


def stamp(offset: float) -> str:
    """A timestamp so many seconds from now."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + offset))


REQUIRED = ("id", "name", "display_name", "active", "company", "company.id", "created_at", "updated_at")
DAY = 86400


def _word(path: str) -> str:
    return path.replace("_", "-").replace(".", "-")


_MISSING = tuple(fault(f"{_word(path)}-missing", f"A project has no {path}.", drop(f"1.{path}")) for path in REQUIRED)
_NULL = tuple(member(f"{_word(path)}-null", f"A project's {path} is null.", f"0.{path}", None) for path in REQUIRED)

_TYPES = (
    member("id-string", "Ids of projects are strings.", "*.id", str),
    member("id-zero", "A project has the id 0.", "0.id", 0),
    member("id-negative", "A project has a negative id.", "0.id", -1),
    member("id-fraction", "A project's id is a fraction.", "0.id", 316000.5),
    member("id-too-large", "A project's id does not fit into 64 bits.", "-1.id", 2**63),
    member("name-number", "A project's name is a number.", "0.name", 1234),
    member("display-name-list", "A project's display name is a list.", "0.display_name", ["1234", "Sandbox"]),
    member("active-string", "Whether a project is active is a string.", "0.active", "true"),
    member("active-number", "Whether a project is active is a number.", "0.active", 1),
    optional("is-demo-string", "Whether a project is a demo is a string.", "0.is_demo", "false"),
    optional("is-demo-null", "Whether a project is a demo is null.", "0.is_demo", None),
    member("company-number", "A project's company is a bare id.", "0.company", 4265001),
    member("company-list", "A project's company is a list.", "0.company", [{"id": 4265001, "name": "Company"}]),
    member("company-id-string", "A project's company has a string as id.", "0.company.id", str),
    member("company-id-zero", "A project's company has the id 0.", "0.company.id", 0),
    fault("company-name-missing", "A project has no company.name.", drop("1.company.name"), advises=OPTIONAL),
    optional("company-name-null", "A project's company.name is null.", "0.company.name", None),
    optional("company-name-number", "A project's company has a number as name.", "0.company.name", 5),
    optional("created-by-number", "A project's author is a bare id.", "0.created_by", 98001),
    optional("created-by-id-string", "A project's author has a string as id.", "0.created_by.id", "98001"),
    optional("created-by-login-number", "A project's author has a number as login.", "0.created_by.login", 98001),
    optional("created-by-name-number", "A project's author has a number as name.", "0.created_by.name", 98001),
    fault("created-by-without-id", "A project's author has no id.", drop("0.created_by.id"), advises=OPTIONAL),
    optional("total-value-list", "Money is a list.", "0.total_value", [1250000]),
    optional("estimated-value-object", "Estimated money is an object.", "0.estimated_value", {"amount": 1250000}),
    optional("estimated-value-true", "Estimated money is true.", "0.estimated_value", True),
    optional("country-code-number", "The country is a number.", "0.country_code", 840),
    optional("latitude-string", "The latitude is a string.", "0.latitude", "34.3852"),
    optional("latitude-too-large", "The latitude is beyond the pole.", "0.latitude", 90.5),
    optional("latitude-too-small", "The latitude is beyond the other pole.", "0.latitude", -90.5),
    optional("longitude-string", "The longitude is a string.", "0.longitude", "-119.49"),
    optional("longitude-too-large", "The longitude is more than half round the earth.", "0.longitude", 180.5),
    optional("longitude-too-small", "The longitude is less than half round the earth.", "0.longitude", -180.5),
    optional("project-number-number", "The project number is a number.", "0.project_number", 1234),
    optional("zip-number", "The zip code is a number and loses its leading zero.", "0.zip", 93013),
    optional("address-object", "The address is an object.", "0.address", {"street": "1 Example Street"}),
    optional("city-number", "The city is a number.", "0.city", 5),
    optional("phone-number", "The phone is a number.", "0.phone", 5550100),
    optional("code-number", "The code is a number.", "0.code", 5),
    optional("time-zone-number", "The time zone is an offset.", "0.time_zone", -8),
    optional("custom-fields-null", "The custom fields are null.", "0.custom_fields", None),
    optional("custom-fields-list", "The custom fields are a list.", "0.custom_fields", []),
    optional("custom-field-text", "A custom field is bare text.", "0.custom_fields.custom_field_20417", "North gate"),
    fault("custom-field-without-type", "A custom field has no data type.", drop("0.custom_fields.custom_field_20417.data_type"), advises=OPTIONAL),
    fault("custom-field-without-value", "A custom field has no value.", drop("0.custom_fields.custom_field_20417.value"), advises=OPTIONAL),
    optional("custom-field-type-number", "A custom field's data type is a number.", "0.custom_fields.custom_field_20417.data_type", 1),
)

_TIMES = (
    member("created-at-milliseconds", "The time of making is in milliseconds since 1970.", "0.created_at", 1704164645000),
    member("created-at-seconds", "The time of making is in seconds since 1970.", "0.created_at", 1704164645),
    member("created-at-local", "The time of making is local, without a zone.", "0.created_at", "2024-01-02T03:04:05"),
    member("created-at-offset", "The time of making has the zone of a place.", "0.created_at", "2024-01-02T03:04:05-08:00"),
    member("created-at-date", "The time of making is a date.", "0.created_at", "2024-01-02"),
    member("created-at-american", "The time of making is written as in America.", "0.created_at", "01/02/2024 3:04 AM"),
    member("created-at-30-february", "The time of making is on a day that does not exist.", "0.created_at", "2024-02-30T03:04:05Z"),
    member("created-at-empty", "The time of making is empty.", "0.created_at", ""),
    member("updated-at-hour-25", "The time of change is in an hour that does not exist.", "0.updated_at", "2025-03-04T25:06:07Z"),
    member("updated-at-space", "The time of change has a space instead of the T and words for the zone.", "0.updated_at", "2025-03-04 05:06:07 UTC"),
    optional("start-date-american", "The start date is written as in America.", "0.start_date", "01/08/2024"),
    optional("start-date-time", "The start date has a time.", "0.start_date", "2024-01-08T00:00:00Z"),
    optional("start-date-number", "The start date is a number.", "0.start_date", 20240108),
    optional("start-date-empty", "The start date is empty.", "0.start_date", ""),
    optional("completion-date-31-june", "The completion date does not exist.", "0.completion_date", "2025-06-31"),
    optional("actual-start-date-number", "The actual start date is a number.", "0.actual_start_date", 1705276800),
    optional("projected-finish-date-text", "The projected finish date is text.", "0.projected_finish_date", "soon"),
    fault("reversed", "A project was changed before it was made.", put("0.updated_at", "2023-03-04T05:06:07Z"), advises="projects.timestamps-ordered"),
    fault("reversed-by-a-second", "A project was changed a second before it was made.", put("2.updated_at", "2024-01-02T03:04:04Z"), advises="projects.timestamps-ordered"),
    fault("changed-in-future", "A project was changed tomorrow.", put("0.updated_at", stamp(DAY)), advises="projects.timestamps-past"),
    fault("changed-in-an-hour", "A project was changed in an hour, as where local time is sent as UTC.", put("1.updated_at", stamp(3600)), advises="projects.timestamps-past"),
    fault("made-in-future", "A project was made and changed tomorrow.", put("0.created_at", stamp(DAY)), put("0.updated_at", stamp(DAY)), advises="projects.timestamps-past"),
)

FAULTS = (*_MISSING, *_NULL, *_TYPES, *_TIMES)
