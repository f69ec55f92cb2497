"""The core: a request in, an answer out. Routing, hiccups, the common headers, and the modifiers, in this order."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from urllib.parse import quote, urlencode

from standin.http.messages import Answer, Exchange, Request
from standin.model.frames import bare, no_route
from standin.model.hosts import Site, site_of
from standin.model.world import Realm, World
from standin.oauth import authorize, grants, introspection, login, token_endpoints
from standin.rest import rest

Handler = Callable[[World, Realm, Request], Answer]


@dataclass(frozen=True)
class Route:
    """One endpoint: its name, the hosts it lives on (``login`` or ``api``), its path, and a handler per method.

    A ``*`` in the path is one segment, whatever it says.
    """

    endpoint: str
    role: str
    path: str
    methods: dict[str, Handler]
    open_ended: bool = False
    """Whether one more path segment belongs to it."""

    def fits(self, path: str) -> bool:
        """Whether the path is this route's; a trailing slash and ``.json`` change nothing (1.06, 2.02, 2.13)."""
        plain = path.rstrip("/").removesuffix(".json")
        if "*" in self.path:
            return fnmatchcase(plain, self.path) and plain.count("/") == self.path.count("/")
        if self.open_ended:
            return plain.rpartition("/")[0] == self.path
        return plain == self.path


ROUTES = (
    Route("login", "login", login.PATH, {"GET": login.form, "POST": login.submit}),
    Route("authorize", "login", "/oauth/authorize", {"GET": authorize.authorize, "POST": authorize.post}),
    Route("code-page", "login", "/oauth/authorize", {"GET": authorize.native}, open_ended=True),
    Route("token", "login", "/oauth/token", {"POST": grants.exchange}),
    Route("token-info", "login", "/oauth/token/info", {"GET": token_endpoints.info}),
    Route("revoke", "login", "/oauth/revoke", {"POST": token_endpoints.revoke}),
    Route("introspect", "login", "/oauth/introspect", {"POST": introspection.introspect}),
    Route("me", "api", "/rest/v1.0/me", {"GET": rest.protected("me", rest.me)}),
    Route("companies", "api", "/rest/v1.0/companies", {"GET": rest.protected("companies", rest.companies)}),
    Route("projects", "api", "/rest/v1.1/projects", {"GET": rest.protected("projects", rest.projects("v1.1"))}),
    Route(
        "projects-v1.0", "api", "/rest/v1.0/projects", {"GET": rest.protected("projects-v1.0", rest.projects("v1.0"))}
    ),
    Route(
        "projects-of-company",
        "api",
        "/rest/v1.0/companies/*/projects",
        {"GET": rest.protected("projects-of-company", rest.projects_of_company)},
    ),
    Route("project", "api", "/rest/v1.0/projects/*", {"GET": rest.protected("project", rest.project)}),
)


def answer_for(world: World, request: Request) -> Answer:
    """Procore's answer to a request, bent by the world's modifiers. Thread-safe; changes the world's state."""
    with world.lock:
        world.requests.append(request)
        world.mints.turn_to(request.told_apart)
        exchange = Exchange(request, _answered(world, request), time.time())
        world.remember(exchange)
        return exchange.answer


def _answered(world: World, request: Request) -> Answer:
    if request.scheme == "http" and world.behaviour.redirect_http:
        return _modified(world, request, _dressed(world, _to_https(request)))
    site = site_of(request.host)
    route = _route(world, site, request)
    endpoint = route.endpoint if route else ""
    world.counts[endpoint] += 1
    answer = _hiccup(world, endpoint)
    if answer is None:
        answer = _right_answer(world, site, route, request)
    return _modified(world, request, _dressed(world, replace(answer, endpoint=endpoint)))


def host_for(site: Site, path: str) -> str:
    """Which of a site's hosts a path belongs to, where the address does not say it."""
    return site.api_hosts[0] if path.startswith("/rest/") or path == "/rest" else site.login_host


def _route(world: World, site: Site | None, request: Request) -> Route | None:
    if site is None:
        return None
    roles = {"login"} if request.host == site.login_host else {"api"}
    if request.host in site.web_hosts or (world.behaviour.oauth_on_api_hosts and request.host in site.api_hosts):
        roles.add("login")
    return next((route for route in ROUTES if route.role in roles and route.fits(request.path)), None)


def _hiccup(world: World, endpoint: str) -> Answer | None:
    """An answer that comes first, as often as it is meant to, and leaves no trace in the state."""
    for number, hiccup in enumerate(world.behaviour.hiccups):
        if hiccup.endpoint in {"", endpoint} and world.hiccups[number] < hiccup.times:
            world.hiccups[number] += 1
            return hiccup.answer
    return None


def _right_answer(world: World, site: Site | None, route: Route | None, request: Request) -> Answer:
    # Rails answers HEAD where it answers GET; what is sent of it is cut in standin.http.wire.
    asked = "GET" if request.method == "HEAD" else request.method
    handler = route.methods.get(asked) if route else None
    if site is None or route is None or handler is None:
        return no_route(request)
    if route.endpoint in world.behaviour.ignore_multipart_at and request.is_multipart:
        request = replace(request, form={})
    return handler(world, world.realm(site), request)


def _to_https(request: Request) -> Answer:
    """Port 80 sends everybody to https."""
    query = f"?{urlencode(request.pairs)}" if request.pairs else ""
    return bare(301).with_header("Location", f"https://{request.host}{quote(request.path)}{query}")


def _dressed(world: World, answer: Answer) -> Answer:
    """What every answer of every endpoint carries."""
    common = (("Date", world.clock.date), ("X-Request-Id", world.mint.uuid()), ("X-Runtime", world.mint.seconds()))
    return replace(answer, headers=(*answer.headers, *common))


def _modified(world: World, request: Request, answer: Answer) -> Answer:
    for modifier in world.modifiers:
        answer = modifier(request, answer, world)
    return answer
