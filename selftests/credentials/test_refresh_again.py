"""A disruptive run refreshes twice; what the second one yields is what the next run begins with."""

from __future__ import annotations

import pytest

from selftests.support.bench import NO_CODE, SMOKE, asked_for_tokens, plant, suite
from standin.server.running import Procore, serve


def spent(procore: Procore) -> list[str]:
    """The refresh tokens that bought a pair, in order."""
    realm = procore.world.realm(procore.site)
    shown = [one.form.get("refresh_token", "") for one in asked_for_tokens(procore.requests, "refresh_token")]
    known = [value for value in dict.fromkeys(shown) if realm.token_of_refresh(value)]
    return [value for value in known if (token := realm.token_of_refresh(value)) and token.refresh_revoked]


@pytest.mark.parametrize("begins_with_refresh", [False, True], ids=["code", "cached refresh token"])
def test_the_next_run_begins_with_the_last_pair(begins_with_refresh: bool) -> None:
    with serve() as procore:
        if begins_with_refresh:
            plant(procore)
        code, output = suite(
            procore, "--target=sandbox", "--disruptive", changes=NO_CODE if begins_with_refresh else {}
        )
        assert code == 0, output
        assert len(spent(procore)) == 2
        sent = len(procore.requests)
        code, output = suite(procore, *SMOKE)
        assert code == 0, output
        assert not asked_for_tokens(procore.requests[sent:]), "the cached pair is fresh"
