"""Every answer that a server can send is judged; none crashes the suite, and no output breaks.

``FUZZ_RUNS=1000 pytest selftests/test_any_answer.py -s`` tries more, and prints how many.
"""

from __future__ import annotations

import json
import math
import os
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from quickstart.exchange import contract
from selftests.support.any_answer import SCHEMAS, Odd, odd, world
from selftests.support.ends import Tags
from selftests.support.matrix_runs import SuiteRunner

RUNS = int(os.environ.get("FUZZ_RUNS", "60"))
PARTS = 4  # which different processes can run
FILES = {
    "htmlpath": "r.html",
    "xmlpath": "j.xml",
    "summary_md": "s.md",
    "badge": "b.json",
    "verdict_json": "v.json",
}
ADVISED = {"projects-v1.0", "project"}  # whose schema is a should
LIVES_LONG = b'{"access_token":"' + b"a" * 40 + b'","expires_in":' + b"9" * 400 + b"}"
# What makes Markdown live: HTML, a link, a mention, a reference.
_LIVE = re.compile(r"<[A-Za-z!/?]|(?<!\\)\]\(|https?://|(?<![\\\w])@\w|javascript:")
_COMMAND = re.compile(r"^\s*::", re.MULTILINE)


def spoils(one: Odd) -> bool:
    """Whether a document breaks what its schema promises: then somebody must say so."""
    try:
        text = (one.content or b"").decode("utf-8")
        document = json.loads(text, parse_constant=lambda _: 1 / 0)
    except (ValueError, ZeroDivisionError, RecursionError):
        return True
    return bool(contract.violations(document, SCHEMAS[one.endpoint]))


def check(runner: SuiteRunner, folder: Path, some: list[Odd], *, disruptive: bool) -> None:
    """Run the suite against these answers, and look at all that it leaves."""
    for name in FILES.values():
        (folder / name).unlink(missing_ok=True)
    options: dict[str, Any] = {option: str(folder / name) for option, name in FILES.items()}
    options["disruptive"] = disruptive
    code, output = runner.run_world(world(some), **options)
    assert code in {0, 1, 4}, output[-5000:]
    texts = {name: (folder / name).read_bytes().decode("utf-8") for name in FILES.values()}
    verdict = json.loads(texts["v.json"])
    tags = Tags(texts["r.html"])
    assert (tags.open, tags.wrong) == ([], [])
    assert texts["r.html"].rstrip().endswith("</html>")
    assert not [tag for tag in tags.seen if tag in {"iframe", "object"}]
    assert tags.seen.count("script") == 1 + ("data-jsonblob" in tags.attributes)  # ours, and that of the table
    assert "onerror" not in tags.attributes
    ElementTree.fromstring(texts["j.xml"])  # noqa: S314 - our own
    assert not contract.violations(verdict, "verdict")
    assert verdict["exit_code"] == code
    assert not [one["id"] for one in verdict["requirements"] if one["verdict"] == "crashed"]
    assert not _LIVE.search(texts["s.md"]), _LIVE.search(texts["s.md"])
    assert json.loads(texts["b.json"])["label"] == "Procore quick start"
    assert not _COMMAND.search(output)
    if len(some) == 1 and some[0].is_a_document and spoils(some[0]):
        said = "advisory" if some[0].endpoint in ADVISED else "violated"
        broken = [one for one in verdict["requirements"] if one["verdict"] == said]
        assert [one["id"] for one in broken if some[0].endpoint in one["exchanges"]], output[-3000:]


def _companies(name: str) -> Odd:
    content = b'[{"id":1,"name":"' + name.encode() + b'","is_active":true}]'
    return Odd("companies", content)


@pytest.mark.matrix
@pytest.mark.timeout(60 + 10 * RUNS)
@pytest.mark.parametrize("part", range(PARTS))
def test_any_answer_is_judged(
    runner: SuiteRunner, tmp_path: Path, capsys: pytest.CaptureFixture[str], part: int
) -> None:
    tried = 0

    @settings(
        max_examples=math.ceil(RUNS / PARTS),
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate] if part else [Phase.explicit, Phase.generate],
        print_blob=True,
    )
    @given(
        some=st.lists(odd(), min_size=1, max_size=3, unique_by=lambda one: one.endpoint),
        disruptive=st.sampled_from([False, False, True]),  # what is disruptive doubles the length of a run
    )
    @example(some=[_companies("\\ud800")], disruptive=False)
    @example(some=[_companies("Bearer failed")], disruptive=False)
    @example(some=[Odd("token", LIVES_LONG)], disruptive=False)
    @example(some=[Odd("companies", b"-5\r\nabc\r\n0\r\n\r\n", (("Transfer-Encoding", "chunked"),))], disruptive=False)
    @example(some=[Odd("me", b'{"id":1e999,"login":"a\\u0000b@example.com","name":"\\u001b[2J"}')], disruptive=False)
    def any_answer(some: list[Odd], disruptive: bool) -> None:
        nonlocal tried
        tried += 1
        check(runner, tmp_path, some, disruptive=disruptive)

    any_answer()
    with capsys.disabled():
        print(f"\n{tried} runs against answers of any kind")
    assert tried >= min(RUNS, 60) / PARTS
