"""``standin.testing``: what others write their tests with."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest
import requests

from selftests.support.project import ROOT
from standin.testing import StandIn, standin

pytest_plugins = ["pytester"]


def _exchange(running: StandIn, **changes: str) -> requests.Response:
    form = {
        "grant_type": "authorization_code",
        "code": running.code(),
        "redirect_uri": running.redirect_uri,
        "client_id": running.client_id,
        "client_secret": running.client_secret,
    }
    return requests.post(f"{running.url}/oauth/token", data=form | changes, timeout=10)


def test_data_faults_clock_and_log_are_within_reach() -> None:
    with standin(companies=3, projects=5, rules={"paging.default_size": 2, "token_lifetime": 60}) as running:
        bearer = {"Authorization": f"Bearer {_exchange(running).json()['access_token']}"}
        bearer["Procore-Company-Id"] = str(running.company_id)
        url = f"{running.url}/rest/v1.1/projects?company_id={running.company_id}"
        answer = requests.get(url, headers=bearer, timeout=10)
        assert (len(answer.json()), answer.headers["Total"]) == (2, "5")
        running.move_clock(61)
        assert requests.get(url, headers=bearer, timeout=10).status_code == 401
        assert [one["status"] for one in running.log] == [200, 200, 401]
        assert running.log[-1]["note"] == "invalid_token: expired"
        assert running.log[-1]["company"] == str(running.company_id)


def test_a_child_process_finds_it_under_procores_own_names() -> None:
    code = "import requests; print(requests.get('https://sandbox.procore.com/rest/v1.0/me').status_code)"
    with standin() as running:
        done = subprocess.run(
            [sys.executable, "-c", code],
            env=running.environment,
            capture_output=True,
            text=True,
            check=True,
            timeout=30,
        )
    assert done.stdout == "401\n"


def test_a_fault_is_had_by_its_name() -> None:
    with standin(faults=["projects-app-not-installed"]) as running:
        token = _exchange(running).json()["access_token"]
        headers = {"Authorization": f"Bearer {token}", "Procore-Company-Id": str(running.company_id)}
        url = f"{running.url}/rest/v1.1/projects?company_id={running.company_id}"
        assert requests.get(url, headers=headers, timeout=10).status_code == 403
        assert running.log[-1]["note"] == f"the app is not installed in company {running.company_id}"


@pytest.mark.parametrize(
    ("how", "words"),
    [({"faults": ["no-such"]}, "no fault"), ({"rules": {"nonsense": 1}}, "there is no field 'nonsense'")],
)
def test_what_does_not_exist_is_one_sentence(how: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words), standin(**how):  # type: ignore[arg-type]
        pass


def test_readmes_example_is_a_test_that_passes(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """What README shows is run as it stands there."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    found = re.search(r"<!-- integration -->\n```python\n(.*?)```", text, re.DOTALL)
    assert found, "README.md has lost the example of the fixture"
    pytester.makepyfile(test_mine=found[1])
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT)]))
    result = pytester.runpytest_subprocess("-p", "standin.testing", "--strict-markers", "-p", "no:cacheprovider")
    passed = len(re.findall(r"^def test_", found[1], re.MULTILINE))
    result.assert_outcomes(passed=passed)
