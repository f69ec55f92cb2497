"""A client at the core of the stand-in, without sockets."""

from __future__ import annotations

from dataclasses import dataclass, replace

from standin.http.messages import Answer, Request
from standin.model.behaviour import Behaviour
from standin.model.clock import Clock
from standin.model.dialects import PROCORE, Dialect
from standin.model.hosts import SANDBOX, Site
from standin.model.world import Application, Modifier, Realm, World
from standin.server.procore import answer_for

NOON = 1_700_000_000


@dataclass(frozen=True)
class Desk:
    """Asks a world in the name of the configured application, unless told otherwise."""

    world: World
    site: Site = SANDBOX

    @property
    def realm(self) -> Realm:
        return self.world.realm(self.site)

    @property
    def application(self) -> Application:
        return self.realm.application

    @property
    def company(self) -> int:
        return self.realm.directory.configured.id

    def code(self) -> str:
        return self.world.issue_code(self.realm, self.application).value

    def login(self, method: str, path: str, headers: dict[str, str] | None = None, **form: str | None) -> Answer:
        given = {name: value for name, value in form.items() if value is not None}
        url = f"https://{self.site.login_host}{path}"
        return answer_for(self.world, Request.to(method, url, form=given, headers=headers))

    def post(self, path: str, **form: str | None) -> Answer:
        """With the application's credentials; None leaves a parameter out."""
        credentials = {"client_id": self.application.uid, "client_secret": self.application.secret}
        return self.login("POST", path, None, **{**credentials, **form})

    def exchange(self, code: str | None = None, /, **form: str | None) -> Answer:
        right: dict[str, str | None] = {
            "grant_type": "authorization_code",
            "code": code or self.code(),
            "redirect_uri": self.application.redirect_uri,
        }
        return self.post("/oauth/token", **{**right, **form})

    def refresh(self, refresh_token: str, /, **form: str | None) -> Answer:
        right: dict[str, str | None] = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        return self.post("/oauth/token", **{**right, **form})

    def own_token(self, **form: str | None) -> Answer:
        return self.post("/oauth/token", **{"grant_type": "client_credentials", **form})

    def access(self) -> str:
        return str(self.exchange().body["access_token"])

    def get(self, path: str, token: str | None = None, company: int | str | None = None) -> Answer:
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        if company is not None:
            headers["Procore-Company-Id"] = str(company)
        host = self.site.login_host if path.startswith("/oauth") else self.site.api_hosts[0]
        return answer_for(self.world, Request.to("GET", f"https://{host}{path}", headers=headers))

    def projects(self, token: str | None = None, company: int | None = None, query: str = "") -> Answer:
        asked = company or self.company
        return self.get(f"/rest/v1.1/projects?company_id={asked}{query}", token or self.access(), asked)

    def bend(self, **rules: object) -> Desk:
        """Change fields of the behaviour from now on."""
        self.world.behaviour = replace(self.world.behaviour, **rules)  # type: ignore[arg-type]
        return self


def desk(
    dialect: Dialect = PROCORE, modifiers: tuple[Modifier, ...] = (), site: Site = SANDBOX, **rules: object
) -> Desk:
    """A desk at a new world whose clock stands still."""
    behaviour = Behaviour(**rules)  # type: ignore[arg-type]
    return Desk(World(dialect=dialect, behaviour=behaviour, modifiers=modifiers, clock=Clock.stopped(NOON)), site)
