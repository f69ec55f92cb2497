"""Names the first cause of a request that had no answer; requests and urllib3 wrap one exception in another."""

import re
import ssl
import traceback
from collections.abc import Iterator
from urllib.parse import urlsplit

from quickstart.exchange import proxies
from quickstart.exchange.answer import Failure

# The first marker found in the chain of causes names the failure; requests and urllib3 wrap one in another. What quotes
# the other side stands first: its words may be any of the other markers.
_MARKERS = (
    ("Tunnel connection failed", "proxy", "lets nothing through"),
    ("Unable to connect to proxy', BadStatusLine", "proxy", "lets nothing through"),
    ("the body is larger than", "size", "the body is too large"),
    ("BadStatusLine", "reset", "what came is no answer of HTTP/1.1"),
    ("UnknownProtocol", "reset", "what came is no answer of HTTP/1.1"),
    ("InvalidChunkLength", "incomplete", "the body ended in the middle of a chunk"),
    ("the body is encoded as", "encoding", "the body is encoded in a way that was not asked for"),
    ("ContentDecodingError", "encoding", "the body is not encoded as Content-Encoding says"),
    ("DecodeError", "encoding", "the body is not encoded as Content-Encoding says"),
    ("CERTIFICATE_VERIFY_FAILED", "certificate", "the certificate is not valid for this host"),
    ("SSLCertVerificationError", "certificate", "the certificate is not valid for this host"),  # of the system's store
    ("CertificateError", "certificate", "the certificate is not valid for this host"),
    # urllib3 blames the proxy for every connection through it that ends early, also for one that the host dropped.
    ("Unable to connect to proxy', RemoteDisconnected", "reset", "the connection was closed without an answer"),
    ("Unable to connect to proxy', ConnectionResetError", "reset", "the connection was closed without an answer"),
    ("ProxyError", "proxy", "lets nothing through"),
    ("NameResolutionError", "dns", "the host name cannot be resolved"),
    ("gaierror", "dns", "the host name cannot be resolved"),
    ("SSLError", "tls", "the TLS handshake failed"),
    ("ConnectTimeout", "timeout", "no connection"),
    ("ReadTimeout", "timeout", "no answer"),
    ("Read timed out", "timeout", "no answer"),
    ("IncompleteRead", "incomplete", "the body ended before its announced length"),
    ("read length must be non-negative", "incomplete", "the body has a chunk of a length that is none"),
    ("a line among the headers is none", "incomplete", "there is a line among the headers that is none"),
    ("interim answers", "size", "there are more interim answers than anybody sends"),
    ("header line", "size", "a header is longer than anybody writes"),
    ("status line", "size", "the status line is longer than anybody writes"),
    ("got more than", "size", "there are more headers than anybody writes"),
    ("NewConnectionError", "connect", "the host refuses connections"),
    ("ConnectionRefused", "connect", "the host refuses connections"),
)
_TUNNEL = re.compile(r"Tunnel connection failed: (\d{3})")
_UNREACHABLE = ("NewConnectionError", "ConnectionRefused", "NameResolutionError", "gaierror", "ConnectTimeout")


def classify(error: BaseException, timeout: float, url: str) -> Failure:
    """Name the first cause of a failed request to ``url``, in words that carry no secret."""
    causes = list(_chain(error))
    chain = "".join(repr(cause) for cause in causes)
    for marker, kind, words in _MARKERS:
        if marker not in chain:
            continue
        if kind in {"tls", "proxy"} and _was_connected(causes):
            break
        if kind == "timeout":
            words = f"{words} within {timeout:g} s"
        if kind == "certificate":
            words = _verification(causes) or words
        if kind == "proxy":
            words = _proxy(chain, url)
        return Failure(kind, words)
    return Failure("reset", "the connection was closed before the answer was complete")


def _was_connected(causes: list[BaseException]) -> bool:
    """Whether TLS broke once the handshake was done, so that the other side may have read what was sent."""
    frames = (frame for cause in causes for frame, _ in traceback.walk_tb(cause.__traceback__))
    return any(frame.f_code.co_name in {"sendall", "recv_into"} for frame in frames)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield the error and what caused it; requests and urllib3 keep causes in arguments and in ``reason``, too."""
    left: list[object] = [error]
    seen: set[int] = set()
    while left:
        cause = left.pop(0)
        if not isinstance(cause, BaseException) or id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        left += [*cause.args, getattr(cause, "reason", None), cause.__cause__ or cause.__context__]


def _verification(causes: list[BaseException]) -> str:
    """Return what the TLS library says of the certificate."""
    reasons = (
        getattr(cause, "verify_message", "") for cause in causes if isinstance(cause, ssl.SSLCertVerificationError)
    )
    return next(reasons, "").rstrip(".")


def _proxy(chain: str, url: str) -> str:
    """Say which proxy does what, without its user and password."""
    parts = proxies.before(url)
    name = f"the proxy {parts.hostname}:{parts.port or 80}" if parts else "the proxy"
    refusal = _TUNNEL.search(chain)
    if refusal and refusal[1] == "407":
        return f"{name} asks for a user name and a password (407)"
    if refusal:
        return f"{name} refuses the way to {urlsplit(url).hostname} ({refusal[1]})"
    if any(marker in chain for marker in _UNREACHABLE):
        return f"{name} cannot be reached"
    return f"{name} lets nothing through"
