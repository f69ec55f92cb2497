"""Only a certificate that is valid for the host is believed, and a bad one is the one thing that is red."""

from __future__ import annotations

from pathlib import Path

import pytest

from selftests.support.command import pytest_in
from standin.server.certificates import Certificate
from standin.server.running import serve


@pytest.mark.parametrize(
    "kind", [kind for kind in Certificate if kind is not Certificate.RIGHT], ids=lambda kind: kind.value
)
def test_a_bad_certificate_is_refused_before_anything_is_sent(project: Path, kind: Certificate) -> None:
    with serve(certificate=kind) as procore:
        outcome = pytest_in(project, "--target=sandbox", environment=procore.environment)
        seen = [request for request in procore.requests if request.form or request.header("Authorization")]
    assert outcome.code == 1, outcome.text
    assert outcome.ids("violated") == {"transport.certificate"}
    assert not seen
