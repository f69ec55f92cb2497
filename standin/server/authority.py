"""An authority that stays: made once, kept in a folder, good for Procore's host names and this machine's alone."""

from __future__ import annotations

import contextlib
import os
import tempfile
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path

import platformdirs
import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, pkcs12
from cryptography.x509.oid import NameOID

from standin.model.hosts import HOSTS

KEY, CERTIFICATE = "authority.key", "authority.pem"
_LIFETIME = timedelta(days=825)
"""The longest that macOS accepts of what a user trusts."""
_WARN = timedelta(days=30)


class Unusable(Exception):
    """The folder cannot hold an authority; the message says why, in one sentence."""


def folder() -> Path:
    """Where the authority is kept if nobody says otherwise."""
    return platformdirs.user_data_path("procore-standin")


def kept(place: Path) -> trustme.CA:
    """The authority of that folder, made if there is none or its time is over. Raises Unusable."""
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = _read(place)
        if found is not None and _ends(found) < datetime.now(UTC):
            (place / KEY).unlink(missing_ok=True)
            found = None
        if found is None:
            _make(place)  # where none was seen, another process may have made one since: it is kept
            found = _read(place)
        assert found is not None
        found.cert_pem.write_to_path(str(place / CERTIFICATE))
    except (OSError, ValueError) as problem:
        raise Unusable(
            f"--ca: the authority in {place} cannot be used ({problem}): name another folder, or remove it"
        ) from problem
    return found


def ends_soon(authority: trustme.CA) -> str:
    """The day on which the authority ends, if that is near; else nothing."""
    end = _ends(authority)
    return end.date().isoformat() if end - datetime.now(UTC) < _WARN else ""


def write_truststore(authority: trustme.CA, path: Path, password: str) -> None:
    """Write the authority's certificate as Java reads it (PKCS 12)."""
    entry = pkcs12.PKCS12Certificate(_certificate(authority), b"standin")
    encryption = (
        PrivateFormat.PKCS12.encryption_builder()
        .kdf_rounds(10_000)
        .key_cert_algorithm(pkcs12.PBES.PBESv2SHA256AndAES256CBC)
        .hmac_hash(hashes.SHA256())
        .build(password.encode())
    )
    path.write_bytes(pkcs12.serialize_java_truststore([entry], encryption))


def _certificate(authority: trustme.CA) -> x509.Certificate:
    return x509.load_pem_x509_certificate(authority.cert_pem.bytes())


def _ends(authority: trustme.CA) -> datetime:
    return _certificate(authority).not_valid_after_utc


def _read(place: Path) -> trustme.CA | None:
    """Key and certificate stand in one file, so that they always belong together."""
    try:
        bundle = (place / KEY).read_bytes()
    except FileNotFoundError:
        return None
    start = bundle.find(b"-----BEGIN CERTIFICATE-----")
    if start < 0:
        raise ValueError(f"{KEY} holds no certificate")
    return trustme.CA.from_pem(bundle[start:], bundle[:start])


def _make(place: Path) -> None:
    """Write a new authority as a whole; of two that do so at once, the first one wins."""
    descriptor, name = tempfile.mkstemp(dir=place)  # readable by its owner alone
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(_bundle())
        with contextlib.suppress(FileExistsError):
            os.link(name, place / KEY)
    finally:
        Path(name).unlink()


def _bundle() -> bytes:
    """A new key, and its certificate. Whoever steals the key can play Procore and this machine's names, nobody else."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Procore stand-in"),
            x509.NameAttribute(NameOID.COMMON_NAME, "Procore stand-in on this machine (for tests only)"),
        ]
    )
    permitted: list[x509.GeneralName] = [x509.DNSName(host) for host in (*HOSTS, "localhost")]
    permitted += [x509.IPAddress(ip_network(network)) for network in ("127.0.0.0/8", "::1/128")]
    usage = {"digital_signature": False, "content_commitment": False, "key_encipherment": False}
    usage |= {"data_encipherment": False, "key_agreement": False, "encipher_only": False, "decipher_only": False}
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + _LIFETIME)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.KeyUsage(key_cert_sign=True, crl_sign=True, **usage), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.NameConstraints(permitted, None), critical=True)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    return secret + certificate.public_bytes(Encoding.PEM)
