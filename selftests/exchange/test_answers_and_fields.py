"""An answer, a request and their header fields: what is read of them, and what is nothing."""

from __future__ import annotations

import base64
import json
import socket
import time
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from requests.auth import HTTPBasicAuth

from quickstart.exchange import bodies, contract, cost, deadline, fields, strict, trust
from quickstart.exchange.answer import CouldNotTest, Failure, NotAskedFor
from quickstart.exchange.deadline import Deadline
from quickstart.exchange.messages import Request
from quickstart.exchange.session import Credentials, Session
from selftests.support.made import answer


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        (" 7\t", 7),
        ("9" * 18, 10**18 - 1),
        ("9" * 19, None),
        ("", None),
        (None, None),
        ("-1", None),
        ("1.0", None),
        ("٣", None),
        ("1 2", None),
    ],
)
def test_whole_numbers_are_ascii_digits(text: str | None, number: int | None) -> None:
    assert fields.whole(text) == number


@pytest.mark.parametrize("text", [None, "", "now", "Tue, 14 Nov 2023", "Tue, 14 Nov 99999999999 22:13:20 GMT", "1"])
def test_what_is_no_date_is_none(text: str | None) -> None:
    assert fields.http_date(text) is None


@pytest.mark.parametrize(
    "raised", [ValueError("x"), TypeError("x"), IndexError("x"), OverflowError("x")], ids=lambda one: type(one).__name__
)
def test_whatever_a_date_does_to_the_parser_it_is_none(monkeypatch: pytest.MonkeyPatch, raised: Exception) -> None:
    """What it raises differs by version and by what is wrong."""

    def refuse(_: str) -> None:
        raise raised

    monkeypatch.setattr(fields, "parsedate_to_datetime", refuse)
    assert fields.http_date("Tue, 14 Nov 2023 22:13:20 GMT") is None


def test_a_date_is_unix_seconds() -> None:
    assert fields.http_date("Tue, 14 Nov 2023 22:13:20 GMT") == 1_700_000_000


@pytest.mark.parametrize("reference", ["https://[", "https://a:b/", "https://a:99999/"])
def test_a_reference_that_is_no_url_leads_nowhere(reference: str) -> None:
    assert fields.target("https://example.com/", reference) is None


def test_a_reference_leads_on_from_where_it_stands() -> None:
    found = fields.target("https://example.com/a/b?c", "../d?e")
    assert found is not None
    assert found.geturl() == "https://example.com/d?e"


def test_directives_have_arguments_or_none() -> None:
    assert fields.directives('Private="a, b" , MAX-AGE = 5,no-store, x="y"') == {
        "private": "a, b",
        "max-age": "5",
        "no-store": "",
        "x": "y",
    }
    assert fields.directives(None) == {}


def test_an_answer_says_what_it_is() -> None:
    one = answer("me", 404, b"\xff<p>", ("Content-Type", " Text/HTML; charset=x"), ("X-A", "1"), ("x-a", "2"))
    assert (one.outcome, one.text, one.media_type, one.lines("X-A")) == ("404", "\ufffd<p>", "text/html", ["1", "2"])
    assert (repr(one), one.as_expected, one.name) == ("<Answer to me: 404>", False, "me")
    assert (one.attempts, one.earlier, one.received, one.left_out) == (1, (), 0.0, 0)
    gone = answer("me", failure=Failure("dns", "no such host"))
    assert (gone.outcome, str(gone.failure), gone.media_type) == ("no answer: no such host", "no such host", "")


@pytest.mark.parametrize(
    ("content", "is_page"),
    [
        (b"<html>", True),
        (b" \n<!DOCTYPE html>", True),
        (b"<HTML lang=en>", True),
        (b"<!-- a\nb -->\n<html>", True),
        (b"<htmlx>", False),
        (b"<p>", False),
        (b"x<html>", False),
        (b"", False),
    ],
)
def test_a_page_is_known_by_its_body(content: bytes, is_page: bool) -> None:
    assert answer("me", 200, content).is_page is is_page


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'{"a": NaN}', "NaN is not JSON"),
        (b"[-Infinity]", "-Infinity is not JSON"),
        (b"[" * 100_000, "nested too deeply"),
        (b"\xef\xbb\xbf{}", "BOM"),
        (b'"\xff"', "utf-8"),
        (b"", "Expecting value"),
    ],
)
def test_what_a_lenient_parser_takes_for_json_is_none(content: bytes, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        _ = answer("me", 200, content).parsed
    with pytest.raises(CouldNotTest, match="me did not answer JSON"):
        _ = answer("me", 200, content).document


def test_what_is_read_of_an_answer_is_right() -> None:
    user = {"id": 1, "login": "a@example.com", "name": "A"}
    assert answer("me", 200, json.dumps(user).encode()).json == user
    with pytest.raises(CouldNotTest, match="me breaks its schema: /id"):
        _ = answer("me", 200, b'{"login": "a"}').json
    with pytest.raises(CouldNotTest, match="me breaks its schema: the document"):
        _ = answer("me", 200, b"[]").json
    with pytest.raises(CouldNotTest, match=r"me did not answer as it must \(404\)"):
        _ = answer("me", 404, json.dumps(user).encode()).json
    with pytest.raises(CouldNotTest, match="me was answered 429"):
        answer("me", 429).require_status()
    with pytest.raises(CouldNotTest, match="me carries no Date header"):
        _ = answer("me").server_time
    assert answer("me", 200, b'{"a":1,"a":2}').repaired.twice == ("'a'",)
    assert "--disruptive" in str(NotAskedFor())


def test_a_request_has_its_query_in_its_url() -> None:
    one = Request("GET", "https://a/b", {"c": "d e"}, {}, {}, None)
    assert (one.full_url, one.encoding, one.listing) == ("https://a/b?c=d+e", "form", False)


@pytest.mark.parametrize(
    ("form", "encoding", "data", "described"),
    [
        ({}, "form", None, {}),
        ({}, "json", None, {}),
        ({"a": "b"}, "form", {"a": "b"}, {}),
        ({"a": "b"}, "json", b'{"a": "b"}', {"Content-Type": "application/json"}),
    ],
)
def test_a_form_travels_as_the_table_says(form: dict[str, str], encoding: str, data: Any, described: Any) -> None:
    assert bodies.encoded(form, encoding) == (data, described)


def test_a_form_in_parts_is_the_same_each_time() -> None:
    data, described = bodies.encoded({"a": "b"}, "multipart")
    assert isinstance(data, bytes)
    assert data.startswith(f'--{bodies.BOUNDARY}\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n'.encode())
    assert described == {"Content-Type": f"multipart/form-data; boundary={bodies.BOUNDARY}"}


def test_a_session_sends_a_bearer_or_nothing() -> None:
    prepared = requests.Request("GET", "https://a/", auth=Credentials("t")).prepare()
    assert prepared.headers["Authorization"] == "Bearer t"
    assert "Authorization" not in requests.Request("GET", "https://a/", auth=Credentials(None)).prepare().headers


def test_basic_carries_both_as_a_form_has_them() -> None:
    prepared = requests.Request("POST", "https://a/", auth=Credentials(None, ("an id", "a+b:c"))).prepare()
    assert prepared.headers["Authorization"] == "Basic " + base64.b64encode(b"an+id:a%2Bb%3Ac").decode()
    with Session(live=False) as session:
        session.auth = HTTPBasicAuth("netrc", "netrc")
        assert session.trust_env is False
        assert session.get_redirect_target(requests.Response()) is None  # type: ignore[func-returns-value]
        assert not isinstance(session.get_adapter("https://a"), trust._Adapter)
    with Session(live=True) as session:
        assert isinstance(session.get_adapter("https://a"), trust._Adapter)


def test_texts_in_a_document_are_all_looked_at() -> None:
    half = "\ud83c"
    document = json.dumps({"a": [{"b": half}, [f"x{half}"]], half: 1, "c": {"d": half * 50}})
    assert sorted(strict.repaired(document.encode()).halves) == sorted(
        [ascii(half), ascii(f"x{half}"), ascii(half), ascii(half * 40)]
    )


@pytest.mark.parametrize("name", ["id", "ids", "company_id", "expires_in", "expires_in_seconds", "created_at"])
def test_members_that_are_whole_by_nature_have_no_fraction(name: str) -> None:
    assert strict.repaired(f'{{"{name}": 1.0}}'.encode()).fractions == (f"{name}: '1.0'",)
    assert strict.repaired(f'{{"x{name}y": 1.0, "{name}": 1.5}}'.encode()).fractions == ()


def test_violations_are_told_up_to_a_hundred_and_in_order() -> None:
    wrong = [{"id": "x", "name": "a", "is_active": True}]
    found = [one.pointer for one in contract.violations(wrong * 300, "companies")]
    assert found == [f"/{at}/id" for at in range(100)]
    assert [*contract._words({"type": "integer", "minimum": 1})] == ["integer"]
    assert contract._describe("ü") == '"ü" (string)'
    text = "a" * 57  # with its quotes one short of sixty
    assert contract._describe(f"{text}b") == f'"{text}b" (string)'
    assert contract._describe(f"{text}bc") == f'"{text}bc… (string)'


@pytest.mark.parametrize(("scheme", "port"), [("https", 443), ("http", 80), ("urn", None)])
def test_a_url_without_a_port_has_that_of_its_scheme(scheme: str, port: int | None) -> None:
    assert fields.origin(urlsplit(f"{scheme}://a.example/b?c")) == (scheme, "a.example", port)
    assert fields.origin(urlsplit(f"{scheme}://a.example:8443/b")) == (scheme, "a.example", 8443)


def test_a_cost_is_plain_data_with_milliseconds() -> None:
    budget = cost.Budget("h", 3600, 1, 9, hourly=True)
    made = cost.Cost(2, 3, 1.23456, 0.98765, (budget,)).as_plain()
    assert made == {
        "requests": 2,
        "most": 3,
        "seconds": 1.235,
        "waited": 0.988,
        "budgets": [{"host": "h", "limit": 3600, "requests": 1, "remaining": 9, "hourly": True}],
    }
    assert cost.Cost(1, 4, 0.26, 1.0).words == "1 request (of at most 4) in 0.3 s, 1 s of them waiting"
    assert cost.Cost(2, 4, 1, 0, (budget,)).words.endswith(" s; 1 of the hour's 3,600 requests of h (0.0278 %), 9 left")


def test_a_deadline_ends_the_connections_of_its_thread_alone() -> None:
    one, (here, there) = Deadline(), socket.socketpair()
    one.opened(here)
    with one.within(0.05):
        assert here.recv(1) == b""
    assert one.passed
    one.close()
    assert there.recv(1) == b""
    elsewhere, (left, right) = Deadline(), socket.socketpair()
    elsewhere._thread = 0
    elsewhere.opened(left)
    with elsewhere.within(0.05):
        left.settimeout(0.2)
        with pytest.raises(TimeoutError):
            left.recv(1)
    assert elsewhere.passed
    elsewhere.close()
    for each in (here, there, left, right):
        each.close()


def test_a_deadline_that_is_kept_passes_nothing() -> None:
    Deadline().close()
    one = Deadline()
    for _ in range(3):
        with one.within(60):
            time.sleep(0.02)  # so that the watcher waits
        assert not one.passed
    with one.within(0.01):
        one._watcher.join(5) if one._watcher else None
    assert one.passed, "a later one that is nearer wakes the watcher"
    with one.within(60):
        assert not one.passed
    one.close()
    assert one._watcher is None or not one._watcher.is_alive()


def test_a_near_deadline_is_kept_behind_a_far_one() -> None:
    """The watcher sleeps until the far one is over, whatever it was to look for before."""
    one, (here, there) = Deadline(), socket.socketpair()
    with one.within(0.1):
        time.sleep(0.05)  # so that the watcher waits
    with one.within(60):
        time.sleep(0.2)  # so that it has looked again, and waits for the far one
    one.opened(here)
    here.settimeout(5)
    with one.within(0.05):
        assert here.recv(1) == b""
    assert one.passed
    one.close()
    for each in (here, there):
        each.close()


def test_connections_are_heard_of_as_they_are_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[object] = []
    monkeypatch.setattr(deadline, "_watching", [SimpleNamespace(opened=heard.append)])
    with socket.socket() as one:
        deadline._hear("socket.connect", (one, ("127.0.0.1", 1)))
        deadline._hear("socket.bind", (one, ("127.0.0.1", 1)))
        deadline._hear("socket.connect", ("no socket",))
        assert heard == [one]
