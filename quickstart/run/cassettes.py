"""The recordings: one cassette an exchange, and evidence.json, which says where and when they were made."""

import json
import math
import shutil
import tempfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from quickstart.run import scrubbing
from quickstart.run.scrubbing import header
from quickstart.secrecy.redaction import Redactor

EVIDENCE = "evidence.json"
MATCHER = "exchange"
_INPUTS = ("login_url", "api_url", "client_id", "client_secret", "redirect_uri")  # texts that every run has
Headers = tuple[tuple[str, str], ...]


class ReplayError(Exception):
    """A recording does not serve: missing, unreadable, or of another request. The message says which and what to do."""


class CassetteError(Exception):
    """The folder of recordings as a whole cannot be used; the message names the file and what to change."""


@dataclass(frozen=True)
class Evidence:
    """Where a set of recordings comes from.

    ``source`` is the grant that gave the run its token; ``inputs`` are the stand-ins of what the run was configured
    with; ``exchanges`` maps each recorded exchange to when (ISO 8601, UTC) and how long it took (seconds), to what came
    first where it was sent again (earlier), to what the clock of whoever answered showed where it stood still (clock),
    and to who answered where it was not ``origin`` (origin);
    ``not_recorded`` maps each of the others to the reason.
    """

    origin: str
    target: str
    suite: str
    source: str
    inputs: Mapping[str, str | int]
    exchanges: Mapping[str, Mapping[str, Any]]
    not_recorded: Mapping[str, str] = field(default_factory=dict)

    def words(self, name: str) -> str:
        """Say where the recording of the exchange ``name`` comes from: *recorded from … on …*."""
        made = self.exchanges[name]
        day = str(made["recorded"]).partition("T")[0]
        return f"recorded from {made.get('origin', self.origin)} on {day}"

    def when(self, name: str) -> float:
        """Return when the answer came, Unix seconds, or 0: by the recording machine's clock, or by one that stood."""
        made = self.exchanges[name]
        try:
            return datetime.fromisoformat(str(made.get("clock", made["recorded"]))).timestamp()
        except ValueError:
            return 0.0


def load_evidence(folder: Path) -> Evidence:
    """Read evidence.json.

    Raises:
        CassetteError: it is missing or not what this version writes.
    """
    path = folder / EVIDENCE
    try:
        if path.exists() and not path.is_file():
            raise OSError("a pipe, which would be waited for")
        evidence = Evidence(**json.loads(path.read_text(encoding="utf-8")))
        _refuse_odd(evidence)
        return evidence
    except (OSError, ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        raise CassetteError(
            f"{path} cannot be used ({error.__class__.__name__}): restore it from git, or record anew (README, Record)."
        ) from None


def _refuse_odd(evidence: Evidence) -> None:
    """Let what nobody records fail here, and not as a crash in the midst of a run."""
    texts = (evidence.origin, evidence.target, evidence.source, *map(evidence.inputs.__getitem__, _INPUTS))
    if not all(isinstance(text, str) for text in (*texts, *evidence.not_recorded.values())):
        raise TypeError
    for number in ("company_id", *({"foreign_company_id"} & evidence.inputs.keys())):
        int(evidence.inputs[number])
    for made in evidence.exchanges.values():
        datetime.fromisoformat(made["recorded"])
        if not 0 <= made["seconds"] < math.inf:
            raise ValueError


def check(folder: Path, names: Collection[str], evidence: Evidence) -> None:
    """See that every exchange has its cassette or a reason not to, and that no cassette is left over.

    Raises:
        CassetteError: one of them has not.
    """
    there = {path.name.removesuffix(".yaml") for path in folder.glob("*.yaml")}
    known = {*evidence.exchanges, *evidence.not_recorded}
    for missing in sorted(evidence.exchanges.keys() - there):
        raise CassetteError(
            f"{folder.name}/{missing}.yaml is missing: restore it from git, or record anew (README, Record)."
        )
    for orphan in sorted(there - set(names)):
        raise CassetteError(f"{folder.name}/{orphan}.yaml belongs to no exchange of tests/exchanges.toml: remove it.")
    for new in sorted(set(names) - known - there):
        raise CassetteError(
            f"the exchange {new} has no recording yet: record it, alone with --record-only={new} (README, Record)."
        )
    for odd in sorted((there - evidence.exchanges.keys()) | (known ^ set(names))):
        raise CassetteError(
            f"{folder.name}/{EVIDENCE} and the exchange {odd} do not fit: record anew (README, Record)."
        )


def vcr_config(redactor: Redactor | None) -> dict[str, Any]:
    """Return the configuration of the cassettes of pytest-recording; with a ``redactor`` for recording alone.

    Filters would also run on what is replayed. There is nothing left to scrub then, so replay has none. The recordings
    of exchanges have none either: they are scrubbed together, once all secrets are known.
    """
    config: dict[str, Any] = {"match_on": (MATCHER,)}
    if redactor is not None:
        config["before_record_request"] = lambda request: scrubbing.request(request, redactor)
        config["before_record_response"] = lambda response: scrubbing.response(response, redactor, {})
    return config


def same_request(sent: Any, recorded: Any) -> None:
    """Compare by all that makes an exchange what it is; AssertionError tells vcrpy that they differ."""
    if description(sent) != description(recorded):
        raise AssertionError("another request")


def description(request: Any) -> dict[str, Any]:
    """Return what two requests are compared by: method, URL, query, company, scheme of Authorization, body."""
    parts = urlsplit(request.uri)
    body = request.body or b""
    text = body.decode("utf-8", "replace") if isinstance(body, bytes) else str(body)
    return {
        "method": request.method,
        "URL": f"{parts.scheme}://{parts.netloc}{parts.path}",
        "query": sorted(parse_qsl(parts.query, keep_blank_values=True)),
        "Procore-Company-Id": header(request, "Procore-Company-Id"),
        "Authorization": header(request, "Authorization").partition(" ")[0],
        "body": sorted(parse_qsl(text, keep_blank_values=True)) or text,
    }


def _withheld(cassette: Any) -> Headers:
    """Return the header lines of the last answer that vcrpy hands to nobody, since it undoes the chunks."""
    headers = cassette.responses[-1]["headers"] if cassette.responses else {}
    chunks = (values for name, values in headers.items() if name.lower() == "transfer-encoding")
    return tuple(("Transfer-Encoding", value) for values in chunks for value in values)


class Replay:
    """Plays cassettes; the network is not asked. ``withheld`` are the lines that vcrpy kept from the last answer."""

    def __init__(self, folder: Path, evidence: Evidence) -> None:
        from quickstart.run.player import Player  # with vcrpy, which a live run does without

        self._folder = folder
        self.evidence = evidence
        self.player = Player()
        self.withheld: Headers = ()

    @contextmanager
    def playing(self, name: str) -> Iterator[None]:
        """Answer what is sent inside from the cassette of the exchange ``name``, each recorded interaction once.

        Raises:
            ReplayError: the cassette is missing, unreadable, of another request, or not played to its end.
        """
        path = self._folder / f"{name}.yaml"
        if not path.is_file():
            raise ReplayError(f"{path.parent.name}/{path.name} is missing: restore it from git, or record anew.")
        with self.player.playing(path) as cassette:
            self.withheld = _withheld(cassette)  # before it is played: then vcrpy has forgotten them
            yield


class Recording:
    """Records into a folder of its own, which replaces the old recordings as a whole, or not at all.

    With ``only`` the recordings of all other exchanges stay as they are.
    Until ``write`` all stays in memory: what is secret in the first answer may be known by the last one alone.
    """

    def __init__(self, folder: Path, redactor: Redactor, only: frozenset[str] = frozenset()) -> None:
        self._folder = folder
        self.only = only
        self._redactor = redactor
        self._vcr = _recorder()
        self._memory = _Memory()
        self._vcr.register_persister(self._memory)
        self.withheld: Headers = ()
        self._staged = Path(tempfile.mkdtemp(prefix=".recording-", dir=folder.parent))

    @contextmanager
    def recording(self, name: str) -> Iterator[None]:
        """Record what is sent inside as the cassette of the exchange ``name``, in place of an earlier one."""
        with self._vcr.use_cassette(str(self._staged / f"{name}.yaml"), record_mode="all") as cassette:
            yield
            self.withheld = _withheld(cassette)
            del cassette.data[:-1]  # a request that was sent again is played once; evidence.json says what came first

    def write(self) -> None:
        """Scrub all that was recorded, by all that is known now, and write it beside the old recordings."""
        from vcr.serialize import serialize
        from vcr.serializers import yamlserializer

        scrubbed = scrubbing.together(self._memory.recorded, self._redactor)
        for path, cassette in scrubbed.items():
            Path(path).write_text(serialize(cassette, yamlserializer), encoding="utf-8", newline="\n")
        self._memory.recorded.clear()

    @property
    def folders(self) -> tuple[Path, Path]:
        """The old recordings and the new ones, as long as nothing was kept or discarded."""
        return self._folder, self._staged

    def unchanged(self, name: str) -> bool:
        """Whether the new recording of the exchange ``name`` is the old one, byte for byte."""
        old, new = (folder / f"{name}.yaml" for folder in self.folders)
        return old.is_file() and new.is_file() and old.read_bytes() == new.read_bytes()

    def keep(self, evidence: Evidence) -> None:
        """Replace the old recordings, or those that alone were asked for."""
        if self.only:
            for path in self._staged.glob("*.yaml"):
                if path.stem not in self.only:
                    path.unlink()
            for path in self._folder.glob("*.yaml"):
                if path.stem not in self.only:
                    shutil.copy2(path, self._staged)
        for name in evidence.not_recorded:
            (self._staged / f"{name}.yaml").unlink(missing_ok=True)
        text = json.dumps(asdict(evidence), indent=2, ensure_ascii=False)
        (self._staged / EVIDENCE).write_text(text + "\n", encoding="utf-8", newline="\n")
        old = self._staged.with_name(self._staged.name + "-old")
        if self._folder.exists():
            self._folder.rename(old)
        self._staged.rename(self._folder)
        self._folder.chmod(0o755)
        shutil.rmtree(old, ignore_errors=True)

    def discard(self) -> None:
        """Leave the old recordings as they are."""
        self._memory.recorded.clear()
        shutil.rmtree(self._staged, ignore_errors=True)


class _Memory:
    """Takes what vcrpy would write into files, by the path of the file."""

    def __init__(self) -> None:
        self.recorded: dict[str, scrubbing.Cassette] = {}

    def load_cassette(self, path: str, serializer: Any) -> Any:  # noqa: ARG002 - vcrpy's own signature
        """Say that there is none: everything is recorded."""
        from vcr.persisters.filesystem import CassetteNotFoundError

        raise CassetteNotFoundError(path)

    def save_cassette(self, path: str, cassette: scrubbing.Cassette, serializer: Any) -> None:  # noqa: ARG002
        """Keep the interactions of one cassette."""
        self.recorded[path] = cassette


def _recorder() -> Any:
    import vcr  # most runs do not record

    recorder = vcr.VCR(**vcr_config(None))
    recorder.register_matcher(MATCHER, same_request)
    return recorder
