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

from quickstart.history import nights, store
from quickstart.history.record import of_verdict
from quickstart.report import html

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    """Print the figures of a history of so many nights, each of a replay of all exchanges."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
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
        appended = time.perf_counter()
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        print(f"{number:,} nights: {size:,} bytes, {size // number:,} a night")
        print(f"read {read - begun:.3f} s, looked through {looked - read:.3f} s, drawn {drawn - looked:.3f} s")
        print(f"one more night {appended - drawn:.4f} s; memory {grown:.0f} MiB; section {len(section):,} bytes")


if __name__ == "__main__":
    main()
