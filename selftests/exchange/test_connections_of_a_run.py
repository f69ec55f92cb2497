"""How many connections a whole live run opens: each costs a real network two or three round trips."""

from itertools import groupby

from selftests.support.matrix_runs import SuiteRunner
from standin.http.messages import Request
from standin.model.world import World


def test_a_run_keeps_one_connection_for_each_host_but_for_what_is_used_up(runner: SuiteRunner) -> None:
    world = World()
    code, text = runner.run_world(world)
    assert code == 0, text

    def connection(request: Request) -> int:
        return request.connection

    sent = sorted((one for one in world.requests if one.scheme == "https"), key=connection)
    shared = [[*those] for _, those in groupby(sent, key=connection)]
    alone = [(one.method, one.form.get("grant_type", "")) for one, *more in shared if not more]
    assert sorted(alone) == [
        ("POST", ""),  # what the guide once said of companies
        ("POST", "authorization_code"),
        ("POST", "refresh_token"),
        ("POST", "refresh_token"),
    ]
    assert len(shared) - len(alone) == 2
