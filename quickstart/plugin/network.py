"""Keeps replay offline in every phase: import, set-up, tests and teardown.

pytest-recording's ``--block-network`` covers test bodies alone (facts/libraries.md), so replay uses an audit hook.
"""

import ipaddress
import sys

_EVENTS = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo", "socket.gethostbyname"})


class NetworkBlockedError(RuntimeError):
    """Something tried to leave this machine during replay."""


class NetworkGuard:
    """Refuses every address but loopback while ``closed``. An audit hook cannot be removed, so it obeys a flag."""

    def __init__(self) -> None:
        self.closed = True
        sys.addaudithook(self._audit)

    def _audit(self, event: str, arguments: tuple[object, ...]) -> None:
        if not self.closed or event not in _EVENTS:
            return
        host = _host(event, arguments)
        if host is not None and not _is_local(host):
            raise NetworkBlockedError(
                f"replay is offline, and something tried to reach {host}. What is sent must be an exchange of "
                "tests/exchanges.toml with its own cassette; to record it: README, section Record."
            )


def _host(event: str, arguments: tuple[object, ...]) -> str | None:
    """Return the host an audited call is about, or ``None`` for AF_UNIX and for sockets already connected."""
    # socket.connect(socket, address), sendto(socket, address), sendmsg(socket, address); the others begin with the host
    address = arguments[1] if event in {"socket.connect", "socket.sendto", "socket.sendmsg"} else arguments[0]
    if isinstance(address, tuple) and address:
        address = address[0]
    elif event in {"socket.connect", "socket.sendto", "socket.sendmsg"}:
        return None
    if isinstance(address, bytes):
        address = address.decode("ascii", "replace")
    return address if isinstance(address, str) and address else None


def _is_local(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
