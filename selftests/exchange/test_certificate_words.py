"""What is told of a certificate that does not verify: for whom, by whom and until when, and no more than that."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from quickstart.exchange import certificate, proxies

KEY = ec.generate_private_key(ec.SECP256R1())
NOW = datetime.now(UTC)
LONG_AGO, SOON = NOW - timedelta(days=900), NOW + timedelta(days=9)


def named(text: str, oid: x509.ObjectIdentifier = NameOID.COMMON_NAME) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "US"), x509.NameAttribute(oid, text)])


def der(subject: x509.Name, issuer: x509.Name, hosts: Sequence[str] = (), begin: datetime = LONG_AGO) -> bytes:
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(KEY.public_key())
        .serial_number(1)
        .not_valid_before(begin)
        .not_valid_after(NOW + timedelta(days=30))
    )
    if hosts:
        made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(one) for one in hosts]), critical=False)
    return made.sign(KEY, hashes.SHA256()).public_bytes(Encoding.DER)


class Connection:
    """A connection that shows a certificate, and keeps how it was made."""

    made: Connection

    def __init__(self, host: str, port: int, **how: Any) -> None:
        self.where, self.how, self.is_open = (host, port), how, False
        self.tunnel: Any = None
        self.sock = SimpleNamespace(getpeercert=lambda *, binary_form: self.shown if binary_form else None)
        Connection.made = self

    shown: bytes | None = None

    def set_tunnel(self, *where: Any, headers: Any) -> None:
        self.tunnel = (*where, headers)

    def connect(self) -> None:
        self.is_open = True

    def close(self) -> None:
        self.is_open = False


@pytest.fixture
def shows(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Let whoever is asked show a certificate, behind a proxy where there is one."""

    def begin(shown: bytes | None, proxy: str = "") -> None:
        monkeypatch.setattr(Connection, "shown", shown)
        monkeypatch.setattr(certificate, "HTTPSConnection", Connection)
        monkeypatch.setattr(proxies, "to", lambda _: {"https": proxy} if proxy else {})

    return begin


ME, CA = named("me.example"), named("Some Authority")
UNTIL = f"valid until {NOW + timedelta(days=30):%Y-%m-%d}"


@pytest.mark.parametrize(
    ("shown", "words"),
    [
        (der(ME, CA), f"issued to me.example by Some Authority, {UNTIL}"),
        (der(ME, ME), f"issued to me.example by itself, {UNTIL}"),
        (der(ME, CA, ["a.example", "b.example"]), f"issued to a.example, b.example by Some Authority, {UNTIL}"),
        (der(ME, CA, ["a", "b", "c", "d"]), f"issued to a, b, c by Some Authority, {UNTIL}"),
        (der(ME, CA, begin=SOON), f"issued to me.example by Some Authority, valid from {SOON:%Y-%m-%d}"),
        (der(named("Org", NameOID.ORGANIZATION_NAME), CA), f"issued to O=Org,C=US by Some Authority, {UNTIL}"),
        (der(x509.Name([]), CA), f"issued to nobody by Some Authority, {UNTIL}"),
        (der(named("a\x1b[31m"), CA), f"issued to a?[31m by Some Authority, {UNTIL}"),
        (der(ME, CA, ["a" * 60, "b" * 60]), f"issued to {'a' * 60}, {'b' * 18} by Some Authority, {UNTIL}"),
        (b"no certificate", ""),
        (None, ""),
    ],
)  # fmt: skip
def test_a_certificate_is_told_in_words(shows: Any, shown: bytes | None, words: str) -> None:
    shows(shown)
    assert certificate.shown_by("https://api.example", 5.0) == words
    assert not Connection.made.is_open


def test_who_cannot_be_trusted_is_asked_without_trust_and_who_can_with_it(shows: Any) -> None:
    shows(der(ME, CA))
    certificate.shown_by("https://api.example", 5.0)
    made = Connection.made
    assert made.where == ("api.example", 443)
    assert made.how == {"timeout": 5.0, "cert_reqs": "CERT_NONE", "assert_hostname": False}
    context: Any = object()
    assert certificate.verified("https://api.example:8443/x", 6.0, context).startswith("issued to me.example")
    assert Connection.made.where == ("api.example", 8443)
    assert Connection.made.how == {"timeout": 6.0, "ssl_context": context}
    assert Connection.made.tunnel is None


@pytest.mark.parametrize(
    ("proxy", "where", "headers"),
    [
        ("http://proxy.example:3128", ("proxy.example", 3128), {}),
        ("http://proxy.example", ("proxy.example", 80), {}),
        ("http://me:secret@proxy.example", ("proxy.example", 80), {"proxy-authorization": "Basic bWU6c2VjcmV0"}),
    ],
)
def test_a_certificate_is_looked_at_through_the_proxy(
    shows: Any, proxy: str, where: tuple[str, int], headers: dict[str, str]
) -> None:
    shows(der(ME, CA), proxy)
    assert certificate.shown_by("https://api.example", 5.0)
    assert (Connection.made.where, Connection.made.tunnel) == (where, ("api.example", 443, headers))


def test_what_cannot_be_reached_explains_nothing(shows: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    shows(der(ME, CA))

    def refuse(_: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(Connection, "connect", refuse)
    assert certificate.shown_by("https://api.example", 5.0) == ""
    with pytest.raises(ConnectionRefusedError):
        certificate.verified("https://api.example", 5.0, None)  # type: ignore[arg-type]


def test_passwords_of_proxies_are_known_as_written_and_as_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    urls = {"https": "http://me:se%40cret@a", "http": "http://me@b", "ftp": "http://c"}
    monkeypatch.setattr(proxies, "getproxies", lambda: urls)
    assert proxies.passwords() == ["se%40cret", "se@cret"]


def test_a_proxy_without_a_host_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proxies, "to", lambda _: {"https": "http://"})
    assert proxies.before("https://a") is None
    monkeypatch.setattr(proxies, "to", lambda _: {"https": "http://b:1"})
    assert (found := proxies.before("https://a")) is not None
    assert found.hostname == "b"
