"""A client at the core of the stand-in whose every request is judged, on a clock that a test moves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from standin.check.rules import BY_ID as RULES
from standin.check.scenarios import ALL_WELL, BY_ID
from standin.check.witness import Witness
from standin.http.messages import Answer, Exchange, Request, Wire
from standin.model.hosts import SANDBOX, Site
from standin.model.world import Realm
from standin.server.procore import answer_for

NOON = 1_790_000_000.0
PAUSE = Wire(delay=0.3)
PROJECTS = "/rest/v1.1/projects"
ME = "/rest/v1.0/me"


class Stage:
    """Begins with the tokens of a code; ``now`` is in seconds since 1970, and each request comes a second after."""

    def __init__(self, scenario: str = ALL_WELL, site: Site = SANDBOX, *, untrusted: bool = False) -> None:
        self.site = site
        self.world = BY_ID[scenario].world(seed=1)
        self.witness = Witness(self.world, untrusted=untrusted)
        self.now = NOON
        self.code = self.world.issue_code(self.realm, self.realm.application).value
        self.access, self.refresh_token = "", ""

    @property
    def realm(self) -> Realm:
        return self.world.realm(self.site)

    @property
    def company(self) -> str:
        return str(self.realm.directory.configured.id)

    @property
    def app(self) -> dict[str, str]:
        return {"client_id": self.realm.application.uid, "client_secret": self.realm.application.secret}

    def send(
        self,
        method: str,
        url: str,
        *,
        after: float = 1.0,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        instead: Answer | None = None,
        wire: Wire | None = None,
        **more: object,
    ) -> Answer:
        """One request; ``instead`` is what is answered in place of the right answer, ``more`` are fields of it."""
        self.now += after
        request = replace(Request.to(method, url, form=form, headers=headers), **more)  # type: ignore[arg-type]
        answer = instead or answer_for(self.world, request)
        answer = answer.on_wire(wire) if wire else answer
        self.witness.hear(Exchange(request, answer, self.now))
        self.witness.listen()
        return answer

    def token(self, grant: Mapping[str, str], **more: object) -> Answer:
        """Ask for a token, and keep what comes."""
        form = {**self.app, **grant}
        answer = self.send("POST", f"https://{self.site.login_host}/oauth/token", form=form, **more)  # type: ignore[arg-type]
        if answer.ok and not answer.wire.drop:
            self.access = answer.body["access_token"]
            self.refresh_token = answer.body.get("refresh_token", self.refresh_token)
        return answer

    def exchange(self, **more: object) -> Answer:
        redirect = self.realm.application.redirect_uri
        grant = {"grant_type": "authorization_code", "code": self.code, "redirect_uri": redirect}
        return self.token(grant, **more)

    def refresh(self, value: str = "", **more: object) -> Answer:
        grant = {"grant_type": "refresh_token", "refresh_token": value or self.refresh_token}
        return self.token(grant, **more)

    def own_token(self, **more: object) -> Answer:
        return self.token({"grant_type": "client_credentials"}, **more)

    def get(self, path: str, *, access: str = "", company: str | None = "", host: str = "", **more: object) -> Answer:
        """A call of the REST API; ``company`` None leaves the header out."""
        headers = {"Authorization": f"Bearer {access or self.access}"}
        if company is not None:
            headers["Procore-Company-Id"] = company or self.company
        url = f"https://{host or self.site.api_hosts[0]}{path}"
        return self.send("GET", url, headers=headers, **more)  # type: ignore[arg-type]

    def projects(self, query: str = "", **more: object) -> Answer:
        return self.get(f"{PROJECTS}?company_id={self.company}{query}", **more)  # type: ignore[arg-type]

    def expire(self) -> None:
        """The access tokens of now are over."""
        for token in list(self.realm.tokens.values()):
            self.realm.keep(replace(token, created_at=token.created_at - token.expires_in - 1))

    def found(self, *, whole: bool = True) -> set[str]:
        """The rules that were broken up to now."""
        self.witness.end(whole=whole)
        assert set(self.witness.findings) <= set(RULES)
        return set(self.witness.findings)


def limited(seconds: str = "3") -> Answer:
    """A 429 with Retry-After, as the scenarios send it."""
    return Answer(429, (("Retry-After", seconds),), {"errors": ["too many"]}).on_wire(PAUSE)


Script = Callable[[Stage], object]
QUIET: dict[tuple[str, str], Script] = {}


def quiet(*rules: str, why: str) -> Callable[[Script], Script]:
    """The script does something legal that looks like a breach of these rules."""

    def keep(script: Script) -> Script:
        QUIET.update({(rule, why): script for rule in rules})
        return script

    return keep
