"""``--list-faults`` and ``--fault=ID`` of the stand-in's command line."""

from __future__ import annotations

import subprocess
import sys

from selftests.support.project import ROOT
from standin.cases.faults import FAULTS
from standin.cases.variations import VARIATIONS


def standin(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "standin", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


def test_list_faults_prints_every_case_with_what_must_catch_it() -> None:
    done = standin("--list-faults")
    rows = [line.split("\t") for line in done.stdout.splitlines() if not line.startswith("#")]
    assert done.returncode == 0
    assert [row[0] for row in rows] == [case.id for case in (*FAULTS, *VARIATIONS)]
    assert {len(row) for row in rows} == {5}


def test_unknown_fault_is_one_sentence_and_exit_4() -> None:
    done = standin("--fault=token-expires-in-strin", "--", "true")
    assert done.returncode == 4
    assert "token-expires-in-string" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_fault_runs_the_command_in_the_normal_environment() -> None:
    """What a command finds in its environment does not tell that there is a fault."""
    script = "import os; print(sorted(name for name in os.environ if 'PROCORE' in name))"
    right = standin("--", sys.executable, "-c", script)
    wrong = standin("--fault=companies-hang", "--", sys.executable, "-c", script)
    assert (wrong.returncode, wrong.stdout) == (0, right.stdout)


def test_variation_is_a_fault_that_is_none() -> None:
    done = standin("--fault=dialect-5.5.0", "--", sys.executable, "-c", "")
    assert (done.returncode, done.stdout) == (0, "")
