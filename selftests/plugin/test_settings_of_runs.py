"""What a run says of settings: it ends in a sentence where they cannot be used, or goes on with a note."""

from __future__ import annotations

from pathlib import Path

import pytest

from selftests.support.bad_settings import WRONG
from selftests.support.bench import NO_CODE, SMOKE, suite, write
from selftests.support.command import pytest_in
from selftests.support.project import ROOT
from standin.server.running import serve

GIVEN = {
    "PROCORE_CLIENT_ID": "an-id-of-nobody",
    "PROCORE_CLIENT_SECRET": "a-secret-of-nobody",
    "PROCORE_COMPANY_ID": "7",
}


@pytest.mark.parametrize("name", WRONG)
def test_a_value_that_cannot_be_used_is_all_that_is_said(project: Path, name: str) -> None:
    variable = f"PROCORE_{name.upper()}"
    outcome = pytest_in(project, "-q", "--target=sandbox", environment={**GIVEN, variable: WRONG[name][1]})
    assert outcome.code == 4
    (line,) = outcome.text.strip().splitlines()
    assert line.startswith(f"ERROR: {variable} cannot be used (")


@pytest.mark.posix
def test_unknown_names_and_an_open_file_are_notes() -> None:
    path = ROOT / ".env.selftest-notes"
    with serve() as procore:
        write(path, f"PROCORE_TIMEOUTS=7\nPROCORE_CLIENT_SECRET={procore.variables['PROCORE_CLIENT_SECRET']}\n", 0o644)
        try:
            changes = NO_CODE | {"PROCORE_CLIENT_SECRET": "", "PROCORE_COMPANYID": "7"}
            code, output = suite(procore, *SMOKE, "--profile=selftest-notes", changes=changes)
        finally:
            path.unlink()
    assert code == 0, output
    assert "PROCORE_COMPANYID (set in environment) is no setting of the suite and is ignored: the nearest" in output
    assert "PROCORE_TIMEOUTS (set in .env.selftest-notes) is no setting" in output
    assert "chmod 600 .env.selftest-notes" in output


def test_a_name_near_to_a_missing_one_is_in_the_sentence(project: Path) -> None:
    environment = {**GIVEN, "PROCORE_CLIENT_SECERT": GIVEN["PROCORE_CLIENT_SECRET"]}
    del environment["PROCORE_CLIENT_SECRET"]
    outcome = pytest_in(project, "-q", "--target=sandbox", environment=environment)
    assert outcome.code == 4
    assert "PROCORE_CLIENT_SECRET is not set, but PROCORE_CLIENT_SECERT, which is no setting, is: " in outcome.text
    assert "Rename it." in outcome.text
