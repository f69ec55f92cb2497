"""The file or folder that keeps a record of each run: appended to under a lock, read in spite of what is damaged."""

import json
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from quickstart.history.record import Record, RecordError, from_plain

WAIT = 30.0  # seconds for another run to end its line
LONGEST = 1_000_000  # bytes of one record, a hundred times what it takes; a verdict in a folder, of a run of thousands
_TOLD = 5  # damaged records that are named one by one


class StoreError(Exception):
    """A history cannot be read or written at all; the message names the file and what to change."""


@dataclass(frozen=True)
class Read:
    """What a history holds: ``records``, oldest first, and a sentence on each place that is damaged."""

    records: tuple[Record, ...]
    damaged: tuple[str, ...] = ()

    @property
    def notes(self) -> list[str]:
        """What is told of damage: few places by name, and how many more."""
        more = len(self.damaged) - _TOLD
        return [*self.damaged[:_TOLD], *([f"{more} more records are damaged, and left out"] if more > 0 else [])]


def append(path: Path, record: Record) -> None:
    """Add a record: a line of the file ``path``, or a file in the folder.

    A file is locked against other runs; a line that an earlier run left half stays alone.

    Raises:
        StoreError: it cannot be written, or somebody else holds it for too long.
    """
    line = json.dumps(record.as_plain(), ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace")
    try:
        if path.is_dir():
            _put(path, record, line + b"\n")
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            with _locked(path):
                _add(path, line + b"\n")
    except (OSError, ValueError) as error:
        raise StoreError(f"{path} cannot be written ({getattr(error, 'strerror', None) or error})") from None


def located(given: str) -> Path:
    """Return the history that a user names: a folder with a file for each run where one is there, or it ends with /.

    Raises:
        StoreError: the folder cannot be made, or it is a device.
    """
    path = Path(given)
    _refuse_device(path)
    if given.endswith(("/", os.sep)):
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"{path} cannot be written ({error.strerror})") from None
    return path


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    from filelock import FileLock, Timeout  # a run without a history does without

    lock = FileLock(path.with_name(f".{path.name}.lock"), timeout=WAIT)
    try:
        lock.acquire()
    except Timeout:
        raise StoreError(f"{path} is held by another run for more than {WAIT:g} s") from None
    try:
        yield
    finally:
        lock.release()


def _add(path: Path, line: bytes) -> None:
    """Write the line in one piece, and take it back where it does not fit."""
    with path.open("ab+") as file:
        end = file.seek(0, os.SEEK_END)
        if end:
            file.seek(end - 1)
            line = line if file.read(1) == b"\n" else b"\n" + line
        try:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
        except OSError:
            os.truncate(path, end)
            raise


def _put(folder: Path, record: Record, line: bytes) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{record.when:%Y-%m-%dT%H-%M-%SZ}-{uuid.uuid4().hex[:8]}.json"  # no two runs have one name
    beside = path.with_name(f".{path.name}")
    try:
        beside.write_bytes(line)
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise


def read(path: Path) -> Read:
    """Return what the history holds; nothing where there is none yet. Records and verdicts may stand in it.

    Raises:
        StoreError: it is there and cannot be read.
    """
    try:
        _refuse_device(path)
        texts = _files(path) if path.is_dir() else _lines(path) if path.exists() else iter(())
        records, damaged = [], []
        for where, text in texts:
            try:
                records.append(parsed(text))
            except RecordError as error:
                damaged.append(f"{where} is damaged, and left out: {error}")
    except OSError as error:
        raise StoreError(f"{path} cannot be read ({error.strerror or error})") from None
    # Files of a folder have any names, and a file may have been put together from several.
    return Read(tuple(sorted(records, key=lambda one: one.when)), tuple(damaged))


def parsed(text: bytes) -> Record:
    """Return the record, or the record of the verdict, that is this JSON text.

    Raises:
        RecordError: it is neither.
    """
    if len(text) > LONGEST:
        raise RecordError("it is too long")
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise RecordError("it is no JSON") from None
    return from_plain(document)


def _refuse_device(path: Path) -> None:
    """A device such as /dev/full may be read without end; a pipe has one."""
    if path.is_char_device():
        raise StoreError(f"{path} is a device: name a file or a folder")


def _lines(path: Path) -> Iterator[tuple[str, bytes]]:
    with path.open("rb") as file:
        number = 0
        while line := file.readline(LONGEST + 1):
            number += 1
            if len(line) > LONGEST:
                while (rest := file.readline(LONGEST)) and not rest.endswith(b"\n"):
                    pass
            if line.strip():
                yield f"line {number} of {path}", line


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.glob("*.json")):
        if path.is_file() and not path.name.startswith("."):
            with path.open("rb") as file:
                yield str(path), file.read(LONGEST + 1)
