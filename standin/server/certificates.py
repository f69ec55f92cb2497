"""Certificates: one for each host from a private authority, and bad ones that a client must refuse."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import cache
from pathlib import Path

import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from standin.model.hosts import HOSTS


class Certificate(Enum):
    """Which certificate a host shows."""

    RIGHT = "right"
    SELF_SIGNED = "self-signed"
    EXPIRED = "expired"
    WRONG_HOST = "wrong-host"
    UNKNOWN_AUTHORITY = "unknown-authority"


LOCAL = ("localhost", "127.0.0.1", "::1")
"""The names of this machine, which its own certificate is for."""
_LIFETIME = timedelta(days=397)
"""Of a host's certificate: browsers refuse longer ones."""


@dataclass(frozen=True)
class Authorities:
    """The authority that the client is told to trust, and one that it is not."""

    trusted: trustme.CA
    unknown: trustme.CA
    folder: Path | None = None
    """Where the trusted one is kept, if it stays."""


@cache
def authorities() -> Authorities:
    """Made once a process: an authority costs more than all of its certificates."""
    return Authorities(trustme.CA(), trustme.CA())


@cache
def context(names: tuple[str, ...], kind: Certificate, issuers: Authorities) -> ssl.SSLContext:
    """The TLS context that shows a certificate of this kind for a host of these names."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    if kind is Certificate.SELF_SIGNED:
        _configure_self_signed(made, names[0])
    else:
        _leaf(names, kind, issuers).configure_cert(made)
    return made


def _leaf(names: tuple[str, ...], kind: Certificate, issuers: Authorities) -> trustme.LeafCert:
    trusted, unknown = issuers.trusted, issuers.unknown
    now = datetime.now(UTC)
    match kind:
        case Certificate.RIGHT:
            return trusted.issue_cert(*names, not_before=now - timedelta(days=1), not_after=now + _LIFETIME)
        case Certificate.EXPIRED:
            return trusted.issue_cert(*names, not_before=now - timedelta(days=30), not_after=now - timedelta(days=1))
        case Certificate.WRONG_HOST:
            return trusted.issue_cert("wrong-host.example.com")
        case Certificate.UNKNOWN_AUTHORITY:
            return unknown.issue_cert(*names)
        case _:
            raise ValueError(f"no authority issues {kind.value} certificates")


def _configure_self_signed(made: ssl.SSLContext, host: str) -> None:
    """A certificate that vouches for itself: trustme always issues from an authority."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = Encoding.PEM
    bundle = key.private_bytes(pem, PrivateFormat.PKCS8, NoEncryption()) + certificate.public_bytes(pem)
    with trustme.Blob(bundle).tempfile() as path:
        made.load_cert_chain(path)


def chooser(kinds: dict[str, Certificate], issuers: Authorities) -> ssl.SSLContext:
    """A context that picks the certificate by the name the client asks for (SNI); without one, this machine's."""
    base = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)

    def choose(connection: ssl.SSLObject, name: str | None, _: ssl.SSLContext) -> None:
        host = (name or "").lower()
        known = host in HOSTS
        kind = kinds.get(host, Certificate.RIGHT)
        connection.context = context((host,) if known else LOCAL, kind if known else Certificate.RIGHT, issuers)

    # Set on the base context alone: the chosen ones are shared between servers with different kinds.
    base.sni_callback = choose
    return base
