"""Hosts that may be asked: what is a base URL, whose it is, and how the table writes it."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from quickstart.exchange.targets import (
    TARGETS,
    Target,
    base_url_problem,
    is_procores,
    may_be_production,
    normal_base_url,
    of_two_environments,
    split_problem,
)

NO_HOST = "its host is no host name and no IP address"
NO_PORT = "its port is not a number from 1 to 65535"
NO_TLS = "it must begin with https://"


@pytest.mark.parametrize(
    "url",
    [
        "https://api.example.com",
        "https://api.example.com/",
        "https://API.example.com:8443",
        "https://a",
        f"https://{'a' * 63}.example.com",
        "https://a_container-1",
        "https://1a.example",
        f"https://{'.'.join(['a' * 49] * 5)}.com",  # 253 letters
        "https://127.0.0.1:8443",
        "https://[::1]:8443",
        "https://[2001:db8::1]",
        "http://127.0.0.1:8080",
        "http://localhost",
        "http://[::1]",
        "https://a:1",
        "https://a:65535",
    ],
)
def test_what_can_be_asked_has_no_problem(url: str) -> None:
    assert base_url_problem(url) is None


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://bücher.example", "it has letters that a host name cannot have; write them as xn--"),
        ("https://a b", "it has spaces or control characters"),
        ("https://a\x7f", "it has spaces or control characters"),
        ("https://[", "it is not a URL"),
        ("api.example.com", "it is not a URL"),
        ("", "it is not a URL"),
        ("https://", "it is not a URL"),
        ("http://api.example.com", NO_TLS),
        ("ftp://localhost", NO_TLS),
        ("https://user@a", "it must not carry a user name or password"),
        ("https://a-", NO_HOST),
        ("https://-a", NO_HOST),
        ("https://a..b", NO_HOST),
        ("https://a.", NO_HOST),
        (f"https://{'a' * 64}.example.com", NO_HOST),
        (f"https://{'.'.join(['a' * 49] * 5)}.comm", NO_HOST),
        ("https://127.0.0", NO_HOST),
        ("https://256.0.0.1", NO_HOST),
        ("https://[fe80::1%25eth0]", NO_HOST),
        ("https://a:0", NO_PORT),
        ("https://a:65536", NO_PORT),
        ("https://a:b", NO_PORT),
        ("https://a:", NO_PORT),
        ("https://a/b", "it must be a host without path or query"),
        ("https://a?", "it must be a host without path or query"),
        ("https://a#", "it must be a host without path or query"),
    ],
)
def test_what_cannot_be_asked_is_said_in_one_sentence(url: str, words: str) -> None:
    problem = base_url_problem(url)
    assert problem is not None
    assert problem.startswith(words)
    assert problem.endswith("it must look like https://login-sandbox.procore.com")


def test_an_address_in_brackets_is_one_of_ip_version_6() -> None:
    parts = urlsplit("https://a")._replace(netloc="[v1.a]")
    assert split_problem(parts) == NO_HOST


@pytest.mark.parametrize(
    ("url", "normal"),
    [
        ("https://API.Example.com/", "https://api.example.com"),
        ("https://api.example.com:443", "https://api.example.com"),
        ("https://api.example.com:80", "https://api.example.com:80"),
        ("http://localhost:80/", "http://localhost"),
        ("http://localhost:443", "http://localhost:443"),
    ],
)
def test_a_base_url_is_written_as_the_table_does(url: str, normal: str) -> None:
    assert normal_base_url(url) == normal


@pytest.mark.parametrize(
    ("url", "theirs"),
    [
        ("https://api.procore.com/x", True),
        ("https://procore.com", True),
        ("http://api.procore.com", False),
        ("https://notprocore.com", False),
        ("https://procore.com.example", False),
    ],
)
def test_hosts_of_procore_are_known(url: str, theirs: bool) -> None:
    assert is_procores(url) is theirs


def test_a_target_knows_its_two_hosts() -> None:
    sandbox = TARGETS["sandbox"]
    assert (sandbox.url("login"), sandbox.url("api")) == (sandbox.login_url, sandbox.api_url)
    assert sandbox.hosts == {"login-sandbox.procore.com", "sandbox.procore.com"}


@pytest.mark.parametrize(
    ("name", "login", "api", "production"),
    [
        ("sandbox", "https://login-sandbox.procore.com", "https://sandbox.procore.com", False),
        ("sandbox", "https://login-sandbox.procore.com", "https://api-monthly.procore.com", False),
        ("sandbox", "https://login.procore.com", "https://sandbox.procore.com", True),
        ("sandbox", "https://login-sandbox.procore.com", "https://us02.procore.com", True),
        ("sandbox", "https://127.0.0.1", "https://elsewhere.example", False),
        ("production", "https://127.0.0.1", "https://127.0.0.1", True),
    ],
)
def test_what_is_procores_and_no_sandbox_may_be_production(name: str, login: str, api: str, production: bool) -> None:
    assert may_be_production(Target(name, login, api)) is production


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ("https://sandbox.procore.com/a", "https://sandbox.procore.com/b", False),
        ("https://sandbox.procore.com", "https://api.procore.com", True),
        ("https://sandbox.procore.com", "https://login-sandbox.procore.com", True),
        ("https://sandbox.procore.com", "https://us02.sandbox.procore.com", False),
        ("https://app.procore.com", "https://api.procore.com", False),
    ],
)
def test_hosts_that_are_known_are_of_two_environments_or_parts(one: str, other: str, differ: bool) -> None:
    assert of_two_environments(one, other) is differ
