"""Names the first cause of a request that had no answer; requests and urllib3 wrap one exception in another."""

from quickstart.exchange.answer import Failure

# The first marker found in the chain of causes names the failure; requests and urllib3 wrap one in another.
_MARKERS = (
    ("CERTIFICATE_VERIFY_FAILED", "certificate", "the certificate is not valid for this host"),
    ("CertificateError", "certificate", "the certificate is not valid for this host"),
    # urllib3 blames the proxy for every connection through it that ends early, also for one that the host dropped.
    ("Unable to connect to proxy', RemoteDisconnected", "reset", "the connection was closed without an answer"),
    ("Unable to connect to proxy', ConnectionResetError", "reset", "the connection was closed without an answer"),
    ("ProxyError", "proxy", "the proxy in HTTPS_PROXY does not let us through"),
    ("NameResolutionError", "dns", "the host name cannot be resolved"),
    ("gaierror", "dns", "the host name cannot be resolved"),
    ("SSLError", "tls", "the TLS handshake failed"),
    ("ConnectTimeout", "timeout", "no connection"),
    ("ReadTimeout", "timeout", "no answer"),
    ("Read timed out", "timeout", "no answer"),
    ("IncompleteRead", "incomplete", "the body ended before its announced length"),
    ("InvalidChunkLength", "incomplete", "the body ended in the middle of a chunk"),
    ("larger than", "size", "the body is too large"),
    ("ContentDecodingError", "encoding", "the body is not encoded as Content-Encoding says"),
    ("DecodeError", "encoding", "the body is not encoded as Content-Encoding says"),
    ("NewConnectionError", "connect", "the host refuses connections"),
    ("ConnectionRefused", "connect", "the host refuses connections"),
)


def classify(error: BaseException, timeout: float) -> Failure:
    """Name the first cause of a failed request in words that carry no address and no secret."""
    chain = ""
    cause: BaseException | None = error
    while cause is not None:
        chain += repr(cause)
        cause = cause.__cause__ or cause.__context__
    for marker, kind, words in _MARKERS:
        if marker in chain:
            return Failure(kind, f"{words} within {timeout:g} s" if kind == "timeout" else words)
    return Failure("reset", "the connection was closed before the answer was complete")
