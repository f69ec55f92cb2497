"""Stand-ins whose answers make the reports that the self-tests look at."""

from dataclasses import replace

from standin.cases.bending import body, header, on, put, status
from standin.http.messages import Answer, Request
from standin.model.behaviour import Behaviour, Paging
from standin.model.directory import Directory, with_projects
from standin.model.world import World

# Every way into a page that we know of: element, attribute, script text, comment, template, url.
MARKUP = (
    "\"'><img src=x onerror=ran=1><script>ran=1</script></script></style><svg onload=ran=1>--><!--{{7*7}}<b>bold</b>"
)
LINK = "javascript:ran=1//https://evil.example/beacon"


def step_4_skipped() -> World:
    """The mistake that people make most: the app is not installed in the company."""
    return World(behaviour=Behaviour(app_installed=False))


def put_up_with() -> World:
    """Three musts are broken, of which an RFC alone asks for two; WAIVERS waives one of each kind."""
    return World(modifiers=(on("me", status(404)), on("token", header("Cache-Control", None))))


WAIVERS = """
["me.status"]
reason = "<b>switched off</b> in our sandbox, ticket 4711"
until = 2999-12-31
expected = "404, as long as it is off"

["client-credentials.no-store"]
reason = "our gateway strips it"
until = 2999-12-31

["companies.status"]
reason = "was once broken"
until = 2020-01-01
"""


def one_company_broken() -> World:
    """Another company than the configured one lists projects whose ids are no numbers."""

    def bend(request: Request, answer: Answer, world: World) -> Answer:
        own = {str(realm.directory.configured.id) for realm in world.realms.values()}
        asked = request.query.get("company_id", "")
        if asked in own or not answer.ok or answer.endpoint != "projects" or not isinstance(answer.body, list):
            return answer
        return answer.with_body([{**one, "id": MARKUP} for one in answer.body])

    return World(modifiers=(bend,))


def hostile() -> World:
    """Markup and script in names, members, headers, refusals and redirects."""
    page = f'<!DOCTYPE html><title>{MARKUP}</title><script src="https://evil.example/x.js"></script>{MARKUP}'
    return World(
        populate=_renamed,
        modifiers=(
            on("projects", put("*.created_at", MARKUP), put("*.website", LINK), header("X-Note", MARKUP)),
            on("me", put(MARKUP, MARKUP), status(418)),
            on("companies", body(page), header("Content-Type", "text/html"), ok=False),
            on("token", header("Cache-Control", MARKUP)),
            on("authorize", header("Location", LINK), ok=None),
        ),
    )


def ten_thousand_projects() -> World:
    """So many projects, and each of another company than it must be."""
    return World(
        behaviour=Behaviour(paging=Paging(default_size=3_000, largest_size=3_000)),
        populate=lambda known: with_projects(known, 3_000),
        modifiers=(on("projects", put("*.company.id", 1)),),
    )


def changed() -> World:
    """Right answers of another shape: a new member, one that became a number, a header that went."""
    return World(
        modifiers=(
            on("projects", put("*.rank", 1), put("*.square_feet", 12.5), header("X-Runtime", None)),
            on("me", put("name", "<b>somebody</b>"), put("badge", MARKUP)),
        )
    )


def _renamed(known: Directory) -> Directory:
    companies = tuple(replace(one, name=MARKUP) for one in known.companies)
    projects = tuple(replace(one, name=MARKUP) for one in known.projects)
    return replace(known, companies=companies, projects=projects)
