"""Puts reports into files: each as a whole or not at all, and where one cannot be written, the others still are."""

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

SUMMARY_VARIABLE = "GITHUB_STEP_SUMMARY"
_LINKS = 40  # that lead from one to the next, as many as Linux follows


class FileError(Exception):
    """A report cannot be written; the message names the option and the file."""


def write(option: str, path: Path, text: str) -> None:
    """Write a file as a whole, or not at all. An older one that cannot be replaced is removed: it is of another run.

    Raises:
        FileError: it cannot be written.
    """
    # Halves of surrogate pairs, which JSON may hold and no file can, become escapes.
    content = text.encode("utf-8", "backslashreplace")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if _is_stream(path):
            with path.open("ab") as stream:
                stream.write(content)
        else:
            _replace(path.resolve(), content)  # what a link leads to, and not the link
    except (OSError, ValueError) as error:
        left = "" if remove(path) else "; what stands there is of another run"
        raise FileError(f"{option}={path} cannot be written ({_reason(error)}){left}.") from None


def _replace(path: Path, content: bytes) -> None:
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    except OSError:
        with suppress(OSError):
            beside.unlink()
        raise


def _is_stream(path: Path) -> bool:
    """Whether ``path`` is a pipe or a device, such as /dev/stdout: it is written into, and stays what it is.

    What /dev/stdout leads to may well be a plain file; it is not ours to replace.
    """
    for _ in range(_LINKS):
        if path.absolute().is_relative_to("/dev") or path.absolute().is_relative_to("/proc"):
            return True
        if not path.is_symlink():
            break
        path = path.parent / path.readlink()
    return path.exists() and not path.is_file() and not path.is_dir()


def remove(path: Path) -> bool:
    """Remove a report of another run; return whether none is there any more."""
    try:
        if path.is_file() and not _is_stream(path):
            path.resolve().unlink()
        return _is_stream(path) or not path.is_file()
    except (OSError, ValueError):
        return False


def append_summary(variables: Mapping[str, str], text: str) -> None:
    """Write into the summary of a GitHub workflow, if ``variables`` are those of one.

    Raises:
        FileError: it cannot be written.
    """
    if not variables.get(SUMMARY_VARIABLE):
        return
    path = Path(variables[SUMMARY_VARIABLE])
    try:
        with path.open("ab") as file:
            file.write(text.encode("utf-8", "backslashreplace"))
    except (OSError, ValueError) as error:
        raise FileError(f"{SUMMARY_VARIABLE}={path} cannot be written ({_reason(error)}).") from None


def _reason(error: OSError | ValueError) -> str:
    """Return the system's own words, without the path, which our sentence names."""
    return getattr(error, "strerror", None) or str(error)
