"""What a long history costs a run: time, memory, bytes. ``python -m benchmarks.history [NIGHTS]``."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from quickstart.history import nights, store
from quickstart.history.record import of_verdict
from quickstart.report import html

ROOT = Path(__file__).resolve().parents[1]


def measured(number: int) -> dict[str, Any]:
    """Return the figures of a history of so many nights, each of a replay of all exchanges: seconds, MiB, bytes."""
    with tempfile.TemporaryDirectory() as name:
        verdict, history = Path(name, "verdict.json"), Path(name, "history.jsonl")
        quiet = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
        subprocess.run([*quiet, f"--verdict-json={verdict}"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        record = of_verdict(json.loads(verdict.read_text(encoding="utf-8"))).as_plain()
        first = datetime.fromisoformat(record["when"]) - timedelta(days=number)
        with history.open("w", encoding="utf-8") as file:
            for night in range(number):
                line = {**record, "when": (first + timedelta(days=night)).isoformat()}
                file.write(json.dumps(line, separators=(",", ":"), ensure_ascii=False) + "\n")
        size = history.stat().st_size
        before, begun = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
        known = store.read(history)
        read = time.perf_counter()
        row = nights.nights(known.records[:-1], known.records[-1])
        looked = time.perf_counter()
        section = html.history_section(row)
        drawn = time.perf_counter()
        store.append(history, known.records[-1])
        return {
            "nights": number,
            "bytes": size,
            "read_s": round(read - begun, 3),
            "looked_through_s": round(looked - read, 3),
            "drawn_s": round(drawn - looked, 3),
            "appended_s": round(time.perf_counter() - drawn, 4),
            "memory_mib": round((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024),
            "section_bytes": len(section),
        }


def main() -> None:
    """Print the figures."""
    found = measured(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
    print(f"{found['nights']:,} nights: {found['bytes']:,} bytes, {found['bytes'] // found['nights']:,} a night")
    read, looked, drawn = found["read_s"], found["looked_through_s"], found["drawn_s"]
    print(f"read {read:.3f} s, looked through {looked:.3f} s, drawn {drawn:.3f} s")
    print(
        f"one more night {found['appended_s']:.4f} s; memory {found['memory_mib']} MiB; "
        f"section {found['section_bytes']:,} bytes"
    )


if __name__ == "__main__":
    main()
