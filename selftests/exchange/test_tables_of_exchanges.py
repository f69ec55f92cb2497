"""The table of exchanges: what it says is read, and what it cannot say is refused by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from quickstart.exchange import contract, definitions
from quickstart.exchange.definitions import DefinitionError

RIGHT = '[me]\nstep = "7"\nmethod = "GET"\nhost = "api"\npath = "/me"\nexpect = [200]\n'


def load(folder: Path, text: str) -> dict[str, definitions.Definition]:
    file = folder / "exchanges.toml"
    file.write_text(text, encoding="utf-8")
    return definitions.load(file)


def test_an_exchange_says_what_it_must_and_nothing_else_is_set(tmp_path: Path) -> None:
    (one,) = load(tmp_path, RIGHT).values()
    assert one == definitions.Definition("me", "7", "GET", "api", "/me", (200,))
    flags = {name for name, value in vars(one).items() if value is True}
    assert flags == set()
    assert (one.encoding, one.company_header, one.settle, one.query) == ("form", "Procore-Company-Id", 0.0, {})


def test_a_class_of_statuses_is_all_that_say_something_of_what_was_asked(tmp_path: Path) -> None:
    (one,) = load(tmp_path, RIGHT.replace("[200]", '[302, "4xx"]')).values()
    assert one.expect == (302, *range(400, 429), *range(430, 500))
    (one,) = load(tmp_path, RIGHT.replace("[200]", '["5xx", 503]')).values()
    assert one.expect == (500, 501, *range(505, 520), *range(528, 600), 503)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x = \n", "exchanges.toml cannot be read"),
        (RIGHT.replace('step = "7"\n', ""), r"exchanges.toml: \[me\] .*'step'"),
        (RIGHT + "odd = 1\n", r"exchanges.toml: \[me\] .*'odd'"),
        (RIGHT.replace("[200]", '["fxx"]'), r"exchanges.toml: \[me\] invalid literal"),
        (RIGHT + 'encoding = "xml"\n', r"\[me\] encoding must be one of form, multipart, json"),
        (RIGHT + 'after = ["you"]\n', r"\[me\] comes after \['you'\], which must stand above it"),
        (RIGHT + 'after = ["me"]\n', r"\[me\] comes after \['me'\]"),
        (RIGHT + 'follows = "you"\n', r"\[me\] comes after \['you'\]"),
    ],
)
def test_a_table_that_cannot_be_used_is_refused(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(DefinitionError, match=words):
        load(tmp_path, text)


def test_a_table_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match=r"none\.toml cannot be read"):
        definitions.load(tmp_path / "none.toml")


def test_what_stands_above_may_come_before(tmp_path: Path) -> None:
    second = RIGHT.replace("[me]", "[you]") + 'after = ["me"]\nfollows = "me"\n'
    assert [*load(tmp_path, RIGHT + second)] == ["me", "you"]


@pytest.mark.parametrize("encoding", ["form", "multipart", "json"])
def test_each_encoding_can_be_named(tmp_path: Path, encoding: str) -> None:
    assert load(tmp_path, f'{RIGHT}encoding = "{encoding}"\n')["me"].encoding == encoding


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ("nothing", 'schema = "nothing", and schemas/nothing.schema.json is not there'),
        ("token#/$defs/nothing", r"and schemas/token.schema.json has no /\$defs/nothing"),
    ],
)
def test_a_schema_that_is_not_there_is_refused(schema: str, words: str) -> None:
    contract.check({"me": "me", "authorize": "", "token": "token#/$defs/client_credentials"})
    with pytest.raises(DefinitionError, match=rf"exchanges.toml: \[me\] .*{words}"):
        contract.check({"authorize": "", "me": schema})


@pytest.mark.parametrize("content", ["{", "{}", "[]"])
def test_a_file_that_is_no_schema_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str) -> None:
    (tmp_path / "me.schema.json").write_text(content, encoding="utf-8")
    monkeypatch.setattr(contract, "SCHEMAS", tmp_path)
    monkeypatch.setattr(contract, "_registry", contract._registry.__wrapped__)
    with pytest.raises(DefinitionError, match=r"schemas/: a file is no schema with an \$id"):
        contract.check({"me": "me"})
