"""The command of PROCORE_TOKEN_STORE: called with ``load`` and ``save``, without a shell, bounded in time and size."""

import hashlib
import os
import shlex
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from threading import Thread
from typing import IO

from quickstart.credentials import private_file
from quickstart.credentials.sources import PIPELINES, SECRETS, variable
from quickstart.credentials.token_cache import CacheError

LIMIT = 20.0  # seconds that the command may take
LOAD, SAVE = "load", "save"
OF, EXPECTED = "PROCORE_TOKEN_NAME", "PROCORE_TOKEN_EXPECTED"
_GROUPS = hasattr(os, "killpg")
_LONGEST_COMPLAINT = 200  # characters of what the command says on standard error
_CHUNK = 4096
_NOTHING = "{}"  # what a secret is made with where it cannot be made empty


class StoreError(CacheError):
    """The store did not do it; the message is one sentence that says what, and nothing that the store holds."""


class Store:
    """Keeps one text. ``name`` says whose it is; ``clean`` takes secrets out of what the command says.

    Beside the verb the command gets two variables: ``PROCORE_TOKEN_NAME``, one name for each login host and app, and
    ``PROCORE_TOKEN_EXPECTED``, the SHA-256 digest of the text that was last loaded or saved (empty: there was none).
    A store that refuses to save where it holds another text than that is one that locks.
    """

    def __init__(self, command: str, name: str, clean: Callable[[str], str]) -> None:
        self._words = shlex.split(command)
        self._name = name
        self._clean = clean
        self._expected = ""

    def load(self) -> str:
        """Return the text, which is empty where nothing was saved; ``{}`` is as good as nothing.

        Raises:
            StoreError: the command cannot be run, failed, took too long, or printed what cannot be such a text.
        """
        content = self._run(LOAD, b"")
        try:
            text = content.decode("utf-8-sig").strip()
        except UnicodeDecodeError:
            raise StoreError(f"{self._verb(LOAD)} printed bytes that are no text: {_BY_HAND}.") from None
        self._expected = _digest(text)
        return "" if text == _NOTHING else text

    def save(self, text: str) -> None:
        """Keep ``text`` in place of what is there.

        Raises:
            StoreError: the command cannot be run, failed or took too long; nobody knows whether the text was kept.
        """
        self._run(SAVE, text.encode())
        self._expected = _digest(text)

    def _verb(self, verb: str) -> str:
        return f"The token store (PROCORE_TOKEN_STORE), asked to {verb},"

    def _run(self, verb: str, given: bytes) -> bytes:
        try:
            process = subprocess.Popen(
                [*self._words, verb],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=_environment({OF: self._name, EXPECTED: self._expected}),
                start_new_session=_GROUPS,  # so that it ends with all that it started, and asks no terminal
            )
        except OSError as error:
            raise StoreError(f"{self._verb(verb)} cannot be started ({error.strerror}): {_BY_HAND}.") from None
        ended = False
        try:
            talk = _Talk(process, given)
            ended = talk.is_over_by(time.monotonic() + LIMIT)
        finally:
            if not ended:
                _end(process)
        if talk.too_much:
            raise StoreError(f"{self._verb(verb)} printed more than {private_file.LARGEST} bytes: {_BY_HAND}.")
        if not ended:
            raise StoreError(f"{self._verb(verb)} did not end within {LIMIT:g} s: {_BY_HAND}.")
        if process.returncode != 0:
            said = self._complaint(bytes(talk.complaint))
            raise StoreError(f"{self._verb(verb)} failed with exit code {process.returncode}{said}: {_BY_HAND}.")
        return bytes(talk.output)

    def _complaint(self, content: bytes) -> str:
        """Return the last line that the command wrote to standard error, as it may be shown."""
        lines = [line.strip() for line in content.decode("utf-8", "replace").splitlines() if line.strip()]
        # Cleaned before it is cut: half a secret is harder to know.
        return f' ("{self._clean(lines[-1])[:_LONGEST_COMPLAINT].rstrip(".")}")' if lines else ""


_BY_HAND = f"try the command by hand; {PIPELINES} says what it must do"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest() if text else ""


def _environment(more: Mapping[str, str]) -> dict[str, str]:
    """Return our environment, where the command finds its own credentials, without those that are the suite's."""
    ours = {variable(name) for name in SECRETS}
    return {name: value for name, value in os.environ.items() if name.upper() not in ours} | dict(more)


class _Talk:
    """What goes in and comes out of a process, each in a thread of its own, so that nobody waits for a full pipe."""

    def __init__(self, process: subprocess.Popen[bytes], given: bytes) -> None:
        self.output, self.complaint = bytearray(), bytearray()
        self.too_much = False
        self._process = process
        self._given = given
        assert process.stdin and process.stdout and process.stderr  # noqa: PT018 - they are pipes
        self._threads = [
            Thread(target=work, args=(stream,), daemon=True)
            for work, stream in (
                (self._give, process.stdin),
                (self._take, process.stdout),
                (self._hear, process.stderr),
            )
        ]
        for thread in self._threads:
            thread.start()

    def is_over_by(self, deadline: float) -> bool:
        """Whether the process ended by then, and all that it said is read."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(max(0.0, deadline - time.monotonic()))
            for thread in self._threads:
                thread.join(max(0.0, deadline - time.monotonic()))
        return not self.too_much and not any(thread.is_alive() for thread in self._threads)

    def _give(self, stream: IO[bytes]) -> None:
        with suppress(OSError), stream:  # who does not read it says so with its exit code
            stream.write(self._given)

    def _take(self, stream: IO[bytes]) -> None:
        with suppress(OSError, ValueError), stream:
            while chunk := stream.read1(_CHUNK):  # type: ignore[attr-defined]
                self.output += chunk
                if len(self.output) > private_file.LARGEST:
                    self.too_much = True
                    _end(self._process)
                    return

    def _hear(self, stream: IO[bytes]) -> None:
        with suppress(OSError, ValueError), stream:
            while chunk := stream.read1(_CHUNK):  # type: ignore[attr-defined]
                self.complaint += chunk
                del self.complaint[: -private_file.LARGEST]


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process and all that it started and that is still there."""
    with suppress(OSError):
        if _GROUPS:
            os.killpg(process.pid, signal.SIGKILL)  # of Windows there is the process alone
        else:
            process.kill()
    process.wait()
