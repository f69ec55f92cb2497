"""Who and what exists: users, companies, projects. Invented data, neutral names, example.com.

Ids are small on a developer sandbox, and pass 2^31 elsewhere (``facts/procore-api.md`` 5): both kinds are here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

LARGE_ID = 562949953421312
"""Start of the band 562949953xxxxxx."""


@dataclass(frozen=True)
class User:
    """Someone who can call: a person, or the service account of an application."""

    id: int
    login: str
    name: str


@dataclass(frozen=True)
class Company:
    """One company of /rest/v1.0/companies."""

    id: int
    name: str
    installed: bool = True
    """Whether the application is installed in it (step 4)."""
    foreign: bool = False
    """Whether the user has no part in it."""
    mine: bool = False
    free: bool = False
    """Whether it is a trial company, which the list leaves out unless one asks for it."""
    logo_url: str | None = None
    pcn_business_experience: bool | None = None


@dataclass(frozen=True)
class Project:
    """One project; ``details`` holds what differs from the plain project of :mod:`standin.rest.projects`."""

    id: int
    company_id: int
    name: str
    number: str | None = None
    active: bool = True
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def display_name(self) -> str:
        """The number and the name, or the name alone."""
        return f"{self.number} - {self.name}" if self.number else self.name


@dataclass(frozen=True)
class Directory:
    """All of one environment. ``configured`` is the company of PROCORE_COMPANY_ID, ``foreign`` the stranger."""

    user: User
    service_account: User
    companies: tuple[Company, ...]
    projects: tuple[Project, ...]

    @property
    def configured(self) -> Company:
        """The user's first company."""
        return next(company for company in self.companies if not company.foreign)

    @property
    def foreign(self) -> Company:
        """The company that exists, has projects and is not the user's."""
        return next(company for company in self.companies if company.foreign)

    def company(self, company_id: int) -> Company | None:
        """The company of that id, or None."""
        return self._by_id.get(company_id)

    def company_of(self, project: Project) -> Company:
        """The company that a project belongs to."""
        return self._by_id[project.company_id]

    def projects_of(self, company: Company) -> tuple[Project, ...]:
        """All projects of a company, inactive ones too."""
        return self._of_company.get(company.id, ())

    def active_of(self, company: Company) -> tuple[Project, ...]:
        """All active projects of a company."""
        return self._active_of_company.get(company.id, ())

    def project_of(self, company: Company, project_id: int | None) -> Project | None:
        """The company's project of that id, or None."""
        return self._projects_by_id.get((company.id, project_id))

    # A page of a hundred thousand projects costs no more than one of a hundred: what is looked for is looked for once.

    @cached_property
    def _by_id(self) -> Mapping[int, Company]:
        return {company.id: company for company in reversed(self.companies)}  # of two, the first one counts

    @cached_property
    def _projects_by_id(self) -> Mapping[tuple[int, int | None], Project]:
        return {(project.company_id, project.id): project for project in self.projects}

    @cached_property
    def _of_company(self) -> Mapping[int, tuple[Project, ...]]:
        found: dict[int, list[Project]] = {}
        for project in self.projects:
            found.setdefault(project.company_id, []).append(project)
        return {company_id: tuple(projects) for company_id, projects in found.items()}

    @cached_property
    def _active_of_company(self) -> Mapping[int, tuple[Project, ...]]:
        known = self._of_company.items()
        return {company_id: tuple(one for one in projects if one.active) for company_id, projects in known}


def _custom_fields(large: int) -> dict[str, Any]:
    """The data types that were seen live (``facts/procore-api.md`` 8), one null among them."""
    return {
        f"custom_field_{large + 1}": {"data_type": "lov_entry", "value": {"id": large + 11, "label": "Phase 1"}},
        f"custom_field_{large + 2}": {"data_type": "lov_entries", "value": [{"id": large + 12, "label": "Steel"}]},
        f"custom_field_{large + 3}": {"data_type": "boolean", "value": True},
        f"custom_field_{large + 4}": {"data_type": "decimal", "value": None},
        f"custom_field_{large + 5}": {"data_type": "rich_text", "value": "<p>See the <b>plan</b>.</p>"},
        "custom_field_20417": {"data_type": "string", "value": "North gate"},
    }


def _full_details(large: int) -> dict[str, Any]:
    """A project where nearly every field is filled."""
    return {
        "address": "1 Example Street",
        "city": "Springfield",
        "state_code": "CA",
        "zip": "93013",
        "county": "Example County",
        "latitude": 34.3852,
        "longitude": -119.4908,
        "phone": "555-0100",
        "description": "A project to test with",
        "project_stage": {"id": 3, "name": "Course of Construction"},
        "stage": "Course of Construction",
        "project_type": {"id": 600576, "name": "Office"},
        "project_template": {"id": large + 77, "name": "Standard template"},
        "square_feet": 12000,
        "start_date": "2024-01-08",
        "actual_start_date": "2024-01-15",
        "completion_date": "2025-06-30",
        "projected_finish_date": "2025-07-31",
        "estimated_value": "1250000.0",
        "total_value": "1250000.0",
        "origin_id": "ERP-1234",
        "origin_code": "1234",
        "custom_fields": _custom_fields(large),
    }


def _configured_projects(first: int, large: int, company_id: int) -> tuple[Project, ...]:
    return (
        Project(first, company_id, "Sandbox Test Project", "1234", details=_full_details(large)),
        Project(
            first + 1,
            company_id,
            "Bücherei am Fluss & Erweiterung",
            "24-017",
            details={"time_zone": "Europe/Berlin", "country_code": "DE", "phone": "", "store_number": ""},
        ),
        Project(large + 59480, company_id, "Harbor `Pier 7`", None, details={"created_by_name": " "}),
        Project(
            first + 3,
            company_id,
            "Clinic <North Wing>",
            "24-019",
            details={"code": "", "accounting_project_number": "", "designated_market_area": "", "is_demo": True},
        ),
        Project(
            first + 4,
            company_id,
            "School No. 4",
            "24-020",
            details={"total_value": "1.0", "absent": {"project_template"}},
        ),
        Project(first + 5, company_id, "Closed Depot", "19-001", active=False),
    )


def with_companies(known: Directory, count: int) -> Directory:
    """The same directory where the user has ``count`` companies in all."""
    own = [company for company in known.companies if not company.foreign][:count]
    start = LARGE_ID + 500_000
    more = (Company(start + n, f"Company {n}") for n in range(len(own), count))
    return replace(known, companies=(*own, *more, known.foreign))


def with_projects(known: Directory, count: int) -> Directory:
    """The same directory where the configured company has ``count`` active projects."""
    company = known.configured
    own = [project for project in known.projects_of(company) if project.active][:count]
    others = [project for project in known.projects if project.company_id != company.id or not project.active]
    start = LARGE_ID + 600_000
    more = (Project(start + n, company.id, f"Project {n}", f"P-{n}") for n in range(len(own), count))
    return replace(known, projects=(*own, *more, *others))


def with_large_ids(known: Directory, offset: int = LARGE_ID) -> Directory:
    """The same directory where every id lies beyond 32 bits, as in production."""
    return Directory(
        user=replace(known.user, id=known.user.id + offset),
        service_account=replace(known.service_account, id=known.service_account.id + offset),
        companies=tuple(replace(company, id=company.id + offset) for company in known.companies),
        projects=tuple(
            replace(project, id=project.id + offset, company_id=project.company_id + offset)
            for project in known.projects
        ),
    )


def directory(index: int) -> Directory:
    """The directory of the ``index``-th environment; no id occurs in two of them."""
    small, large = 4265000 + index * 100, LARGE_ID + index * 10_000_000
    first = 316000 + index * 1000
    second, foreign = large + 3001, small + 99
    return Directory(
        user=User(98100 + index, "quickstart@example.com", "Quick Start"),
        service_account=User(98600 + index, "quick-start-test-app-1a2b3c4d@procore.com", "Quick Start Test App"),
        companies=(
            Company(small + 1, "Quick Start Sandbox", mine=True, logo_url="https://example.com/logo.png"),
            Company(second, "Second Company", pcn_business_experience=False),
            Company(small + 3, "Not Installed Company", installed=False, pcn_business_experience=True),
            Company(foreign, "Somebody Else's Company", foreign=True),
        ),
        projects=(
            *_configured_projects(first, large, small + 1),
            *(Project(first + 10 + n, second, f"Warehouse {n + 1}", f"W-{n + 1}") for n in range(3)),
            Project(first + 20, small + 3, "Out of Reach", "X-1"),
            *(Project(first + 30 + n, foreign, f"Stranger's Tower {n + 1}", f"S-{n + 1}") for n in range(2)),
        ),
    )
