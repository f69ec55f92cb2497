"""From coverage's data, measured with contexts, to who reaches which line of what is mutated one by one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from benchmarks.mutation.mutants import ROOT, RULES
from benchmarks.mutation.reach import FOUND


def write(data: Path, took: Sequence[Path]) -> None:
    """Write reach.json: for each line of the rooms the self-tests that reach it, and what each of them costs."""
    from coverage import CoverageData

    found = CoverageData(str(data))
    found.read()
    measured = {Path(one).resolve(): one for one in found.measured_files()}
    names: dict[str, int] = {}
    lines: dict[str, dict[str, list[int]]] = {}
    for room in ("judgement", "exchange"):
        for pattern in RULES["rooms"][room]:
            for path in sorted(ROOT.glob(pattern)):
                if path.resolve() in measured:
                    by_line = found.contexts_by_lineno(measured[path.resolve()])
                    lines[path.relative_to(ROOT).as_posix()] = {
                        str(line): sorted(names.setdefault(one, len(names)) for one in contexts if one)
                        for line, contexts in sorted(by_line.items())
                    }
    seconds: dict[str, float] = {}
    for one in took:
        seconds |= json.loads(one.read_text(encoding="utf-8"))
    FOUND.parent.mkdir(parents=True, exist_ok=True)
    content = {
        "names": list(names),
        "lines": lines,
        "seconds": {name: seconds[name] for name in names if name in seconds},
    }
    FOUND.write_text(json.dumps(content), encoding="utf-8")
