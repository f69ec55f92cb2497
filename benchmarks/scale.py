"""What size costs: many pages, many companies, many accounts, many nights. ``python -m benchmarks.scale [PART…]``.

Measures the parts that are named (all of them without a name), one after the other, into
``benchmarks/results/scale.json``, and writes the section of ``docs/benchmarks.md``. With ``--table`` it only writes
the section anew, from that file. The suite runs in a process of its own, whose peak memory is that of the run alone;
the stand-in is in this one, and allows more requests than anybody sends.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from benchmarks import figures, history, scale_page
from benchmarks.scale_page import Figures
from standin.http.messages import Request
from standin.model.behaviour import Behaviour, Paging
from standin.model.directory import Directory, with_companies, with_projects
from standin.model.hosts import SANDBOX
from standin.model.world import World
from standin.server.procore import answer_for
from standin.server.running import Procore, serve

ROOT = figures.ROOT
DOCUMENT = ROOT / "docs" / "benchmarks.md"
NAME = "scale"
LIMIT = 10_000_000  # requests an hour
SIZES = (1_000, 10_000, 100_000)
UNPAGED = Paging(
    1_000_000, 1_000_000, honour_per_page=False, honour_page=False, link=False, total=False, per_page=False
)


def world(populate: Callable[[Directory], Directory], paging: Paging | None = None) -> World:
    """A stand-in with so many of something, and as many requests as anybody wants."""
    return World(behaviour=Behaviour(rate_limit=LIMIT, paging=paging or Paging()), populate=populate)


def ran(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Figures:
    """Run a command to its end: wall and CPU seconds, peak memory, exit code, and what it wrote."""
    begun = time.perf_counter()
    with tempfile.TemporaryFile() as said:
        child = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=said, stderr=subprocess.STDOUT)
        peak = _watched(child.pid)
        _, status, used = os.wait4(child.pid, 0)
        wall = time.perf_counter() - begun
        child.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        output = said.read().decode("utf-8", "replace")
    return {
        "wall_s": round(wall, 2),
        "cpu_s": round(used.ru_utime + used.ru_stime, 2),
        "peak_mib": round(peak / 1024),
        "exit": child.returncode,
        "output": output,
    }


def _watched(pid: int) -> int:
    """Return the peak memory of a process in KiB once it has ended; its ru_maxrss would begin with that of this one."""
    peak = 0
    while os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
        peak = max([peak, *(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:"))])
        time.sleep(0.02)
    return peak


def suite(made: World, *options: str) -> Figures:
    """The figures of a whole live run against a stand-in, and its verdict."""
    with serve(made) as procore, tempfile.TemporaryDirectory() as folder:
        verdict = Path(folder, "verdict.json")
        line = [sys.executable, "-m", "pytest", "--target=sandbox", "-q", "-p", "no:cacheprovider"]
        found = ran([*line, f"--verdict-json={verdict}", *options], procore.environment)
        if not verdict.exists():
            raise SystemExit(f"the run left no verdict:\n{found['output'][-2000:]}")
        found["verdict"] = json.loads(verdict.read_text(encoding="utf-8"))
        found["requests"] = found["verdict"]["cost"]["requests"]
    return found


def _plain(found: Figures) -> Figures:
    return {name: found[name] for name in ("wall_s", "cpu_s", "peak_mib", "requests")}


def exhaustive() -> list[Figures]:
    """``--exhaustive`` at each size: the whole run, and how many items it judged a second."""
    rows = []
    for size in SIZES:
        found = suite(world(partial(with_projects, count=size)), "--exhaustive")
        (one,) = [one for one in found["verdict"]["lists"] if one["name"] == "projects"]
        assert one["complete"], one
        judged = one["items"]["judged"]
        rows.append({"projects": judged, "items_a_second": round(judged / found["wall_s"]), **_plain(found)})
    return rows


def unpaged() -> list[Figures]:
    """One answer with a hundred thousand companies: the usual run, and all of it."""
    rows = []
    for options in ((), ("--exhaustive",)):
        found = suite(world(partial(with_companies, count=100_000), UNPAGED), *options)
        (one,) = [one for one in found["verdict"]["lists"] if one["name"] == "companies"]
        rows.append(
            {
                "options": " ".join(options) or "none",
                "of": one["items"]["of"],
                "judged": one["items"]["judged"],
                **_plain(found),
            }
        )
    return rows


def companies() -> Figures:
    """``--companies=all`` with five thousand."""
    found = suite(world(partial(with_companies, count=5_000)), "--companies=all")
    return {"companies": len(found["verdict"]["companies"]["asked"]) + 1, **_plain(found)}


def fleet() -> Figures:
    """Five hundred accounts on one page: ``merge``, each verdict and report as a run leaves it."""
    with tempfile.TemporaryDirectory() as name:
        folder, accounts = Path(name), 500
        verdict = folder / "verdict.json"
        ran([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--verdict-json={verdict}"])
        for number in range(accounts):
            one = folder / "all" / f"account-{number:03}" / "verdict.json"
            one.parent.mkdir(parents=True)
            one.write_text(verdict.read_text(encoding="utf-8"), encoding="utf-8")
        page, document = folder / "fleet.html", folder / "fleet.json"
        line = [
            sys.executable,
            "-m",
            "quickstart",
            "merge",
            str(folder / "all"),
            f"--html={page}",
            f"--json={document}",
        ]
        found = ran(line)
        assert page.exists(), found["output"][-2000:]
        figures = {name: found[name] for name in ("wall_s", "cpu_s", "peak_mib")}
        return {
            "accounts": accounts,
            **figures,
            "page_bytes": page.stat().st_size,
            "json_bytes": document.stat().st_size,
        }


def standin() -> list[Figures]:
    """Pages of a hundred projects, asked for by a bare client over one kept connection, with nobody beside it."""
    rows = []
    for size in SIZES:
        with serve(world(partial(with_projects, count=size))) as procore:
            get = _getter(procore)
            get(1)
            begun, pages = time.perf_counter(), 200
            for number in range(pages):
                get(1 + number * (size // 100) // pages)
            seconds = time.perf_counter() - begun
        rows.append(
            {
                "projects": size,
                "requests_a_second": round(pages / seconds),
                "items_a_second": round(100 * pages / seconds),
            }
        )
    return rows


def _getter(procore: Procore) -> Callable[[int], None]:
    address = urlsplit(procore.url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=60)
    realm = procore.world.realm(SANDBOX)
    client = {"client_id": realm.application.uid, "client_secret": realm.application.secret}
    form = {**client, "grant_type": "client_credentials"}
    asked = Request.to("POST", f"https://{SANDBOX.login_host}/oauth/token", form=form)
    token = json.loads(json.dumps(answer_for(procore.world, asked).body))["access_token"]
    company = str(realm.directory.configured.id)
    headers = {"Authorization": f"Bearer {token}", "Procore-Company-Id": company}

    def get(page: int) -> None:
        query = urlencode({"company_id": company, "page": page, "per_page": 100})
        connection.request("GET", f"/rest/v1.1/projects?{query}", headers=headers)
        answer = connection.getresponse()
        body = answer.read()
        assert answer.status == 200, body[:200]

    return get


PARTS: Mapping[str, Callable[[], Any]] = {
    "exhaustive": exhaustive,
    "unpaged": unpaged,
    "companies": companies,
    "fleet": fleet,
    "history": partial(history.measured, 1000),
    "standin": standin,
}


def main(given: Sequence[str] | None = None) -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("part", nargs="*", help=f"what to measure: {', '.join(PARTS)}; all without one")
    parser.add_argument(
        "--table", action="store_true", help="write the section of docs/benchmarks.md, and measure nothing"
    )
    options = parser.parse_args(given)
    unknown = [part for part in options.part if part not in PARTS]
    if unknown:
        parser.error(f"{unknown[0]!r} is none of {', '.join(PARTS)}")
    results = figures.read(NAME)
    for part in [] if options.table else options.part or PARTS:
        load = f"{os.getloadavg()[0]:.1f}"
        results[part] = PARTS[part]()
        print(part, json.dumps(results[part]), flush=True)
        results["origin"] = {**figures.origin(), "load": load}
        figures.write(NAME, results)
    missing = [part for part in PARTS if part not in results]
    if missing:
        parser.error(f"not measured yet: {', '.join(missing)}")
    page = DOCUMENT.read_text(encoding="utf-8")
    DOCUMENT.write_text(figures.with_section(page, NAME, scale_page.section(results)), encoding="utf-8")


if __name__ == "__main__":
    main()
