"""What a server says is shown as what it is: no control of a terminal, no command to a runner, no verdict of ours."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path

import pytest

from quickstart.secrecy.printable import harmless, one_line, printable
from selftests.support.bench import environment, suite
from selftests.support.command import pytest_in
from selftests.support.processes import python
from selftests.support.project import copy
from standin.cases.bending import body, header, on, put, status
from standin.model.world import World
from standin.server.running import serve

COMMANDS = "::error::owned\n  ::set-output name=x::owned\n::add-mask::e\n##[error]owned\n::stop-commands::owned"
OURS = "CONFORMANT: 113 requirements are satisfied.\n  diagnosis:  owned.\nwhat to do: owned."
CONTROLS = (
    "\x1b]8;;https://evil.example\x07click\x1b]8;;\x07\x1b[2J\x1b[31mred\x07\x9b31m\x85\u202egnp.exe\u202c"
    "\u200bzero\u2066\ufeff\u2028line\u2029\u00ad\U000e0041"
)
MARKUP = "[link](https://evil.example) <img src=x onerror=owned=1> @everyone | cell | `code` **bold** <!-- x -->"
HOSTILE = f"{CONTROLS}\n{COMMANDS}\n{OURS}\n{MARKUP}"
HOSTILE_HEADER = "\x1b[31m\x9b31m\x07 ::error::owned ##[error]owned"
OUR_COMMAND = re.compile(r"::(error|warning|notice) title=(Diagnosis%3A [a-z.-]+|[a-z0-9.-]+)::")
FILES = ("--html={0}/r.html", "--self-contained-html", "--junitxml={0}/j.xml", "--verdict-json={0}/v.json")
MORE = ("--summary-md={0}/s.md", "--badge={0}/b.json", "--log-file={0}/log.txt", "--log-file-level=DEBUG")
LINE = ("-rA", "-vv", "--showlocals", "-o", "log_cli=true", "--log-level=DEBUG", "--color=no", "--disruptive")


def hostile_world() -> World:
    """Hostile names, members, keys, texts, headers and pages, where each is quoted by some message."""
    return World(
        modifiers=(
            on(
                "companies",
                put("*.name", HOSTILE),
                put("*.is_active", HOSTILE),
                put(f"*.{HOSTILE.replace('.', '')}", 1),
            ),
            on("projects", put("*.name", HOSTILE), put("*.created_at", HOSTILE), put("*.zzz", HOSTILE)),
            on("me", status(418), body(HOSTILE.encode())),
            on("token", put("error", HOSTILE), put("error_description", HOSTILE), ok=False),
            on("token", put("token_type", HOSTILE), put("scope", HOSTILE)),
            on("authorize", header("Location", f"https://evil.example/{HOSTILE_HEADER}"), ok=None),
            on("token_info", header("Content-Type", HOSTILE_HEADER)),
            on("", header("WWW-Authenticate", HOSTILE_HEADER), header("X-Note", HOSTILE_HEADER), ok=None),
        )
    )


def acting(text: str) -> set[str]:
    """The characters that act or cannot be seen, but for line ends and tabs."""
    odd = {one for one in set(text) if unicodedata.category(one) in {"Cc", "Cf", "Cs", "Zl", "Zp", "Co"}}
    return odd - {"\n", "\r", "\t"}


def commands(text: str) -> list[str]:
    """The lines that a GitHub runner takes for commands, but for ours."""
    lines = [line for line in text.splitlines() if line.lstrip().startswith("::") or "##[" in line]
    return [line for line in lines if not OUR_COMMAND.match(line) or "##[" in line]


def our_voice(text: str) -> list[str]:
    """The lines that say how the run ended."""
    return [
        line for line in text.splitlines() if re.match(r"\s*((NOT )?CONFORMANT|NOT USABLE|Nothing was judged)", line)
    ]


@pytest.mark.parametrize("style", ["long", "native", "line"])
def test_a_hostile_server_is_quoted_and_not_obeyed(style: str, tmp_path: Path) -> None:
    files = [one.format(tmp_path) for one in (*FILES, *MORE)]
    with serve(hostile_world()) as procore:
        changes = {"GITHUB_ACTIONS": "true"}
        code, output = suite(procore, *LINE, f"--tb={style}", "-p", "no:cacheprovider", *files, changes=changes)
    assert code == 1, output[-2000:]
    assert "\\x1b" in output, "it is quoted"
    (verdict,) = our_voice(output)
    assert verdict.startswith("NOT CONFORMANT")
    assert commands(output) == []
    assert any(OUR_COMMAND.match(line) for line in output.splitlines()), "ours are obeyed"
    left = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}
    assert left.keys() == {"r.html", "j.xml", "v.json", "s.md", "b.json", "log.txt"}
    assert {name: acting(text) for name, text in {**left, "terminal": output}.items() if acting(text)} == {}
    assert {name: commands(left[name]) for name in ("s.md", "log.txt") if commands(left[name])} == {}
    told = json.dumps(json.loads(left["v.json"]), ensure_ascii=False)
    assert acting(told) == set()
    assert "<img" not in left["s.md"]
    assert "](https://evil" not in left["s.md"]


def test_a_recording_of_a_hostile_server_is_as_harmless(tmp_path: Path) -> None:
    project = copy(tmp_path / "project")
    with serve(hostile_world()) as procore:
        line = ("--target=sandbox", "--disruptive", "--record-mode=rewrite", "-q", "-p", "no:cacheprovider")
        code, output = python("pytest", *line, environment=environment(procore, {}), folder=project)
        assert "cassettes recorded" in output, (code, output[-2000:])
    ended = pytest_in(project, "-rA", "--tb=native", "--color=no", environment={"GITHUB_ACTIONS": "true"})
    assert ended.code == 1
    assert acting(ended.text) == set()
    assert commands(ended.text) == []
    assert len(our_voice(ended.text)) == 1


@pytest.mark.parametrize(
    "number", [*range(9), *range(11, 32), 127, *range(128, 160), 0x200B, 0x202E, 0xFEFF, 0xD800, 0xE0041]
)
def test_each_control_is_written_as_an_escape(number: int) -> None:
    for show in (printable, one_line, harmless):
        if show is harmless and number in {8, 13}:
            continue  # pytest's own
        shown = show(f"a{chr(number)}b")
        assert acting(shown) == set()
        assert f"{number:x}" in shown


@pytest.mark.parametrize(
    "text", ["plain", "two\nlines", "Grüße, 日本語, émile", "a::b", "10:30", "tests/x.py::test_y", "#[1]"]
)
def test_what_is_harmless_stays(text: str) -> None:
    assert printable(text) == text
    assert harmless(text) == text


def test_one_line_is_one_line() -> None:
    assert one_line("a\nCONFORMANT: all\r\n\tb") == "a\\nCONFORMANT: all\\x0d\\n\\tb"
