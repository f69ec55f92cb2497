"""Registered redirect URIs: the cases of Doorkeeper's own uri_checker_spec.rb, and what 4.2.6 did otherwise."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from selftests.support.desk import Desk
from standin.model.dialects import DIALECTS, Dialect
from standin.model.world import OUT_OF_BAND, World
from standin.oauth.redirect_uris import registered, same_as_asked

CHECKING = pytest.mark.parametrize("dialect", [DIALECTS["5.5.0"], DIALECTS["5.9.6"]], ids=lambda one: one.name)
LITERAL = pytest.mark.parametrize("dialect", [DIALECTS["4.2.6"], DIALECTS["procore"]], ids=lambda one: one.name)
RIGHT = [
    ("http://app.co/aaa", "http://app.co/aaa"),
    ("http://app.co/aaa?b=c", "http://app.co/aaa?b=c"),
    ("http://app.co/?query=hello", "http://app.co"),
    ("http://app.co/aaa?", "http://app.co/aaa"),
    ("http://app.co/aaa", "http://app.co/aaa?"),
    ("http://app.co/?vendorId=AJ4L7XXW9&foo=bar", "http://app.co/?vendorId=AJ4L7XXW9&foo=bar"),
    ("http://app.co/?bing=bang&foo=bar", "http://app.co/?foo=bar&bing=bang"),
    ("http://127.0.0.1:5555/auth/callback", "http://127.0.0.1:48599/auth/callback"),
    ("http://[::1]:5555/auth/callback", "http://[::1]:48599/auth/callback"),
    ("HTTPS://APP.co:443/aaa", "https://app.co/aaa"),
    ("com.example.app:/callback", "com.example.app:/callback"),
    (OUT_OF_BAND, OUT_OF_BAND),
]
WRONG = [
    ("http://app.abc/?query=hello", "http://app.co"),
    ("http://app.co/?query=hello", "http://example.com?app.co=test"),
    ("http://127.0.0.1:5555/auth/callback", "http://127.0.0.1:48599/auth/callback2"),
    ("http://localhost:5555/callback", "http://localhost:8080/callback"),
    ("http://app.co", "http://app.co/?vendorId=AJ4L7XXW9"),
    ("http://app.co/?vendorId=pancakes", "http://app.co/?vendorId=waffles"),
    ("http://app.co/?foo=pancakes", "http://app.co/?bar=pancakes"),
    ("http://app.co/?vendorId=pancakes&unknown=query", "http://app.co/?vendorId=pancakes"),
    ("http://app.co/aaa", "http://app.co/bbb"),
    ("http://app.co/aaa/", "http://app.co/aaa"),
    ("https://app.co/aaa", "http://app.co/aaa"),
    ("http://app.co/aaa#f", "http://app.co/aaa#f"),
    ("mailto:a@app.co", "mailto:a@app.co"),
    ("localhost:3000", "localhost:3000"),
    ("/callback", "/callback"),
    ("http://app.co/a b", "http://app.co/a b"),
    ("http://[::1/callback", "http://[::1/callback"),
    ("http://app.co:port/", "http://app.co:port/"),
    ("", "http://app.co/aaa"),
    (OUT_OF_BAND, "http://app.co/aaa"),
]


@CHECKING
@pytest.mark.parametrize(("asked", "known"), RIGHT)
def test_what_is_registered_is_taken(dialect: Dialect, asked: str, known: str) -> None:
    assert registered(dialect, asked, ["http://example.com/bbb", known])
    assert same_as_asked(dialect, asked, known)


@CHECKING
@pytest.mark.parametrize(("asked", "known"), WRONG)
def test_what_is_not_registered_is_not_taken(dialect: Dialect, asked: str, known: str) -> None:
    assert not registered(dialect, asked, ["http://example.com/bbb", known])
    assert not same_as_asked(dialect, asked, known)


@LITERAL
def test_before_version_5_a_query_is_cut_off_at_authorize_and_counts_at_the_exchange(dialect: Dialect) -> None:
    assert registered(dialect, "http://app.co/aaa?b=c", ["http://app.co/aaa"])
    assert not registered(dialect, "http://app.co/aaa?b=c", ["http://app.co/aaa?b=c"])
    assert not same_as_asked(dialect, "http://app.co/aaa", "http://app.co/aaa?b=c")


@CHECKING
def test_a_code_goes_to_a_redirect_uri_with_a_query_and_is_exchanged(dialect: Dialect) -> None:
    uri = "https://app.example.com/callback?tenant=1&kind=a"
    procore = Desk(World(dialect=dialect, redirect_uris=(uri,))).bend(logged_in=True)
    other_order = "https://app.example.com/callback?kind=a&tenant=1"
    asked = {"response_type": "code", "client_id": procore.application.uid, "redirect_uri": other_order, "state": "s"}
    location = procore.get(f"/oauth/authorize?{urlencode(asked)}").header("Location") or ""
    assert location.startswith(f"{other_order}&code=")
    code = location.partition("code=")[2].partition("&")[0]
    assert procore.exchange(code, redirect_uri=f"{uri}&more=1").body["error"] == "invalid_grant"
    assert procore.exchange(code, redirect_uri=uri).ok


@LITERAL
def test_before_version_5_it_could_not(dialect: Dialect) -> None:
    uri = "https://app.example.com/callback?tenant=1"
    procore = Desk(World(dialect=dialect, redirect_uris=(uri,)))
    asked = {"response_type": "code", "client_id": procore.application.uid, "redirect_uri": uri}
    answer = procore.bend(logged_in=True).get(f"/oauth/authorize?{urlencode(asked)}")
    assert answer.header("Location") is None
