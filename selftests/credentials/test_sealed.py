"""What was encrypted with another key, is damaged, or is of another app, is one sentence and is never written over."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from quickstart.credentials.token_cache import CacheError, State, TokenCache
from quickstart.run.tokens import SERVICE_ACCOUNT
from quickstart.secrecy.redaction import Redactor
from selftests.support.machines import CLIENT, Machine, cache_of
from selftests.support.stores import Shelf, shelf

AGAIN = "authorize again (python -m quickstart authorize)"


@pytest.fixture
def store(tmp_path: Path) -> Shelf:
    return shelf(tmp_path / "store")


SEALED: dict[str, Callable[[bytes], bytes]] = {
    "wrong key": lambda content: content,
    "damaged": lambda content: content[:40] + b"AAAA" + content[44:],
    "cut": lambda content: content[:-10],
    "not encrypted": lambda _: b'{"version": 1, "access_token": "planted-by-somebody"}',
}


@pytest.mark.parametrize("where", ["store", "file"])
@pytest.mark.parametrize("damage", SEALED)
def test_what_cannot_be_decrypted_is_one_sentence(damage: str, where: str, tmp_path: Path, store: Shelf) -> None:
    key = Fernet.generate_key().decode()
    machine = Machine(tmp_path, "first", store, key)
    machine.keep()
    path = store.kept if where == "store" else machine.cache.path
    path.write_bytes(SEALED[damage](path.read_bytes()))
    held = path.read_bytes()
    seen_by = Fernet.generate_key().decode() if damage == "wrong key" else key
    found = Machine(tmp_path, "second" if where == "store" else "first", store, seen_by).find()
    assert (found.way, machine.endpoint.sent) == (SERVICE_ACCOUNT, ["client_credentials"])
    assert (
        "is not encrypted, although" if damage == "not encrypted" else "cannot be decrypted (it is dam"
    ) in found.said
    assert found.said.count(AGAIN) == 1
    assert path.read_bytes() == held
    assert seen_by not in found.said


def test_an_encrypted_text_without_a_key_is_one_sentence(tmp_path: Path, store: Shelf) -> None:
    Machine(tmp_path, "first", store, Fernet.generate_key().decode()).keep()
    found = Machine(tmp_path, "second", store).find()
    assert "is encrypted, and PROCORE_TOKEN_CACHE_KEY is not set" in found.said


def test_a_store_of_another_environment_is_not_used(tmp_path: Path, store: Shelf) -> None:
    """Else a token of the sandbox would be sent to production."""
    Machine(tmp_path, "first", store).keep()
    cache = cache_of(tmp_path / "p", store, "https://login.procore.com", Redactor())
    with pytest.raises(CacheError, match="is of another app or environment"), cache.locked():
        pass


def test_a_file_that_was_renamed_is_not_used(tmp_path: Path, store: Shelf) -> None:
    cache = Machine(tmp_path, "first", store).cache
    plain = TokenCache("https://login.procore.com", CLIENT[0], tmp_path / "p", Fernet.generate_key().decode())
    with plain.locked():
        plain.save(State("a-token"))
    other = plain.path.with_name(f"{cache.name}.sealed")
    plain.path.rename(other)
    plain.path = other
    with pytest.raises(CacheError, match="is of another app or environment"):
        plain.load()
