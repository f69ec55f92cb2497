"""A file that only its owner may read, read and written as a whole; judged by what the system has."""

import os
import stat
import tempfile
import time
from contextlib import suppress
from pathlib import Path

LARGEST = 64_000  # bytes; what we write is a few thousand
PATIENCE = 2.0  # seconds that a file may be held open by a reader where that hinders its replacement (Windows)
_FLAGS = ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY")  # no system has all of them


class UnfitError(Exception):
    """The file is not to be used; the message says why, in a few words that follow its name."""


def read(path: Path) -> bytes | None:
    """Return what is in the file, or ``None`` where there is none.

    Raises:
        UnfitError: it is no plain file, too large, somebody else's, open to other users, or cannot be read.
    """
    try:
        # Before it is opened, too: to open a device or a pipe may do something.
        _refuse_odd(path.lstat())
        with os.fdopen(_opened(path), "rb") as file:
            _refuse_odd(os.fstat(file.fileno()))
            content = file.read(LARGEST + 1)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise UnfitError(f"cannot be read ({error.strerror})") from None
    if len(content) > LARGEST:
        raise UnfitError(f"has more than {LARGEST} bytes and is none of ours")
    return content


def _opened(path: Path) -> int:
    """Open without following a link, waiting for a pipe or translating line ends, where the system knows of such."""
    return os.open(path, os.O_RDONLY | sum(getattr(os, name, 0) for name in _FLAGS))


def _refuse_odd(found: os.stat_result) -> None:
    if stat.S_ISLNK(found.st_mode):
        raise UnfitError("is a link, which is not followed")
    if not stat.S_ISREG(found.st_mode):
        raise UnfitError("is no file")
    if not hasattr(os, "geteuid"):
        return  # Windows has neither modes nor such owners; the user's own folders are closed to others there
    if found.st_uid != os.geteuid():
        raise UnfitError("belongs to another user")
    if stat.S_IMODE(found.st_mode) & 0o077:
        raise UnfitError("can be read by other users")


def write(path: Path, content: bytes, unfinished: str) -> None:
    """Write the file as a whole: a temporary file beside it, whose name begins with ``unfinished``, fsync, replace.

    Raises:
        OSError: it cannot be written; the old file is still there.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=unfinished)  # for its owner alone
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        _replace(Path(name), path)
    except OSError:
        with suppress(OSError):
            Path(name).unlink()
        raise
    _sync_folder(path.parent)


def _replace(source: Path, target: Path) -> None:
    """Give ``target`` a new content; Windows makes us wait for whoever reads the old one, be it a virus scanner."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            source.replace(target)
        except PermissionError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return


def _sync_folder(folder: Path) -> None:
    """Let the new name survive a power cut, where folders can be synchronised."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def make_folder(folder: Path) -> None:
    """Make the folder for its owner alone, and refuse one where others may exchange what is in it.

    Raises:
        OSError: it cannot be made or looked at.
        UnfitError: every user may remove what is in it.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    mode = folder.stat().st_mode
    if hasattr(os, "geteuid") and mode & stat.S_IWOTH and not mode & stat.S_ISVTX:
        raise UnfitError("can be written by all users, who could exchange what is in it")
