"""Who stands behind a certificate that does not verify: read once more, without trust, and nothing is sent."""

import ssl
from datetime import UTC, datetime
from urllib.parse import urlsplit

from cryptography import x509
from urllib3.connection import HTTPSConnection
from urllib3.util import make_headers

from quickstart.exchange import proxies

_LONGEST = 80  # characters of a name that a message shows


def shown_by(url: str, timeout: float) -> str:
    """Return for whom and by whom the certificate at ``url`` was made and until when it is valid, or an empty text.

    Any error is answered with the empty text: this explains a failure, and must not be one.
    """
    try:
        return _described(x509.load_der_x509_certificate(_der(url, timeout)))
    except Exception:  # noqa: BLE001 - whatever a stranger's certificate holds
        return ""


def verified(url: str, timeout: float, context: ssl.SSLContext) -> str:
    """Return the same of a certificate that ``context`` believes. It may raise whatever connecting may raise."""
    return _described(x509.load_der_x509_certificate(_der(url, timeout, context)))


def _der(url: str, timeout: float, context: ssl.SSLContext | None = None) -> bytes:
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or 443
    proxy = proxies.before(url)
    where = (proxy.hostname or "", proxy.port or 80) if proxy else (host, port)
    connection = (
        HTTPSConnection(*where, timeout=timeout, ssl_context=context)
        if context
        else HTTPSConnection(*where, timeout=timeout, cert_reqs="CERT_NONE", assert_hostname=False)
    )
    try:
        if proxy:
            user = f"{proxy.username}:{proxy.password}" if proxy.username else None
            connection.set_tunnel(host, port, headers=make_headers(proxy_basic_auth=user))
        connection.connect()
        return bytes(connection.sock.getpeercert(binary_form=True))  # type: ignore[union-attr]
    finally:
        connection.close()


def _described(certificate: x509.Certificate) -> str:
    subject, issuer = _name(certificate.subject), _name(certificate.issuer)
    hosts = _hosts(certificate)
    begin, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    when = f"valid from {begin:%Y-%m-%d}" if begin > datetime.now(UTC) else f"valid until {end:%Y-%m-%d}"
    by = "itself" if subject == issuer else issuer
    return f"issued to {hosts or subject} by {by}, {when}"


def _hosts(certificate: x509.Certificate) -> str:
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ""
    return _printable(", ".join(names.get_values_for_type(x509.DNSName)[:3]))


def _name(name: x509.Name) -> str:
    text = next((str(one.value) for one in name if one.oid == x509.oid.NameOID.COMMON_NAME), name.rfc4514_string())
    return _printable(text) or "nobody"


def _printable(text: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in text)[:_LONGEST]
