"""Of a known secret nothing that gives it away is left, wherever it stands in a text and wherever it was cut."""

from __future__ import annotations

import hashlib

import pytest

from quickstart.secrecy.known import KnownSecrets
from quickstart.secrecy.stand_ins import encodings
from quickstart.secrecy.vocabulary import Vocabulary

PIECE = 12  # characters of which nothing may be left


def secret_of(length: int, seed: int) -> str:
    """A secret like those of Procore's, the same each time."""
    return hashlib.shake_128(str(seed).encode()).hexdigest(length)[:length]


@pytest.mark.parametrize("before", range(6))
@pytest.mark.parametrize("length", [PIECE, 13, 17])
@pytest.mark.parametrize("secret", [secret_of(43, 1), secret_of(600, 2)], ids=["short", "long"])
def test_each_piece_is_replaced(secret: str, length: int, before: int) -> None:
    known = KnownSecrets(Vocabulary())
    known.learn("access-token", secret)
    for form in dict.fromkeys(encodings(secret)):
        for at in range(0, len(form) - length + 1, 7):
            piece = form[at : at + length]
            assert piece not in known.replaced(f"{'.' * before}{piece}.")


@pytest.mark.parametrize("before", range(6))
@pytest.mark.parametrize("length", range(8, 40))
def test_a_whole_secret_is_replaced_by_its_stand_in(length: int, before: int) -> None:
    known = KnownSecrets(Vocabulary())
    secrets = [secret_of(length, seed) for seed in range(60)]  # so many that some share their grams
    for secret in secrets:
        stand_in = known.learn("access-token", secret)
        assert known.replaced(f"{'.' * before}{secret}.") == f"{'.' * before}{stand_in}."
