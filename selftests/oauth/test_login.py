"""Login, consent and code, as a browser asks for them (the pages themselves: selftests/server/test_browser_walk.py)."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from selftests.support.desk import Desk, desk
from standin.http.messages import Answer, Request
from standin.server.procore import answer_for

CALLBACK = "https://client.example.com/callback"


class Visitor:
    """A browser: it keeps its cookie."""

    def __init__(self, procore: Desk) -> None:
        self.procore = procore
        self.cookie = ""

    def ask(self, method: str, path: str, **form: str) -> Answer:
        headers = {"Cookie": f"other=1; {self.cookie}"} if self.cookie else {}
        url = f"https://{self.procore.site.login_host}{path}"
        answer = answer_for(self.procore.world, Request.to(method, url, form=form, headers=headers))
        given = answer.header("Set-Cookie")
        if given and not self.cookie:
            self.cookie = given.partition(";")[0]
        return answer

    def authorize(self, **changes: str) -> str:
        asked = {"response_type": "code", "client_id": self.procore.application.uid, "redirect_uri": CALLBACK}
        return f"/oauth/authorize?{urlencode(asked | changes)}"

    def log_in(self) -> Answer:
        self.ask("GET", self.authorize(state="s & t"))
        return self.ask("POST", "/login", email="a", password="b")


@pytest.fixture
def visitor() -> Visitor:
    procore = desk()
    realm = procore.realm
    realm.application = realm.register(type(realm.application)("mine", "its secret", (CALLBACK,)))
    return Visitor(procore)


def _fields(answer: Answer) -> dict[str, str]:
    return dict(re.findall(r'name="([^"]+)" value="([^"]*)"', answer.body.decode().partition("<button")[0]))


def test_the_login_leads_back_to_what_was_wanted(visitor: Visitor) -> None:
    answer = visitor.log_in()
    assert answer.status == 302
    assert answer.header("Location") == f"https://login-sandbox.procore.com{visitor.authorize(state='s & t')}"


def test_consent_is_asked_for_and_gives_a_code_that_works(visitor: Visitor) -> None:
    visitor.log_in()
    page = visitor.ask("GET", visitor.authorize(state="s"))
    assert page.status == 200
    allowed = visitor.ask("POST", "/oauth/authorize", **_fields(page))
    told = parse_qs(urlsplit(allowed.header("Location") or "").query)
    assert told["state"] == ["s"]
    assert visitor.procore.exchange(told["code"][0]).status == 200


def test_without_the_forms_own_token_there_is_no_code(visitor: Visitor) -> None:
    visitor.log_in()
    fields = _fields(visitor.ask("GET", visitor.authorize()))
    for wrong in ({"authenticity_token": "x"}, {"authenticity_token": ""}):
        assert visitor.ask("POST", "/oauth/authorize", **(fields | wrong)).status == 422
    stranger = Visitor(visitor.procore)
    assert stranger.ask("POST", "/oauth/authorize", **fields).status == 422
    assert not visitor.procore.realm.codes


def test_the_form_is_checked_like_the_query(visitor: Visitor) -> None:
    """Whoever changes the form gets no code at an address that nobody registered."""
    visitor.log_in()
    fields = _fields(visitor.ask("GET", visitor.authorize()))
    answer = visitor.ask("POST", "/oauth/authorize", **(fields | {"redirect_uri": "https://evil.example"}))
    assert answer.header("Location") is None
    assert not visitor.procore.realm.codes


def test_an_unknown_client_is_told_before_consent(visitor: Visitor) -> None:
    visitor.log_in()
    assert b"unknown client" in visitor.ask("GET", visitor.authorize(client_id="nobody")).body


def test_a_login_without_a_page_is_refused(visitor: Visitor) -> None:
    assert visitor.ask("POST", "/login", email="a").status == 422


def test_sessions_are_forgotten_at_some_time(visitor: Visitor) -> None:
    for _ in range(1100):
        Visitor(visitor.procore).ask("GET", visitor.authorize())
    assert len(visitor.procore.realm.sessions) == 1000


def test_markup_in_a_request_is_text_on_the_page(visitor: Visitor) -> None:
    visitor.log_in()
    page = visitor.ask("GET", visitor.authorize(state='"><script>x</script>')).body.decode()
    assert "<script>" not in page
