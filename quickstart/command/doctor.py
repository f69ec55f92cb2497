"""``doctor``: looks at all that a live run needs, one thing after the other; each has a tick, or what to do."""

import argparse
import json
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from quickstart import MACHINERY
from quickstart.command.ends import DONE, REFUSED, UNUSABLE
from quickstart.command.finding import ILL, UNKNOWN, WELL, Finding
from quickstart.command.visits import Visit
from quickstart.credentials import settings, sources, status, surroundings
from quickstart.credentials.settings import Settings, SettingsError
from quickstart.credentials.sources import SECRETS, env_file
from quickstart.exchange import proxies, trust
from quickstart.exchange.targets import TARGETS, Target
from quickstart.secrecy.redaction import Redactor
from quickstart.secrecy.vocabulary import Vocabulary

_SIGNS = {WELL: ("✓", "ok"), ILL: ("✗", "!!"), UNKNOWN: ("–", "--")}  # and where a console has no such letter


def doctor(options: argparse.Namespace) -> int:
    """Print the findings; 0 where all is well, 4 where something here is to be mended first, 1 for all else."""
    redactor = Redactor(Vocabulary(MACHINERY))
    found = [_redacted(one, redactor) for one in findings(options.target, options.profile, redactor)]
    if options.json:
        print(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=2))
    else:
        print("\n".join(line for one in found for line in _lines(one)))
    ill = [one for one in found if one.state == ILL]
    return UNUSABLE if any(one.here for one in ill) else REFUSED if ill else DONE


def _redacted(one: Finding, redactor: Redactor) -> Finding:
    return Finding(one.check, one.state, redactor.line(one.words), redactor.line(one.remedy), one.here)


def _lines(one: Finding) -> Iterator[str]:
    sign, plain = _SIGNS[one.state]
    try:
        sign.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        sign = plain
    yield f"{sign} {one.check:<13}{one.words}"
    if one.remedy:
        yield f"  what to do:  {one.remedy}"


def findings(target: str, profile: str | None, redactor: Redactor) -> Iterator[Finding]:
    """Yield what is found, in the order in which a run would need it."""
    given: Settings | None = None
    file = Path(os.devnull)  # as long as there is none that can be read
    try:
        file = env_file(Path.cwd(), profile)
        _learn(file, redactor)
        given = settings.load(file)
        yield Finding("settings", WELL, f"{len(settings.given(file))} are set, and can be used")
    except SettingsError as error:
        words, _, remedy = str(error).partition(": ")
        yield Finding("settings", ILL, words, remedy or words, here=True)
    for note in settings.notes(file):
        words, _, remedy = note.partition(": ")
        yield Finding("settings", UNKNOWN, words, remedy, here=True)
    try:
        surroundings.refuse_broken()
    except SettingsError as error:
        words, _, remedy = str(error).partition(": ")
        yield Finding("surroundings", ILL, words, remedy, here=True)
        return
    at = given.target(target) if given else TARGETS[target]
    yield _proxy(at)
    yield _authorities()
    yield from _tokens(file, redactor)
    yield from Visit(at, given).findings()


def _learn(file: Path, redactor: Redactor) -> None:
    for name, value in sources.raw(file, SECRETS).items():
        redactor.learn(name.replace("_", "-").removeprefix("other-"), value)
    for password in proxies.passwords():
        redactor.learn("password", password)


def _proxy(at: Target) -> Finding:
    with suppress(ValueError):
        parts = proxies.before(at.api_url)
        if parts:
            return Finding("proxy", WELL, f"{parts.hostname}:{parts.port or 80} stands before {at.api_url}")
    return Finding("proxy", WELL, "none: connections go out directly")


def _authorities() -> Finding:
    given = trust.named()
    words = f"{given[1]} alone, as {given[0]} says" if given else "the system's certificate authorities, and certifi's"
    return Finding("CA file", WELL, words)


def _tokens(file: Path, redactor: Redactor) -> Iterator[Finding]:
    """Yield what is cached, in the words of ``status``."""
    lines = [*status.lines(file, redactor)]
    kept = [line.strip() for line in lines[lines.index("Cached tokens:") + 1 :]]
    store = next((number for number, line in enumerate(kept) if line.startswith("Token store")), len(kept))
    for line in kept[:store]:
        none = line.startswith(("none", "not looked for")) or line.endswith(status.EMPTY)
        yield Finding("tokens", UNKNOWN if none else WELL, line)
    for line in kept[store + 1 :]:
        if "this app:" in line:
            yield Finding("token store", WELL, line)
        elif line.startswith(("holds nothing", "not asked")):
            yield Finding("token store", UNKNOWN, line)
        else:
            yield Finding(
                "token store", ILL, line, "mend the command of PROCORE_TOKEN_STORE, or what it keeps", here=True
            )
