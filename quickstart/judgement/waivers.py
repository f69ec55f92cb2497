"""Breaches that are known and put up with, each with a reason and an end: ``waivers.toml``."""

import difflib
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Self

from quickstart.exchange.targets import NAMES
from quickstart.judgement.catalogue import Requirement

FILE = "waivers.toml"
_MEMBERS = ("reason", "until", "target", "expected")


class WaiverError(Exception):
    """The waivers cannot be used; the message names the file, the requirement and what to change."""


@dataclass(frozen=True)
class Waiver:
    """One breach that does not fail a run. It holds through the day ``until`` (UTC), at ``targets`` or at all."""

    requirement: str
    reason: str
    until: date
    targets: tuple[str, ...] = ()
    expected: str = ""

    @property
    def words(self) -> str:
        """Until when, and why."""
        return f"until {self.until.isoformat()}: {self.reason}"

    def cleaned(self, clean: Callable[[str], str]) -> Self:
        """Return the waiver as it may be printed; ``clean`` takes secrets out of a text."""
        return replace(self, reason=clean(self.reason), expected=clean(self.expected))


@dataclass(frozen=True)
class Waivers:
    """The waivers of one run, by requirement; ``today`` is the day (UTC) on which it began, ``target`` whom it asks."""

    file: str = FILE
    known: Mapping[str, Waiver] = field(default_factory=dict)
    target: str = ""
    today: date = date.min

    def at(self, target: str, started: datetime) -> Self:
        """Return the waivers of a run that asks ``target`` and began at ``started``."""
        return replace(self, target=target, today=started.date())

    def of(self, requirement: str) -> Waiver | None:
        """Return what waives a breach of ``requirement`` in this run, or ``None``."""
        waiver = self._here(requirement)
        return waiver if waiver and self.today <= waiver.until else None

    def stale(self, requirement: str, *, broken: bool) -> str:
        """Say what is wrong with the waiver of a requirement that was judged, and ``broken`` or not; or nothing."""
        waiver = self._here(requirement)
        if waiver is None:
            return ""
        name = f'{self.file}: ["{requirement}"]'
        over = self.today > waiver.until
        if not broken:
            past = f"is past its date ({waiver.until.isoformat()}) and " if over else ""
            return f"{name} {past}is not needed any more, the requirement is satisfied: remove it."
        if over:
            return (
                f"{name} is past its date ({waiver.until.isoformat()}) and waives nothing any more: "
                "look at the breach again, then remove the waiver or give it a new date."
            )
        return ""

    def _here(self, requirement: str) -> Waiver | None:
        waiver = self.known.get(requirement)
        return waiver if waiver and (not waiver.targets or self.target in waiver.targets) else None


def load(path: Path, catalogue: Mapping[str, Requirement], *, named: str | None = None) -> Waivers:
    """Read the waivers. ``named`` is what the user calls the file; one that nobody named may be missing.

    Raises:
        WaiverError: the file cannot be read, or an entry of it cannot be used.
    """
    file = path.name if named is None else named
    if not path.is_file():
        if named is None and path.is_dir():  # which Docker makes where a file that is to be mounted is missing
            raise WaiverError(f"{file} is a folder: put the file there, or remove it.")
        if named is None:
            return Waivers(file)
        raise WaiverError(f"--waivers={file} is no file: name one that is there, or leave the option out.")
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise WaiverError(f"{file} cannot be read ({error}): mend it (README, Waivers).") from None
    return Waivers(file, {name: _waiver(name, entry, file, catalogue) for name, entry in entries.items()})


def _waiver(name: str, entry: Any, file: str, catalogue: Mapping[str, Requirement]) -> Waiver:
    where = f'{file}: ["{name}"]'
    if name not in catalogue:
        raise WaiverError(f"{where} names no requirement: {_meant(name, entry, catalogue)}.")
    if catalogue[name].basis == "safety":
        raise WaiverError(f"{where} protects data or secrets, and cannot be waived: remove it.")
    problem = _problem(entry)
    if problem:
        raise WaiverError(f"{where} {problem}.")
    targets = entry.get("target", ())
    return Waiver(
        requirement=name,
        reason=_line(entry["reason"]),
        until=entry["until"],
        targets=(targets,) if isinstance(targets, str) else tuple(targets),
        expected=_line(entry.get("expected", "")),
    )


def _meant(name: str, entry: Any, catalogue: Mapping[str, Requirement]) -> str:
    """Say which id may have been meant: TOML takes a dot without quotes for a table in a table."""
    for path in _paths(name, entry):
        if path in catalogue:
            return f'put the id in quotes, ["{path}"]'
    closest = difflib.get_close_matches(name, catalogue, cutoff=0.0)
    return f"the closest is {closest[0]}" if closest else "there are none"


def _paths(name: str, entry: Any) -> Iterator[str]:
    left = [(name, entry)]
    while left:
        path, value = left.pop()
        if isinstance(value, Mapping):
            left += [(f"{path}.{key}", inner) for key, inner in value.items()]
            yield path


def _problem(entry: Any) -> str:
    """Say what to change in an entry, or nothing."""
    if not isinstance(entry, Mapping):
        return "is no table: give it a reason and a date, until"
    unknown = sorted(entry.keys() - set(_MEMBERS))
    if unknown:
        return f"has an unknown member, {unknown[0]}: the members are {', '.join(_MEMBERS)}"
    if not _is_text(entry.get("reason")):
        return 'needs a reason: reason = "why this breach is put up with"'
    until = entry.get("until")
    if not isinstance(until, date) or isinstance(until, datetime):
        return "needs the last day on which it waives, a date without quotes: until = 2026-12-31"
    targets = entry.get("target", "")
    wrong = [one for one in (targets if isinstance(targets, list) else [targets]) if one not in NAMES]
    if "target" in entry and (wrong or not targets):
        return f"has a target that is none: one of {', '.join(NAMES)}, or a list of them"
    if "expected" in entry and not _is_text(entry["expected"]):
        return "has an expected that says nothing: write what is expected instead, or leave it out"
    return ""


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _line(text: str) -> str:
    """Return ``text`` in one line that a terminal can show."""
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())
