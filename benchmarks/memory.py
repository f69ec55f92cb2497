"""Whether memory stays flat: ``python -m benchmarks.memory [REQUESTS]`` (100,000 without a number; Linux).

Sends that many requests to the core of the stand-in, as a client does that authorizes, refreshes, lists and fails, and
prints the resident memory of the process after each tenth. It must stand still once what is remembered is full.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path

from standin.http.messages import Answer, Request
from standin.model.behaviour import Behaviour
from standin.model.hosts import SANDBOX
from standin.model.world import World
from standin.server.procore import answer_for

LOGIN, API = f"https://{SANDBOX.login_host}", f"https://{SANDBOX.api_hosts[0]}"


def resident() -> float:
    """The memory of this process that is in use now, in MiB."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(kilobytes) / 1024


def session(world: World) -> Iterator[Answer]:
    """Requests of clients without end, one answer each."""
    realm = world.realm(SANDBOX)
    client = {"client_id": realm.application.uid, "client_secret": realm.application.secret}
    company = realm.directory.configured.id

    def post(path: str, **form: str) -> Answer:
        return answer_for(world, Request.to("POST", f"{LOGIN}{path}", form={**client, **form}))

    for number in count():
        code = world.issue_code(realm, realm.application).value
        right = {"grant_type": "authorization_code", "redirect_uri": realm.application.redirect_uri}
        yield (pair := post("/oauth/token", code=code, **right))
        yield (pair := post("/oauth/token", grant_type="refresh_token", refresh_token=pair.body["refresh_token"]))
        yield post("/oauth/token", grant_type="client_credentials")
        yield post("/oauth/token", grant_type="refresh_token", refresh_token=f"unknown {number}")
        headers = {"Authorization": f"Bearer {pair.body['access_token']}", "Procore-Company-Id": str(company)}
        for path in ("me", "companies", f"projects?company_id={company}&n={number}", f"nothing/{number}"):
            asked = Request.to("GET", f"{API}/rest/v1.0/{path}", headers=headers)
            yield answer_for(world, asked)


def main(requests: int) -> None:
    """Measure and print."""
    world = World(behaviour=Behaviour(rate_limit=requests + 1))
    answers = session(world)
    print(f"{'requests':>9} {'MiB':>7} {'s':>7}")
    print(f"{0:>9} {resident():>7.1f} {0:>7.1f}")
    started, step = time.perf_counter(), max(1, requests // 10)
    for done in range(step, requests + 1, step):
        for _ in islice(answers, step):
            pass
        print(f"{done:>9} {resident():>7.1f} {time.perf_counter() - started:>7.1f}", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
