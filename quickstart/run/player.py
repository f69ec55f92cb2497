"""Plays what vcrpy recorded: an adapter of requests that answers in place of the network; nothing is patched."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
import yaml
from requests.adapters import HTTPAdapter
from urllib3 import HTTPHeaderDict
from vcr.cassette import Cassette
from vcr.record_mode import RecordMode
from vcr.request import Request
from vcr.stubs import VCRHTTPResponse

from quickstart.run.cassettes import ReplayError, description, same_request

_FRAME = re.compile(r"(interactions|version)\b")


class Player(HTTPAdapter):
    """Answers each request from the cassette that is being played; it has no way to the network."""

    def __init__(self) -> None:
        super().__init__()
        self._cassette: Any = None
        self._path = Path()

    @contextmanager
    def playing(self, path: Path) -> Iterator[Any]:
        """Answer what is sent inside from the cassette at ``path``, each recorded interaction once; yield the cassette.

        Raises:
            ReplayError: the cassette is unreadable, of another request, or not played to its end.
        """
        try:
            self._path = path
            self._refuse_odd(path.read_text(encoding="utf-8"))
            self._cassette = Cassette.load(path=str(path), record_mode=RecordMode.NONE, match_on=(same_request,))
            yield self._cassette
            if not self._cassette.all_played:
                raise ReplayError(f"{path.name} holds more interactions than were played: record anew.")
        except (yaml.YAMLError, KeyError, TypeError, ValueError, AttributeError) as error:
            raise self._damaged(type(error).__name__) from None
        finally:
            self._cassette = None

    def _refuse_odd(self, text: str) -> None:
        """Of two lists YAML takes the last one without a word, and vcrpy reads any version."""
        if [*filter(_FRAME.match, text.split("\n"))] not in (["interactions:", "version: 1"], []):
            raise self._damaged("it is not one list of interactions of version 1")

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        """Return the recorded answer to ``request``.

        Raises:
            ReplayError: there is none, it was played already, or no server can have sent it.
        """
        sent = Request(request.method, request.url, request.body, dict(request.headers))
        if not self._cassette.can_play_response_for(sent):
            raise ReplayError(self._mismatch(sent))
        played = VCRHTTPResponse(self._cassette.play_response(sent), request.url)
        if not isinstance(played.status, int) or not 100 <= played.status <= 999:
            raise self._damaged("its status is no number from 100 to 999")
        played.headers = HTTPHeaderDict(played.getheaders())  # as vcrpy's own connections for urllib3 do
        return self.build_response(request, played)

    def _damaged(self, how: str) -> ReplayError:
        where = f"{self._path.parent.name}/{self._path.name}"
        return ReplayError(f"{where} is damaged ({how}): restore it from git, or record anew.")

    def _mismatch(self, request: Request) -> str:
        recorded = [description(one) for one in self._cassette.requests]
        sent = description(request)
        if not recorded:
            return f"{self._path.name} holds no interaction: restore it from git, or record anew."
        parts = [key for key in sent if sent[key] != recorded[0][key]]
        if not parts:
            return f"{self._path.name}: the request was sent more often than it was recorded."
        other = f"{self._path.name} was recorded with another {' and '.join(parts)}"
        return f"{other} than the suite sends now: mend the code or record anew."
