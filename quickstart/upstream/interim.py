"""Passes over 1xx answers that come before the final one: Python takes all of them but 100 for the answer itself."""

from http import HTTPStatus
from http.client import HTTPResponse, parse_headers

from urllib3.connection import HTTPConnection

MOST = 20  # 1xx answers before one that is final


class Final(HTTPResponse):
    """The final answer (RFC 9110 section 15.2: a client must be able to parse one or more 1xx answers before it)."""

    def _read_status(self) -> tuple[str, int, str]:
        # Without this, an answer after 103 Early Hints would be an answer with status 103 and no body.
        for _ in range(MOST):
            version, status, reason = super()._read_status()  # type: ignore[misc]
            if status >= HTTPStatus.OK or status in {HTTPStatus.CONTINUE, HTTPStatus.SWITCHING_PROTOCOLS}:
                break
            parse_headers(self.fp)
        return version, status, reason


def pass_over() -> None:
    """Have every connection of urllib3, which TLS and proxies build on, pass over them."""
    HTTPConnection.response_class = Final
