"""What a good client may do with the REST API, though it looks like what it does not do: data for ``test_quiet``."""

from __future__ import annotations

from selftests.check.stage import ME, PAUSE, Stage, limited, quiet
from standin.http.messages import Answer


@quiet("token.dead-again", why="it is refused once, and then replaced")
def _(stage: Stage) -> None:
    stage.exchange()
    stage.expire()
    stage.get(ME)
    stage.refresh()
    stage.get(ME)


@quiet("token.dead-again", "refused.hammered", why="parallel calls were on their way when the first was refused")
def _(stage: Stage) -> None:
    stage.exchange()
    stage.expire()
    for number in range(8):
        stage.projects(f"&page={number + 1}", after=0.01, connection=number + 1)


@quiet("token.dead-again", why="eight threads asked the same, and one took the old token a moment too late")
def _(stage: Stage) -> None:
    stage.exchange()
    stage.expire()
    for number in range(8):
        stage.get(ME, after=0.01, connection=number + 1)
    stage.get(ME, after=0.4, connection=9)


@quiet("expiry.ignored", why="it was sent in time")
def _(stage: Stage) -> None:
    stage.exchange()
    stage.get(ME, after=5400.5)


@quiet("refused.hammered", why="a few tries with growing pauses, and other requests that are refused as well")
def _(stage: Stage) -> None:
    refused = Answer(403, (), {"errors": ["App is not connected to this company."]})
    stage.exchange()
    for number in range(5):
        stage.projects(instead=refused, after=2.0**number)
    for number in range(10):
        stage.get(f"/rest/v1.0/projects/{number}", instead=refused)


@quiet("company.no-header", why="me and companies need none, nor does who shows no token, nor other paths")
def _(stage: Stage) -> None:
    stage.exchange()
    stage.get(ME, company=None)
    stage.get("/rest/v1.0/companies?page=1", company=None)
    stage.send("HEAD", f"https://{stage.site.api_hosts[0]}/rest/v1.1/projects")
    stage.send("GET", f"https://{stage.site.api_hosts[0]}/")
    stage.send("GET", f"https://{stage.site.login_host}/favicon.ico")


@quiet("rate.immediate", "rate.early", why="it waits as long as it is told")
def _(stage: Stage) -> None:
    stage.exchange()
    stage.get(ME, instead=limited())
    stage.get(ME, after=3.3)


@quiet("rate.immediate", "rate.early", why="Retry-After: 0 asks for no wait")
def _(stage: Stage) -> None:
    stage.exchange()
    stage.get(ME, instead=limited("0"))
    stage.get(ME, after=0.31)


@quiet("rate.immediate", why="the same request was on its way already, from another thread")
def _(stage: Stage) -> None:
    stage.exchange()
    stage.get(ME, instead=limited(), connection=1)
    stage.get(ME, instead=limited(), connection=2, after=0.01)


@quiet("rate.immediate", "rate.early", why="of two threads that ask the same, one begins its wait as the other ends it")
def _(stage: Stage) -> None:
    stage.exchange()
    stage.get(ME, instead=limited(), connection=1)
    stage.get(ME, instead=limited(), connection=2, after=3.0)
    stage.get(ME, connection=1, after=0.31)
    stage.get(ME, connection=2, after=3.0)


@quiet("rate.early", "rate.immediate", why="there is no Retry-After, and it backs off")
def _(stage: Stage) -> None:
    bare = Answer(429).on_wire(PAUSE)
    stage.exchange()
    stage.get(ME, instead=bare)
    stage.get(ME, instead=bare, after=0.8)
    stage.get(ME, after=1.3)


@quiet("rate.keeps-sending", why="ten threads had their requests on the way, and go on when it is over")
def _(stage: Stage) -> None:
    stage.exchange()
    for number in range(10):
        stage.projects(f"&page={number + 1}", instead=limited(), after=0.01, connection=number + 1)
    for number in range(20):
        stage.projects(f"&page={number + 1}", after=3.3 if not number else 0.01)


@quiet("rate.keeps-sending", why="a few that did not hear of it, and many that try their own again with growing pauses")
def _(stage: Stage) -> None:
    stage.exchange()
    bare = limited("9")
    for number in range(12):
        stage.projects(f"&page={number + 1}", instead=bare, after=0.01)
    for number in range(3):
        stage.get(f"{ME}?try={number}", after=1.0)
    for number in range(12):
        stage.projects(f"&page={number + 1}", after=4.0 if not number else 0.01)
    stage.witness.findings.pop("rate.early")  # they are told that it was too soon, and no more


@quiet("busy.early", why="it waits as long as it is told")
def _(stage: Stage) -> None:
    stage.exchange()
    stage.get(ME, instead=Answer(503, (("Retry-After", "1"),)).on_wire(PAUSE))
    stage.get(ME, after=1.3)


def _paged(stage: Stage, *queries: str) -> None:
    """A list of 250 projects is read with these queries."""
    paged = Stage("pages")
    paged.exchange()
    for query in queries:
        paged.projects(query)
    paged.witness.end(whole=True)
    stage.witness.findings.update(paged.witness.findings)


@quiet("pages.first-only", why="all pages are read")
def _(stage: Stage) -> None:
    _paged(stage, "", "&page=2&per_page=100", "&page=3&per_page=100")


@quiet("pages.first-only", why="all is on one page of 300")
def _(stage: Stage) -> None:
    _paged(stage, "&per_page=300")


@quiet("pages.first-only", why="a look at one item wants no more")
def _(stage: Stage) -> None:
    _paged(stage, "&per_page=1")


@quiet("pages.first-only", why="a look at one item, and the whole afterwards")
def _(stage: Stage) -> None:
    _paged(stage, "&per_page=1", "", "&per_page=300")


@quiet("loop.tight", why="it is asked every second, or other things are asked")
def _(stage: Stage) -> None:
    stage.exchange()
    for _ in range(40):
        stage.get(ME)
    for number in range(40):
        stage.get(f"/rest/v1.0/companies?page={number + 1}", after=0.01)
