"""Whose hands a remedy is in, what a text to Procore's support holds, and which colour a step has in a sound run."""

import html
import re
from datetime import UTC, date, datetime
from typing import Any

import pytest

from quickstart.exchange.answer import Answer, Sent
from quickstart.exchange.definitions import Definition
from quickstart.judgement import catalogue, portal
from quickstart.judgement.diagnosis import Diagnosis
from quickstart.judgement.verdict import COULD_NOT_TEST, NOT_ASKED_FOR, SATISFIED, VIOLATED, Verdict
from quickstart.report.broken import who
from quickstart.report.content import Content, Ended, content
from quickstart.report.curl import curl
from quickstart.report.html import report
from quickstart.report.origin import describe
from quickstart.report.path import by_hand, stops
from selftests.support.project import ROOT

CATALOGUE = catalogue.load(ROOT / "tests" / "catalogue.toml")
URL = "https://sandbox.procore.com/rest/v1.0/me?a=1"


def judged(kind: str, name: str, *exchanges: str, detail: str = "") -> Verdict:
    return Verdict(CATALOGUE[name], kind, detail, ("t",), exchanges, CATALOGUE[name].remedy)


def exchange(name: str, status: int) -> dict[str, Any]:
    headers = [("X-Request-Id", "0812ee19-e559"), ("Date", "Fri, 27 Nov 2026 12:00:00 GMT")]
    shown = {
        "curl": "curl",
        "answer": {"headers": headers, "body": "{}"},
        "expect": [200],
        "step": "7 me",
        "size": 2,
        "cut": [],
    }
    return {
        "name": name, "method": "GET", "url": URL, "status": status, "failure": None,
        "seconds": 0.5, "evidence": "live", "shown": shown,
    }  # fmt: skip


def ended(*found: Verdict, origin: str = "the sandbox", exchanges: Any = (), diagnosis: Any = None) -> Content:
    moment = datetime(2026, 11, 27, 12, tzinfo=UTC)
    said = describe(origin, f"live, {origin}", live=True, today=date(2026, 11, 27))
    run = Ended(
        found, exchanges, said, "sandbox", 7, "", moment, moment, 1, command="pytest --target=sandbox",
        diagnosis=diagnosis,
    )  # fmt: skip
    return content(run)


@pytest.mark.parametrize(
    ("remedy", "whose"),
    [
        (portal.UNEXPLAINED, "Procore’s API support (apisupport@procore.com)"),
        ("Report it to Procore at once (security): a token can be guessed.", "Procore’s API support"),
        (f"have an administrator of the company install it: {portal.INSTALL}", "an administrator of the company"),
        (f"add the user: {portal.DIRECTORY}", "an administrator of the company"),
        (f"copy both again from {portal.KEYS}", "whoever keeps the app"),
        (f"get a new one: {portal.AUTHORIZE}", "whoever runs this suite"),
    ],
)
def test_remedy_is_in_somebodys_hands(remedy: str, whose: str) -> None:
    assert who(remedy).startswith(whose)


def text_of(made: Content) -> str:
    found = re.search(r'<pre class="send">(.*?)</pre>', report(made), re.DOTALL)
    assert found
    return html.unescape(found[1])


def test_text_to_support_holds_promise_request_id_and_the_line_that_runs_it_again() -> None:
    one = judged(VIOLATED, "me.json", "me", detail="500")
    text = text_of(ended(one, exchanges=[exchange("me", 500)]))
    assert text.startswith("To: apisupport@procore.com\nSubject: Procore quick start: ")
    assert f"[me.json] {CATALOGUE['me.json'].sentence}\n  expected: " in text
    assert "  came:     500\n" in text
    assert f"me: GET {URL} -> 500, request id 0812ee19-e559, Fri, 27 Nov 2026 12:00:00 GMT, 0.500 s" in text
    assert "pytest --target=sandbox --requirement=me.json" in text


def test_text_of_somebody_elses_answers_is_not_addressed_to_procore() -> None:
    one = judged(VIOLATED, "me.json", "me", detail="500")
    assert not text_of(ended(one, origin="the local stand-in")).startswith("To:")


def test_cause_that_is_a_promise_is_told_once() -> None:
    one = judged(VIOLATED, "me.status", "me", detail="500")
    cause = Diagnosis("me.status", "[me.status] It MUST; what came: 500", one.remedy.rstrip("."), "")
    (card,) = ended(one, diagnosis=cause).cards
    assert (card.cause, [promise.id for promise in card.promises]) == ("", ["me.status"])


def test_cause_outside_of_the_promises_is_told_before_them() -> None:
    one = judged(VIOLATED, "me.status", "me", detail="401")
    cause = Diagnosis("invalid-client", "Client ID is wrong", one.remedy.rstrip("."), "me")
    (card,) = ended(one, diagnosis=cause, exchanges=[exchange("me", 401)]).cards
    assert card.cause == "Client ID is wrong."
    assert "me: GET" in card.message


SOME = (SATISFIED, "refresh.status"), (COULD_NOT_TEST, "token.status"), (NOT_ASKED_FOR, "revoke.status")


@pytest.mark.parametrize(("sound", "colour"), [(True, SATISFIED), (False, COULD_NOT_TEST)])
def test_what_a_sound_run_has_no_means_for_takes_no_colour_from_its_step(sound: bool, colour: str) -> None:
    found = [judged(kind, name) for kind, name in SOME]
    step = next(stop for stop in stops(found, [], sound=sound) if stop.number == "6")
    assert (step.verdict, step.not_tested, step.not_asked_for) == (colour, 1, 1)


@pytest.mark.parametrize(
    ("source", "state", "proven"),
    [
        ("client-credentials", "not-needed", ""),
        ("cache", "implied", "companies (200)"),
        ("refresh", "implied", "companies (200)"),
        ("token", "not-known", ""),
        ("", "not-known", ""),
    ],
)
def test_redirect_uri_is_known_by_the_way_to_the_token(source: str, state: str, proven: str) -> None:
    found = [judged(SATISFIED, "companies.status", "companies")]
    third = by_hand(found, [{"name": "companies", "status": 200}], None, source)[2]
    assert (third.verdict, third.proven_by) == (state, proven)


def definition(**members: Any) -> Definition:
    return Definition(
        **{"name": "x", "step": "7 me", "method": "GET", "host": "api", "path": "/", "expect": (200,), **members}
    )


def line(one: Definition, company: str | None = None) -> str:
    return curl(Answer(one, Sent(one.method, URL, company, bool(one.bearer)), "live", 0.1, 200), URL)


@pytest.mark.parametrize(
    ("members", "part"),
    [
        ({"bearer": "access"}, '-H "Authorization: Bearer $PROCORE_TOKEN"'),
        ({"basic": "{client_secret}"}, '-u "$PROCORE_CLIENT_ID:$PROCORE_CLIENT_SECRET"'),
        ({"bearer": "near"}, '-H "Authorization: Bearer $NEAR_TOKEN"'),
        ({"bearer": "garbage"}, "'Authorization: Bearer garbage-token-of-the-quick-start-suite'"),
        ({"method": "POST", "form": {"client_secret": "{client_secret}"}}, '"client_secret=$PROCORE_CLIENT_SECRET"'),
        ({"method": "POST", "form": {"a": "{near_client_secret}"}}, '"a=$NEAR_CLIENT_SECRET"'),
        ({"method": "POST", "form": {"a": "b c"}, "encoding": "multipart"}, "--form-string 'a=b c'"),
        ({"form": {"a": "{client_id}"}, "encoding": "json"}, """-d '{"a": "'"$PROCORE_CLIENT_ID"'"}'"""),
        ({"query": {"b": "{client_id}"}}, f'-G {URL.partition("?")[0]} \\\n  --data-urlencode a=1'),
        ({"query": {"company_id": "{company_id}"}}, f"curl -i '{URL}'"),
        ({"method": "POST"}, "-X POST"),
        ({"method": "DELETE"}, "-X DELETE"),
    ],
)  # fmt: skip
def test_curl_has_a_variable_for_each_secret(members: dict[str, Any], part: str) -> None:
    assert part in line(definition(**members))


def test_company_header_is_spelled_as_it_was_sent() -> None:
    assert "-H 'procore-company-id: 7'" in line(definition(company_header="procore-company-id"), "7")


def test_company_header_of_somebody_who_plays_tricks_is_quoted() -> None:
    assert """-H 'Procore-Company-Id: 7'"'"'; rm -rf $HOME'""" in line(definition(), "7'; rm -rf $HOME")
