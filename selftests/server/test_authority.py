"""The authority that stays: for whom it can speak, and how two that start at once agree."""

from __future__ import annotations

import socket
import ssl
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import trustme

from standin.server.authority import CERTIFICATE, kept


def _accepts(authority: trustme.CA, name: str) -> bool:
    """Whether a client that trusts the authority accepts its certificate for this name."""
    server, client = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    authority.issue_cert(name).configure_cert(server)
    authority.configure_trust(client)
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            connection, _ = listener.accept()
            with connection:
                try:
                    server.wrap_socket(connection, server_side=True).close()
                except OSError:
                    return

        thread = threading.Thread(target=answer)
        thread.start()
        try:
            with socket.create_connection(listener.getsockname()) as raw:
                client.wrap_socket(raw, server_hostname=name).close()
        except ssl.SSLCertVerificationError:
            return False
        finally:
            thread.join()
    return True


@pytest.mark.parametrize(
    ("name", "accepted"),
    [
        ("sandbox.procore.com", True),
        ("login.procore.com", True),
        ("localhost", True),
        ("127.0.0.1", True),
        ("example.com", False),
        ("mail.procore.com", False),
        ("procore.com", False),
        ("10.0.0.1", False),
    ],
)
def test_it_speaks_for_procores_api_and_this_machine_alone(tmp_path: Path, name: str, accepted: bool) -> None:
    assert _accepts(kept(tmp_path), name) is accepted


def test_two_that_start_at_once_have_one_authority(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = {authority.cert_pem.bytes() for authority in pool.map(lambda _: kept(tmp_path), range(16))}
    assert made == {(tmp_path / CERTIFICATE).read_bytes()}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["authority.key", CERTIFICATE]
