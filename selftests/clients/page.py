"""docs/clients.md, made from the table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from selftests.clients.table import STEPS, Client, Reason, Table, Way
from selftests.support.project import ROOT

PAGE = ROOT / "docs" / "clients.md"
REACHES = {"proxy": "proxy", "plain": "plain http", "tls": "TLS"}
HEAD = """\
# Real clients

<!-- Made by `python -m selftests.clients` from selftests/clients/. Do not edit. -->

The stand-in is tried with clients that are not ours. Each walks the quick start as far as it offers it, in its own
idiom and unaided: with the environment variables that the stand-in gives, and nothing set by hand. No walk was made
against Procore.

A client reaches the stand-in in one of three ways. *Proxy* is `python -m standin -- COMMAND`: under Procore's own host
names, by the proxy variables and a CA of the stand-in's own. *Plain http* is `python -m standin serve`: the client is
told `PROCORE_LOGIN_URL` and `PROCORE_API_URL` as its base URLs. *TLS* is the same with `https://localhost:8443`, where
plain http does not do.

✓ works · ✗ does not work (below) · – the client offers nothing for it. *Works* is what the client says and what the
stand-in saw: its own request, all companies, all {projects} projects over all pages, a token that was refreshed and
then used, a token that was revoked and then refused. *Client credentials* sends id and secret in the body, *HTTP Basic*
in that header. With `--dialect` 4.2.6, 5.5.0 and 5.9.6, the versions of Doorkeeper that are known, it is all the same.

"""
TOMORROW = """\
## When the company header is required

So far, calls without the header Procore-Company-Id were seen to be answered. Procore has announced that it will refuse
them ([its words](https://developers.procore.com/documentation/integration-health)). Under
`--set require_company_header=true --set service_account_needs_header=true` the clients do the same as above, but for:

"""
RUN = """\
## Try it

```sh
bash selftests/clients/install.sh      # the clients, pinned, in folders of their own; Debian's ruby-oauth2 and curl
python -m selftests.clients            # walks all of them, and writes this page if all went as it says
pytest selftests/clients               # the same walks, as tests
```

What is expected stands in `selftests/clients/clients.toml`, the walks in `selftests/clients/walks/`. Procore's own
ruby-sdk is not tried, because its gem is on none of the registries that our CI reaches.
"""


def page(table: Table, projects: int) -> str:
    """Return the page as it should be now; ``projects`` is how many there are to read."""
    head = HEAD.format(projects=projects)
    return "".join(
        (head, *_matrix(table), "\n## What does not work, and why\n\n", *_why(table), TOMORROW, *_tomorrow(table), RUN)
    )


def _matrix(table: Table) -> Iterator[str]:
    yield _row(("client", "version", "language", "reached by", *STEPS))
    yield _row(("---",) * (4 + len(STEPS)))
    for client, way in table.walks:
        cells = (_cell(client, way, step) for step in STEPS)
        yield _row((f"**{client.name}**", _version(client), client.language, _reach(way), *cells))


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |\n"


def _version(client: Client) -> str:
    return client.version if client.pinned else f"{client.version} (Debian 12)"


def _reach(way: Way) -> str:
    return f"{REACHES[way.reach]}, {way.runtime}" if way.runtime else REACHES[way.reach]


def _cell(client: Client, way: Way, step: str) -> str:
    if step in client.absent:
        return "–"
    return "✗" if client.why_not(way, step) else "✓"


def _why(table: Table) -> Iterator[str]:
    yield _row(("where", "why", "with the real Procore", "evidence"))
    yield _row(("---",) * 4)
    for reason in table.reasons.values():
        where = "<br>".join(_where(table, reason))
        if not where:
            continue
        procore = "would fail too" if reason.real else "not concerned"
        yield _row((where, reason.text, procore, f"[source]({reason.evidence})"))
    yield "\n"


def _tomorrow(table: Table) -> Iterator[str]:
    yield _row(("client", "does not work any more", "why"))
    yield _row(("---",) * 3)
    for client in table.clients:
        if client.tomorrow:
            why = " ".join(dict.fromkeys(reason.text for reason in client.tomorrow.values()))
            yield _row((client.name, ", ".join(client.tomorrow), why))
    yield "\n"


def _where(table: Table, reason: Reason) -> Iterator[str]:
    """Name what fails for this reason: client, way and steps."""
    for client in table.clients:
        for way in client.ways:
            steps = [step for step, why in way.broken.items() if why == reason]
            if reason is way.stopped:
                steps = ["all" + "".join(f" but {step}" for step in sorted(way.spared))]
            if steps or reason is way.unwalked:
                yield f"{client.name}, {_reach(way)}: {', '.join(steps) or 'not tried'}"
