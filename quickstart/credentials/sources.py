"""Where settings stand: the environment, then a .env file; and what stands there that is no setting."""

import os
import re
import stat
from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path

PREFIX = "PROCORE_"
ENCODING = "utf-8-sig"  # as editors on Windows write it, or without the mark
LARGEST = 100_000  # bytes of a file of settings
PIPELINES = "docs/tokens-in-pipelines.md"
SECRETS = frozenset({
    "client_id", "client_secret", "authorization_code", "refresh_token", "other_client_id", "other_client_secret",
    "token_cache_key", "token_store",
})  # fmt: skip
_TOLD = 5  # unknown names; whoever has more of them has them for something else
_NEAR, _VERY_NEAR = 0.6, 0.8  # ratios of difflib


class SettingsError(Exception):
    """A setting is missing or wrong; the message is one sentence that names the variable and never its secret."""


def variable(name: str) -> str:
    """Return the name of the variable of a setting: ``PROCORE_CLIENT_ID``."""
    return PREFIX + name.upper()


def env_file(folder: Path, profile: str | None) -> Path:
    """Return the file of settings in ``folder``: ``.env``, which may be missing, or that of a named profile.

    Raises:
        SettingsError: the profile has no file, or a name that cannot be one; or the file cannot be read.
    """
    path = folder / ".env"
    if profile is not None:
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", profile):
            raise SettingsError(f"--profile={profile!a:.60} is no name of a profile: use letters, digits, - and _.")
        path = folder / f".env.{profile}"
        if not os.path.lexists(path):
            raise SettingsError(
                f"--profile={profile} needs the file {path.name}: copy .env and set its PROCORE_ variables."
            )
    if os.path.lexists(path):
        _refuse_unreadable(path)
    return path


def _refuse_unreadable(path: Path) -> None:
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise SettingsError(f"{path} is no file: put lines such as PROCORE_COMPANY_ID=4265001 into a file there.")
        if found.st_size > LARGEST:
            raise SettingsError(f"{path} has more than {LARGEST} bytes: keep the PROCORE_ variables alone in it.")
        if "\0" in path.read_text(encoding=ENCODING):
            raise UnicodeDecodeError("utf-8", b"\0", 0, 1, "a NUL")
    except UnicodeDecodeError:
        raise SettingsError(f"{path} is not UTF-8: save it so (PowerShell: -Encoding utf8).") from None
    except OSError as error:
        raise SettingsError(f"{path} cannot be read ({error.strerror}): make it a file that you can read.") from None


def in_file(file: Path) -> dict[str, str]:
    """Return what ``file`` sets, by upper-case name; nothing where there is no file."""
    if not file.is_file():
        return {}
    from dotenv import dotenv_values  # where there is no file, it is not imported

    found = dotenv_values(file, encoding=ENCODING)
    return {name.upper(): value for name, value in found.items() if value}


def _in_environment() -> dict[str, str]:
    return {name.upper(): value for name, value in os.environ.items() if value}


def given(file: Path, known: Collection[str]) -> dict[str, str]:
    """Return which of the settings ``known`` are set, each with where: ``environment``, or the name of ``file``."""
    environment = _in_environment()
    return {name: "environment" if variable(name) in environment else file.name for name in raw(file, known)}


def raw(file: Path, known: Collection[str]) -> dict[str, str]:
    """Return those of ``known`` that are set, as they stand there: unchecked, and secrets too."""
    values = in_file(file) | _in_environment()
    return {name: values[variable(name)] for name in known if variable(name) in values}


def unknown(file: Path, known: Collection[str]) -> dict[str, str]:
    """Return the names that look like settings and are none, each with where it stands.

    In the environment a name looks like one by its prefix; in the file, which is ours, also by being near to one.
    """
    names = [variable(name) for name in known]
    there = {name: file.name for name in in_file(file) if name not in names and _is_meant(name, names)}
    around = {name: "environment" for name in _in_environment() if name.startswith(PREFIX) and name not in names}
    return there | around


def _is_meant(name: str, names: Collection[str]) -> bool:
    return name.startswith(PREFIX) or PREFIX + name in names or bool(get_close_matches(name, names, 1, _VERY_NEAR))


def nearest(name: str, known: Collection[str], cutoff: float = _NEAR) -> str | None:
    """Return the variable of the setting that the unknown ``name`` is nearest to, or ``None``."""
    rests = [setting.upper() for setting in known]  # the prefix, which all have, would make all look alike
    found = get_close_matches(name.removeprefix(PREFIX), rests, 1, cutoff)
    return PREFIX + found[0] if found else None


def instead_of(missing: str, strangers: Mapping[str, str], known: Collection[str]) -> str | None:
    """Return the unknown name that was probably meant for the setting ``missing``."""
    wanted = variable(missing)
    return next((shown(name) for name in strangers if nearest(name, known, _VERY_NEAR) == wanted), None)


def notes(file: Path, known: Collection[str]) -> Iterator[str]:
    """Yield what the user should know of where the settings stand, a sentence each."""
    strangers = unknown(file, known)
    for name in [*strangers][:_TOLD]:
        near = nearest(name, known)
        which = f"the nearest one is {near}" if near else "README, section Settings, has them all"
        yield f"{shown(name)} (set in {strangers[name]}) is no setting of the suite and is ignored: {which}."
    if len(strangers) > _TOLD:
        yield f"{len(strangers) - _TOLD} more PROCORE_ variables are no settings of the suite and are ignored."
    if _is_open_to_all(file) and raw(file, SECRETS):
        yield f"{file.name} holds secrets and can be read by all users of this machine: chmod 600 {file.name}."


def _is_open_to_all(file: Path) -> bool:
    """Whether the file's mode lets everybody in; Windows has none, and its folders of users are closed."""
    return hasattr(os, "geteuid") and file.is_file() and bool(file.stat().st_mode & stat.S_IROTH)


def shown(name: str) -> str:
    """Return a name as it may be printed, whoever chose it."""
    return name if re.fullmatch(r"[A-Z0-9_]{1,60}", name) else f"{name!a:.60}"
