"""A long list is cut into its items however it arrives, in memory for one of them and in linear time."""

from __future__ import annotations

import json
import time
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest

from quickstart.exchange import splitting

ITEMS: list[Any] = [{"a": [1, {"b": '],[{}\\"'}]}, 12, -1.5e3, "ü€😀", None, True, [], {}, [[]], "", 0]


def chunks(content: bytes, size: int) -> Iterator[bytes]:
    for at in range(0, len(content), size):
        yield content[at : at + size]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
@pytest.mark.parametrize("indent", [None, 3])
def test_items_come_as_they_were_written(size: int, indent: int | None) -> None:
    content = b" \n" + json.dumps(ITEMS, ensure_ascii=False, indent=indent).encode() + b"\r\n "
    assert [json.loads(one) for one in splitting.items(chunks(content, size), 10_000)] == ITEMS


@pytest.mark.parametrize("size", [1, 5, 1000])
@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"[", b"[1", b"[1,", b"[1 2]", b"[,]", b"[1,]", b"[1] 2", b"[NaN]", b"[1]]", b'["\xff"]', b"[" * 9999],
)
def test_what_is_no_array_is_refused(content: bytes, size: int) -> None:
    with pytest.raises(splitting.BrokenError):
        list(splitting.items(chunks(content, size), 100_000))


def test_an_item_without_an_end_is_refused() -> None:
    endless = (b'["' if at == 0 else b"a" * 1000 for at in range(1000))
    with pytest.raises(splitting.BrokenError):
        list(splitting.items(endless, 100_000))


def test_memory_is_flat_and_time_linear() -> None:
    item = json.dumps({"id": 1, "name": "x" * 500}).encode()

    def long(count: int) -> Iterator[bytes]:
        yield b"[" + item
        for _ in range(count // 100):
            yield (b"," + item) * 100
        yield b"]"

    took = []
    for count in (1_000, 20_000):
        tracemalloc.start()
        begun = time.process_time()
        found = sum(1 for _ in splitting.items(long(count), 1_000_000))
        took.append(time.process_time() - begun)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert found == count + 1
        assert peak < 1_000_000
    assert took[1] < 20 * max(took[0], 0.01) * 5
