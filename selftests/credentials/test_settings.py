"""Each setting has ten values that cannot be used, and each gets one sentence: variable, what is wrong, what right."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from quickstart.__main__ import main
from quickstart.credentials.settings import ORIGIN, Settings, load, problems
from quickstart.credentials.sources import SECRETS, SettingsError, env_file, variable
from quickstart.credentials.surroundings import PROXIES
from quickstart.exchange.trust import NAMED
from selftests.support.bad_settings import WRONG

RIGHT = {
    "PROCORE_CLIENT_ID": "an-id-of-nobody",
    "PROCORE_CLIENT_SECRET": "a-secret-of-nobody",
    "PROCORE_COMPANY_ID": "4265001",
}
OF_PYDANTIC = re.compile(r"(?i)input should|value error|validation|field required|parsing|pydantic|unable to|SecretStr")


def bad_values() -> list[object]:
    """Each name with each of its values that an environment can hold."""
    return [
        pytest.param(name, value, id=f"{name}-{number}")
        for name, values in WRONG.items()
        for number, value in enumerate(values)
        if "\0" not in value
    ]


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An empty folder to work in, and no settings but the right ones."""
    for name in os.environ:
        if name.upper().startswith("PROCORE_") or name.lower() in PROXIES or name in NAMED:
            monkeypatch.delenv(name)
    for name, value in {**RIGHT, "PROCORE_TOKEN_CACHE": str(tmp_path / "tokens")}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)


def test_ten_values_are_tried_of_each() -> None:
    assert WRONG.keys() == ORIGIN.keys() == Settings.model_fields.keys()
    assert min(len({value for value in values if "\0" not in value}) for values in WRONG.values()) >= 10


@pytest.mark.parametrize(("name", "value"), bad_values())
def test_a_value_that_cannot_be_used_is_one_sentence_of_ours(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(variable(name), value)
    with pytest.raises(SettingsError) as refused:
        load(Path(".env"))
    sentence = str(refused.value)
    named, _, reasons = sentence.partition(" cannot be used (")
    assert named in {variable(name), "PROCORE_CLIENT_SECRET"}, "of two that are the same, the second is named"
    assert variable(name) in sentence
    assert sentence.endswith(f"): it is {ORIGIN[named.removeprefix('PROCORE_').lower()]}.")
    assert "; " in reasons, "what is wrong; what is right"
    assert not OF_PYDANTIC.search(sentence)
    assert len(sentence) < 400
    assert sentence.isprintable()
    assert len(value.strip()) < 9 or value.strip() not in sentence.replace("4265001", ""), "values are not shown"
    assert main(["status"]) == 4
    shown = capsys.readouterr().out
    assert f"cannot be used ({reasons.partition('): it is ')[0]})" in shown
    assert name not in SECRETS or value not in shown


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("login_url", "HTTPS://H.De:443/", "https://h.de"),
        ("api_url", "http://[::1]:8000", "http://[::1]:8000"),
        ("api_url", "http://localhost:80", "http://localhost"),
        ("redirect_uri", "http://localhost:3000/cb?x=1", "http://localhost:3000/cb?x=1"),
        ("redirect_uri", "https://xn--mnchen-3ya.de/cb", "https://xn--mnchen-3ya.de/cb"),
        ("redirect_uri", "urn:ietf:wg:oauth:2.0:oob", "urn:ietf:wg:oauth:2.0:oob"),
        ("token_cache", "~/x", Path("~/x").expanduser()),
        ("timeout", "0.5", 0.5),
        ("company_id", str(2**63 - 1), 2**63 - 1),
        ("evidence", "Büro, 2. Stock", "Büro, 2. Stock"),
        ("evidence_at", "2026-11-27T12:00:00Z", datetime(2026, 11, 27, 12, tzinfo=UTC)),
    ],
)
def test_a_value_that_can_be_used_is_taken(
    name: str, value: str, kept: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable(name), value)
    assert getattr(load(Path(".env")), name) == kept
    assert problems(Path(".env")) == {}


@pytest.mark.parametrize("name", ["client_id", "client_secret", "redirect_uri", "token_cache"])
def test_authorize_refuses_as_a_run_does(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(variable(name), WRONG[name][0])
    assert main(["authorize", "a-code-of-nobody"]) == 4
    said = capsys.readouterr()
    assert said.err.startswith(f"{variable(name)} cannot be used (")
    assert (said.out, said.err.count("\n")) == ("", 1)


@pytest.mark.parametrize(
    ("stranger", "near"),
    [
        ("PROCORE_CLIENT_SECERT", "PROCORE_CLIENT_SECRET"),
        ("PROCORE_CLIENTID", "PROCORE_CLIENT_ID"),
        ("PROCORE_COMPANY", "PROCORE_COMPANY_ID"),
        ("PROCORE_REDIRECT_URL", "PROCORE_REDIRECT_URI"),
        ("PROCORE_QQQ", "README, section Settings"),
    ],
)
@pytest.mark.parametrize("place", ["environment", ".env"])
def test_an_unknown_name_is_told_with_the_nearest_one(
    stranger: str, near: str, place: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if place == ".env":
        Path(".env").write_text(f"{stranger}=a-value-of-nobody\n", encoding="utf-8")
        Path(".env").chmod(0o600)
    else:
        monkeypatch.setenv(stranger, "a-value-of-nobody")
    assert main(["status"]) == 0
    (note,) = re.findall(r"^note: (.*)$", capsys.readouterr().out, re.MULTILINE)
    assert note.startswith(f"{stranger} (set in {place}) is no setting of the suite and is ignored: ")
    assert near in note
    assert "a-value-of-nobody" not in note


def test_a_name_near_to_a_missing_one_is_in_the_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROCORE_CLIENT_SECERT", os.environ["PROCORE_CLIENT_SECRET"])
    monkeypatch.delenv("PROCORE_CLIENT_SECRET")
    with pytest.raises(SettingsError, match=r"SECRET is not set, but PROCORE_CLIENT_SECERT, which is no setting, is: "):
        load(Path(".env"))


def test_in_the_file_a_name_without_its_prefix_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    Path(".env").write_text("COMPANY_ID=7\nPROCOR_TIMEOUT=7\nPATH_TO_ELSEWHERE=7\n", encoding="utf-8")
    assert main(["status"]) == 0
    assert re.findall(r"^note: (\w+)", capsys.readouterr().out, re.MULTILINE) == ["COMPANY_ID", "PROCOR_TIMEOUT"]


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_file_of_another_editor_is_read(mark: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PROCORE_CLIENT_ID")
    Path(".env").write_text(f"{mark}PROCORE_CLIENT_ID=in-the-file\r\n", encoding="utf-8")
    assert load(Path(".env")).client_id.get_secret_value() == "in-the-file"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("PROCORE_COMPANY_ID=7".encode("utf-16"), "is not UTF-8"),
        (b"PROCORE_COMPANY_ID=\xff", "is not UTF-8"),
        (b"PROCORE_COMPANY_ID=7\0", "is not UTF-8"),
        (b"#" * 200_000, "has more than"),
        (None, "is no file"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_sentence(
    content: bytes | None, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if content is None:
        Path(".env").mkdir()
    else:
        Path(".env").write_bytes(content)
    for command in (["status"], ["authorize", "a-code-of-nobody"]):
        assert main(command) == 4
        said = capsys.readouterr().err
        assert said.count("\n") == 1
        assert words in said
    with pytest.raises(SettingsError, match=words):
        env_file(Path.cwd(), None)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are none here")
def test_a_pipe_is_no_file_of_settings() -> None:
    os.mkfifo(".env")
    with pytest.raises(SettingsError, match="is no file"):
        env_file(Path.cwd(), None)


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="there are no modes here")
@pytest.mark.parametrize(
    ("line", "mode", "told"),
    [
        ("PROCORE_CLIENT_SECRET=a-secret-of-nobody", 0o644, True),
        ("PROCORE_CLIENT_SECRET=a-secret-of-nobody", 0o640, False),
        ("PROCORE_COMPANY_ID=7", 0o644, False),
    ],
)
def test_a_file_with_secrets_that_all_may_read_is_told(
    line: str, mode: int, told: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("PROCORE_CLIENT_ID")
    monkeypatch.delenv("PROCORE_CLIENT_SECRET")
    Path(".env").write_text(line, encoding="utf-8")
    Path(".env").chmod(mode)
    assert main(["status"]) == 0
    assert ("note: .env holds secrets and can be read by all users" in capsys.readouterr().out) is told


def test_secrets_are_not_printed_where_their_variable_is_right(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status"]) == 0
    shown = capsys.readouterr().out
    assert "nobody" not in shown
    assert "PROCORE_COMPANY_ID            set in environment: 4265001" in shown


@pytest.mark.parametrize(
    "url",
    ["http://h:99999", "http://h h:1", "http://[::1", "://", "ftp://h:1", "http://u:p@:1", "http://u:\U0001f3d7@h:1"],
)
@pytest.mark.parametrize("name", ["HTTPS_PROXY", "http_proxy"])
def test_a_proxy_that_cannot_be_used_is_told_before_anything_is_sent(
    name: str, url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(name, url)
    assert main(["authorize", "a-code-of-nobody"]) == 4
    assert re.fullmatch(rf"{name} cannot be used \([^)]+\): it is .*\n", capsys.readouterr().err)


def test_a_log_of_tls_keys_that_cannot_be_written_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "missing" / "keys.log"))
    assert main(["authorize", "a-code-of-nobody"]) == 4
    assert "keys.log, and it cannot be written (No such file or directory)" in capsys.readouterr().err
