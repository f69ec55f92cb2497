"""A live run believes the bundle that is named, and nobody else; without one, the system's store and certifi's."""

from __future__ import annotations

import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import requests
import trustme
from requests.utils import DEFAULT_CA_BUNDLE_PATH

from quickstart.exchange import trust
from quickstart.exchange.client import Client
from quickstart.exchange.messages import Reply, Request
from selftests.support.bench import NO_CODE, SMOKE, suite
from selftests.support.project import ROOT, bare_environment
from standin.server.running import Procore, serve

NAMED = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR")  # the first one that is set wins
HOST = "login-sandbox.procore.com"
pytestmark = pytest.mark.posix  # where the system's store is OpenSSL's, which a variable can lead to ours


@pytest.fixture
def procore(monkeypatch: pytest.MonkeyPatch) -> Iterator[Procore]:
    """A stand-in, with the way there and nobody to believe in the environment."""
    with serve() as running:
        for name in trust.NAMED:
            monkeypatch.delenv(name, raising=False)
        for name, value in running.variables.items():
            if name.lower().endswith("_proxy"):
                monkeypatch.setenv(name, value)
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        trust._system.cache_clear()
        yield running
        trust._system.cache_clear()


def asked() -> Reply:
    client = Client(hosts=frozenset({HOST}), limit=1, timeout=5.0, say=lambda _: None)
    return client.send(Request("GET", f"https://{HOST}/oauth/token/info", {}, {}, {}, None))


def kind(reply: Reply) -> str:
    return reply.failure.kind if reply.failure else str(reply.status)


def authority(procore: Procore) -> str:
    return procore.variables["REQUESTS_CA_BUNDLE"]


def test_of_several_bundles_that_are_named_the_first_one_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    for name in NAMED:
        monkeypatch.setenv(name, f"/{name}")
    for name in NAMED:
        found.append(trust.named())
        monkeypatch.setenv(name, "")
    assert found == [(name, f"/{name}") for name in NAMED]
    assert trust.named() is None


def test_the_system_s_store_is_believed_and_certifi_s_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    class Context:
        def __init__(self, protocol: int) -> None:
            self.protocol = protocol
            self.places: list[str] = []

        def load_verify_locations(self, place: str) -> None:
            self.places.append(place)

    monkeypatch.setattr("truststore.SSLContext", Context)
    made: Any = trust._system.__wrapped__()
    assert (made.protocol, made.places) == (ssl.PROTOCOL_TLS_CLIENT, [DEFAULT_CA_BUNDLE_PATH])


@pytest.mark.parametrize("scheme", ["http", "HTTPS"])
def test_connections_are_verified_by_one_context_directly_and_through_proxies(scheme: str) -> None:
    context = ssl.create_default_context()
    adapter = trust._Adapter(context)
    assert adapter.poolmanager.connection_pool_kw["ssl_context"] is context
    proxy = adapter.proxy_manager_for(f"{scheme}://proxy.example:1")
    assert proxy.connection_pool_kw["ssl_context"] is context
    assert proxy.proxy_config.ssl_context is (context if scheme == "HTTPS" else None)
    request = requests.Request("GET", "https://a/").prepare()
    assert adapter.build_connection_pool_key_attributes(request, False)[1]["cert_reqs"] == "CERT_REQUIRED"
    connection = SimpleNamespace(cert_reqs="CERT_NONE")
    adapter.cert_verify(connection, "https://a/", False, None)
    assert connection.cert_reqs == "CERT_REQUIRED"


def test_a_stranger_is_not_believed(procore: Procore) -> None:  # noqa: ARG001 - it answers
    assert kind(asked()) == "certificate"


def test_an_authority_of_the_system_is_believed(procore: Procore, monkeypatch: pytest.MonkeyPatch) -> None:
    """OpenSSL looks for the system's store where SSL_CERT_FILE says; we are kept from looking at it ourselves."""
    monkeypatch.setattr(trust, "NAMED", ())
    monkeypatch.setenv("SSL_CERT_FILE", authority(procore))
    assert kind(asked()) == "401"


@pytest.mark.parametrize("name", trust.NAMED)
def test_a_bundle_that_is_named_is_believed(procore: Procore, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    value = authority(procore)
    if name == "SSL_CERT_DIR":
        value = str(hashed(Path(value)))
    monkeypatch.setenv(name, value)
    assert kind(asked()) == "401"


def hashed(bundle: Path) -> Path:
    """The folder of a bundle, as OpenSSL looks into it."""
    done = subprocess.run(
        ["/usr/bin/openssl", "x509", "-hash", "-noout", "-in", str(bundle)], capture_output=True, text=True, check=True
    )
    (bundle.parent / f"{done.stdout.strip()}.0").write_bytes(bundle.read_bytes())
    return bundle.parent


@pytest.mark.parametrize("name", trust.NAMED[:-1])
def test_nothing_is_believed_beside_a_bundle_that_is_named(
    procore: Procore, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    """The stand-in's authority is in the system's store, and the bundle has another."""
    bundle = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(str(bundle))
    monkeypatch.setenv("SSL_CERT_FILE", authority(procore))
    monkeypatch.setenv(name, str(bundle))
    assert kind(asked()) == "certificate"


@pytest.mark.parametrize("name", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
def test_a_run_works_with_what_openssl_is_told(name: str) -> None:
    with serve() as procore:
        value = authority(procore) if name == "SSL_CERT_FILE" else str(hashed(Path(authority(procore))))
        code, output = suite(procore, *SMOKE, changes=NO_CODE | dict.fromkeys(trust.NAMED, "") | {name: value})
    assert code == 0, output


def test_a_bundle_that_is_not_there_is_told_before_anything_is_sent() -> None:
    with serve() as procore:
        changes = NO_CODE | dict.fromkeys(trust.NAMED, "") | {"SSL_CERT_FILE": "/no/such/bundle"}
        code, output = suite(procore, *SMOKE, changes=changes)
        assert procore.requests == ()
    assert code == 4
    assert "SSL_CERT_FILE names /no/such/bundle, and it does not exist" in output


def test_replay_does_not_import_the_system_s_store(tmp_path: Path) -> None:
    """Nor does it look at a bundle that is not there."""
    script = (
        "import pytest, sys; code = pytest.main(['-q', '-p', 'no:cacheprovider']); print('truststore' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={**bare_environment(tmp_path), "SSL_CERT_FILE": "/no/such/bundle"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.stdout.splitlines()[-1] == "False", done.stdout + done.stderr
    assert "CONFORMANT" in done.stdout
