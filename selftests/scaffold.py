"""Writes the stubs of a new check: ``python -m selftests.scaffold NAME --path /rest/v1.0/… --step "7 projects"``.

Exchange, schema, two requirements, their tests and two faults, each in its place. What only a person can say is a
``TODO``, and ``selftests/test_scaffold.py`` is red as long as one is left.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from quickstart.exchange import definitions
from quickstart.exchange.definitions import Definition, DefinitionError, fixture_name
from quickstart.judgement.catalogue import STEPS
from quickstart.run import values
from selftests.support.project import ROOT
from standin.server.procore import ROUTES

UNUSABLE = 4
TODO = "TODO"
PLACES = ("tests", "schemas", "standin/cases/faults")
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")

EXCHANGE = """\
[{name}]
step = "{step}"
method = "GET"
host = "api"
path = "{path}"
query = {{ company_id = "{{company_id}}" }}
bearer = "access"
company = "{{company_id}}"
expect = [200]
schema = "{schema}"
"""
REQUIREMENT = """\
["{name}.{what}"]
level = "should"
basis = "reference"
evidence = "documented"
step = "{step}"
sentence = "TODO: one sentence with SHOULD."
expected = "TODO: what is right, in a few words"
quote = "TODO: what the page says, word for word"
source = "https://developers.procore.com/TODO"
remedy = "{remedy}"
"""
REMEDY = (
    "Nothing in your settings explains this: report it to Procore (apisupport@procore.com) "
    "with the exchange shown here."
)

TESTS = '''

@pytest.mark.requirement("{name}.schema")
def test_{fixture}_is_answered_as_the_reference_has_it({fixture}: Answer) -> None:
    """TODO: one sentence."""
    expect.is_right({fixture})


@pytest.mark.requirement("{name}.TODO")
def test_{fixture}_todo({fixture}: Answer) -> None:
    """TODO: one sentence."""
    assert {fixture}.json["id"], "TODO: what came instead"
'''
FAULT_ROWS = """\

_{constant} = (
    case("{name}-404", STEP, "TODO: one sentence.", on("{endpoint}", status(404), body(b"")), advises="{name}.schema"),
    case("{name}-todo", STEP, "TODO: one sentence.", on("{endpoint}", put("id", 1)), advises="{name}.TODO"),
)
"""


class ScaffoldError(Exception):
    """Nothing was written; the message says what to change."""


@dataclass(frozen=True)
class Wanted:
    """A new check: ``path`` may hold placeholders."""

    name: str
    path: str
    step: str

    @property
    def schema(self) -> str:
        """The name of the schema."""
        return self.name.replace("-", "_")

    @property
    def endpoint(self) -> str:
        """What the stand-in calls the path, or ``TODO`` where it does not answer it."""
        asked = re.sub(r"\{\w+\}", "1", self.path)
        return next((route.endpoint for route in ROUTES if route.role == "api" and route.fits(asked)), TODO)


def write(wanted: Wanted, root: Path) -> list[str]:
    """Write the stubs below ``root``; return what is left to do, a sentence each.

    Raises:
        ScaffoldError: the name is taken, or the path or the step is not known.
    """
    known = definitions.load(root / "tests" / "exchanges.toml")
    _refuse(wanted, known, root)
    words = {
        "name": wanted.name,
        "path": wanted.path,
        "step": wanted.step,
        "schema": wanted.schema,
        "endpoint": wanted.endpoint,
        "fixture": fixture_name(wanted.name),
        "remedy": REMEDY,
        "constant": fixture_name(wanted.name).upper(),
    }
    last = [name for name, one in known.items() if one.step == wanted.step and not one.disruptive][-1]
    claims, faults = _module_of_tests(wanted.step, root), _module_of_faults(wanted.step, root)
    _insert(root / "tests" / "exchanges.toml", last, EXCHANGE.format_map(words))
    entries = "\n".join(REQUIREMENT.format_map({**words, "what": what}) for what in ("schema", TODO))
    _insert(root / "tests" / "catalogue.toml", _last_requirement(wanted.step, root), entries)
    _schema(wanted, root)
    with claims.open("a", encoding="utf-8") as file:
        file.write(TESTS.format_map(words))
    text = faults.read_text(encoding="utf-8")
    head, table, rows = text.rpartition("\nFAULTS = (")
    rows = rows.replace(")", f", *_{words['constant']})", 1)
    faults.write_text(head + FAULT_ROWS.format_map(words) + table + rows, encoding="utf-8")
    return [*left(root), *_commands(wanted)]


def _refuse(wanted: Wanted, known: Mapping[str, Definition], root: Path) -> None:
    if not _NAME.fullmatch(wanted.name):
        raise ScaffoldError(f"{wanted.name!r} is no name of an exchange: use small letters, digits and hyphens.")
    if wanted.step not in STEPS or not any(one.step == wanted.step for one in known.values()):
        raise ScaffoldError(f"there is no step {wanted.step!r}; there are {', '.join(STEPS)}.")
    if wanted.name in known or (root / "schemas" / f"{wanted.schema}.schema.json").exists():
        raise ScaffoldError(f"there is an exchange or a schema {wanted.name} already: choose another name.")
    if not wanted.path.startswith("/rest/"):
        raise ScaffoldError(f"the path {wanted.path!r} does not begin with /rest/: the stubs are for the REST API.")
    one = Definition(wanted.name, wanted.step, "GET", "api", wanted.path, (200,))
    try:
        values.check({wanted.name: one})
    except DefinitionError as error:
        raise ScaffoldError(str(error)) from None


def _insert(path: Path, after: str, entry: str) -> None:
    """Put ``entry`` after the table ``after`` of a TOML file, as text: comments stay where they are."""
    text = path.read_text(encoding="utf-8")
    found = re.search(rf'^\["?{re.escape(after)}"?\]\n(?:[^\n]+\n)*', text, re.MULTILINE)
    assert found is not None, after
    path.write_text(text[: found.end()] + "\n" + entry + text[found.end() :], encoding="utf-8")


def _last_requirement(step: str, root: Path) -> str:
    text = (root / "tests" / "catalogue.toml").read_text(encoding="utf-8")
    entries = re.findall(rf'^\["?([^"\]\n]+)"?\]\n(?:[^\n\[]+\n)*?step = "{re.escape(step)}"\n', text, re.MULTILINE)
    return str(entries[-1])


def _module_of_tests(step: str, root: Path) -> Path:
    number, _, name = step.partition(" ")
    path = root / "tests" / f"test_step{number}_{name.replace(' ', '_')}.py"
    if not path.exists():
        raise ScaffoldError(f"step {step!r} has no tests/{path.name}: choose another step.")
    return path


def _module_of_faults(step: str, root: Path) -> Path:
    found = [
        path
        for path in sorted((root / "standin" / "cases" / "faults").glob("*.py"))
        if f'\nSTEP = "{step}"\n' in path.read_text(encoding="utf-8")
    ]
    if not found:
        raise ScaffoldError(f"step {step!r} has no table of faults in standin/cases/faults/: choose another step.")
    return max(found, key=lambda path: path.stem in step)


def _schema(wanted: Wanted, root: Path) -> None:
    document = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:procore-quick-start:schema:{wanted.schema}",
        "title": f"Answer of GET {wanted.path}",
        "description": "TODO: which page says so, and what was seen",
        "type": "object",
        "required": ["id"],
        "properties": {"id": {"description": "TODO: what the page says of it", "type": "integer"}},
    }
    text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    (root / "schemas" / f"{wanted.schema}.schema.json").write_text(text, encoding="utf-8")


def left(root: Path = ROOT) -> list[str]:
    """Return each ``TODO`` that is left in the tables, tests and schemas, a sentence each."""
    return [sentence for place in PLACES for path in _files(root / place) for sentence in _left_in(path, root)]


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.iterdir()) if path.suffix in {".toml", ".py", ".json"})


def _left_in(path: Path, root: Path) -> Iterator[str]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if TODO in line or re.search(r"[_-]todo\b", line):
            yield f"{path.relative_to(root).as_posix()}:{number}: put something in place of TODO: {line.strip()[:100]}"


def _commands(wanted: Wanted) -> list[str]:
    route = [] if wanted.endpoint != TODO else [f"standin/server/procore.py: add a Route that answers {wanted.path}"]
    support = "selftests/support"
    return [
        *route,
        f"{support}/spoiled_answers.py and {support}/legal_answers.py: add right answers of {wanted.schema}",
        "standin/cases/variations/: add something legal that must not fail",
        f"record it: {recorded_alone(wanted.name)}",
        "then python -m selftests.documents, python -m selftests.score --tables, and the self-tests",
    ]


def recorded_alone(name: str) -> str:
    """Return the command that records one exchange from the stand-in."""
    line = "python -m standin --clock-at=2026-11-27T12:00:00Z -- pytest --target=sandbox --disruptive"
    return f"{line} --record-mode=rewrite --record-only={name}"


def main(arguments: Sequence[str] | None = None, root: Path = ROOT) -> int:
    """Run the command line; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m selftests.scaffold", description=(__doc__ or "").split("\n")[2])
    parser.add_argument("name", help="of the exchange, as in tests/exchanges.toml")
    parser.add_argument("--path", required=True, help="may hold {placeholders} (CONTRIBUTING.md)")
    parser.add_argument("--step", default="7 projects", help="of the guide, in the catalogue's words (7 projects)")
    options = parser.parse_args(arguments)
    try:
        for sentence in write(Wanted(options.name, options.path, options.step), root):
            print(sentence)
    except (ScaffoldError, DefinitionError) as error:
        print(f"python -m selftests.scaffold: {error}", file=sys.stderr)
        return UNUSABLE
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
