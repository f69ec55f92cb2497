"""Every lie that the stand-in can tell, by step of the guide. Each module is a table; a new line is a new fault."""

from __future__ import annotations

from standin.cases.case import Case
from standin.cases.faults import (
    answers,
    authorize,
    companies,
    headers,
    info_and_revoke,
    later,
    leaks,
    links,
    me,
    meanwhile,
    near_misses,
    pages,
    project_fields,
    projects,
    refresh,
    refusals,
    service_account,
    spellings,
    successors,
    token,
    transport,
    values,
)

FAULTS: tuple[Case, ...] = (
    *authorize.FAULTS,
    *token.FAULTS,
    *refusals.FAULTS,
    *refresh.FAULTS,
    *service_account.FAULTS,
    *info_and_revoke.FAULTS,
    *near_misses.FAULTS,
    *successors.FAULTS,
    *companies.FAULTS,
    *projects.FAULTS,
    *project_fields.FAULTS,
    *me.FAULTS,
    *pages.FAULTS,
    *transport.FAULTS,
    *answers.FAULTS,
    *values.FAULTS,
    *later.FAULTS,
    *links.FAULTS,
    *spellings.FAULTS,
    *leaks.FAULTS,
    *headers.FAULTS,
    *meanwhile.FAULTS,
)
