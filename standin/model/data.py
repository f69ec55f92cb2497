"""Data of one's own: companies, projects and users from a JSON file (``data.schema.json`` says how it looks)."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any

from standin.model.directory import Company, Directory, Project, User

_PROJECT = ("id", "company_id", "name", "number", "active")


def reading(path: Path) -> Callable[[Directory], Directory]:
    """What puts the data of the file in place of ours. Raises ValueError, in one sentence."""
    try:
        data = json.loads(path.read_text("utf-8"))
    except OSError as problem:
        raise ValueError(f"--data: {path} cannot be read ({problem.strerror})") from problem
    except ValueError as problem:
        raise ValueError(f"--data: {path} is no JSON ({problem})") from problem
    _check(path, data)
    return lambda known: _populated(known, data)


def _check(path: Path, data: Any) -> None:
    # Imported where it is needed: most runs have no data of their own, and it costs a tenth of a second.
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import best_match

    schema = json.loads(resources.files("standin.model").joinpath("data.schema.json").read_text("utf-8"))
    problem = best_match(Draft202012Validator(schema).iter_errors(data))
    if problem is not None:
        raise ValueError(f"--data: {path}, {problem.json_path}: {problem.message[:300]}")
    companies, projects = data.get("companies"), data.get("projects", [])
    for kind, records in (("companies", companies or []), ("projects", projects)):
        ids = [record["id"] for record in records]
        twice = next((one for one in ids if ids.count(one) > 1), None) if len(set(ids)) < len(ids) else None
        if twice is not None:
            raise ValueError(f"--data: {path}, $.{kind}: two have the id {twice}")
    if companies is not None and all(company.get("foreign") for company in companies):
        raise ValueError(f"--data: {path}, $.companies: all are foreign, so that nobody could see any")
    known = {company["id"] for company in companies or ()}
    lost = [project for project in projects if companies is not None and project["company_id"] not in known]
    if lost:
        where = f"{lost[0]['id']} is in company {lost[0]['company_id']}, which is not there"
        raise ValueError(f"--data: {path}, $.projects: {where}")


def _populated(known: Directory, data: dict[str, Any]) -> Directory:
    companies = tuple(Company(**record) for record in data["companies"]) if "companies" in data else known.companies
    if not any(company.foreign for company in companies):
        # Somebody else's company is always there: that nothing of it is shown is what a client may rely on.
        companies = (*companies, known.foreign)
    ids = {company.id for company in companies}
    projects = tuple(_project(record) for record in data["projects"]) if "projects" in data else known.projects
    return replace(
        known,
        user=User(**data["user"]) if "user" in data else known.user,
        service_account=User(**data["service_account"]) if "service_account" in data else known.service_account,
        companies=companies,
        projects=tuple(project for project in projects if project.company_id in ids),
    )


def _project(record: dict[str, Any]) -> Project:
    own = {name: record[name] for name in _PROJECT if name in record}
    return Project(**own, details={name: value for name, value in record.items() if name not in _PROJECT})
