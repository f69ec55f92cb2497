"""How much of a body is read and kept: the bounds, each from both sides."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from quickstart.exchange import client, reading, splitting


class Response:
    """A response whose body comes in these parts; the clock moves a second with each of them."""

    def __init__(self, *parts: bytes) -> None:
        self.parts = parts
        self.now = 0.0

    def iter_content(self, size: int) -> Iterator[bytes]:
        assert size == 65536
        for part in self.parts:
            self.now += 1
            yield part

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bounds that a test can reach: a body of 100 bytes, a list of 1000, of which 3 items or 30 bytes are kept."""
    for name, value in {"LARGEST_BODY": 100, "LARGEST_LIST": 1000, "KEPT_ITEMS": 3, "KEPT_BYTES": 30}.items():
        monkeypatch.setattr(reading, name, value)
    monkeypatch.setattr(reading, "BATCH", 4)
    monkeypatch.setattr(reading, "MOST_PARTS", 40)


def read(
    monkeypatch: pytest.MonkeyPatch, *parts: bytes, deadline: float = 1e9, listing: bool = True
) -> tuple[bytes, int, list[Any]]:
    """What is kept of a body, how many items were left out, and what was handed on."""
    handed: list[bytes] = []
    response = Response(*parts)
    monkeypatch.setattr(reading, "time", response)
    content, left_out = reading.body(response, deadline, handed.append, listing=listing)  # type: ignore[arg-type]
    return content, left_out, [json.loads(one) for one in handed]


def pieces(body: bytes) -> list[bytes]:
    return [body[at : at + 20] for at in range(0, len(body), 20)]


def array(count: int, width: int = 3) -> bytes:
    """A list of so many numbers of so many digits."""
    return f"[{','.join(str(one).zfill(width).replace('0', '1') for one in range(count))}]".encode()


def test_bounds_are_what_a_run_was_measured_with() -> None:
    """Time and memory of a run follow from them: who moves one measures again (python -m benchmarks.scale)."""
    kilobyte = 1024
    assert (8192 * kilobyte, 262_144 * kilobyte) == (reading.LARGEST_BODY, reading.LARGEST_LIST)
    assert (400_000, 1000, 1024 * kilobyte) == (reading.MOST_PARTS, reading.KEPT_ITEMS, reading.KEPT_BYTES)
    assert reading.BATCH == 100
    assert (client.LONGEST_ANSWER, client.SPARE_SHARE, client.RETRIES) == (2, 10, 2)


@pytest.mark.usefixtures("small")
def test_a_list_that_comes_in_parts_is_kept_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    for cut in range(25, 35):
        body = array(7) + b" " * 3
        assert read(monkeypatch, body[:cut], body[cut:])[0].rstrip() == array(7)
        longer = array(9) + b" "
        assert json.loads(read(monkeypatch, longer[:cut], longer[cut:])[0]) == json.loads(array(9))


@pytest.mark.usefixtures("small")
def test_a_body_is_read_up_to_its_largest_size(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(monkeypatch, b"a" * 60, b"b" * 40, listing=False) == (b"a" * 60 + b"b" * 40, 0, [])
    with pytest.raises(requests.exceptions.ContentDecodingError, match="larger than 100 bytes"):
        read(monkeypatch, b"a" * 60, b"b" * 41, listing=False)


@pytest.mark.usefixtures("small")
def test_a_body_ends_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(monkeypatch, b"a", b"b", deadline=2, listing=False)[0] == b"ab"
    with pytest.raises(requests.exceptions.ReadTimeout):
        read(monkeypatch, b"a", b"b", b"c", deadline=2, listing=False)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("listing", [True, False])
def test_what_becomes_too_much_once_it_is_parsed_is_not_read(monkeypatch: pytest.MonkeyPatch, listing: bool) -> None:
    for parts in (b"," * 30 + b"{" * 5 + b"[" * 5, b"{" * 40, b"[" * 40):
        assert read(monkeypatch, parts[:30], parts[30:], listing=False)[0] == parts
        with pytest.raises(requests.exceptions.ContentDecodingError, match="larger than 40 members"):
            read(monkeypatch, parts, b",", listing=False)
    with pytest.raises(requests.exceptions.ContentDecodingError, match="larger than 40 members"):
        read(monkeypatch, b"x" + b"," * 41, listing=listing)


@pytest.mark.usefixtures("small")
def test_a_short_list_is_kept_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = array(7)
    assert len(whole) == 29
    for body in (whole, b" " + whole):
        assert read(monkeypatch, body) == (body, 0, [])
        assert read(monkeypatch, body[:9], body[9:]) == (body, 0, [])


@pytest.mark.usefixtures("small")
def test_of_a_long_list_the_beginning_is_kept_and_the_rest_is_handed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten items of three bytes would be as many bytes as are kept: nine are, and the tenth is left out."""
    content, left_out, handed = read(monkeypatch, array(20))
    items = json.loads(array(20))
    assert (json.loads(content), left_out) == (items[:9], 11)
    assert handed == [items[9:13], items[13:17], items[17:]]


@pytest.mark.usefixtures("small")
def test_so_many_items_are_kept_at_the_least(monkeypatch: pytest.MonkeyPatch) -> None:
    content, left_out, handed = read(monkeypatch, array(5, 15))
    assert (len(json.loads(content)), left_out, [len(one) for one in handed]) == (3, 2, [2])
    content, left_out, _ = read(monkeypatch, b"[" + b"1" * 29 + b",2,3,4]")
    assert (json.loads(content)[1:], left_out) == ([2, 3], 1)
    content, left_out, _ = read(monkeypatch, b"[1,2,3," + b"4" * 40 + b",5,6]")
    assert (json.loads(content), left_out) == ([1, 2, 3], 3), "once one was left out, none is kept"


@pytest.mark.usefixtures("small")
def test_full_batches_alone_are_handed_on_where_nothing_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    content, left_out, handed = read(monkeypatch, array(17))
    assert (len(json.loads(content)), left_out, [len(one) for one in handed]) == (9, 8, [4, 4])


@pytest.mark.usefixtures("small")
def test_nobody_need_take_what_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    response = Response(array(20))
    monkeypatch.setattr(reading, "time", response)
    content, left_out = reading.body(response, 1e9, listing=True)  # type: ignore[arg-type]
    assert (len(json.loads(content)), left_out) == (9, 11)


@pytest.mark.usefixtures("small")
def test_what_is_no_list_is_read_as_any_body(monkeypatch: pytest.MonkeyPatch) -> None:
    text = b'{"message": "' + b"a" * 80
    assert read(monkeypatch, text[:40], text[40:], b'"}')[:2] == (text + b'"}', 0)
    for parts in ((b"{" + b"a" * 99, b"a"), (b"{" + b"a" * 39, b"a" * 61)):
        with pytest.raises(requests.exceptions.ContentDecodingError, match="larger than"):
            read(monkeypatch, *parts)


@pytest.mark.usefixtures("small")
def test_a_list_is_looked_at_up_to_its_largest_size(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = array(249)
    assert len(whole) == 997
    assert read(monkeypatch, *pieces(whole))[1] == 240
    with pytest.raises(requests.exceptions.ContentDecodingError, match="larger than 1000 bytes"):
        read(monkeypatch, *pieces(whole), b"    ")


@pytest.mark.usefixtures("small")
def test_items_that_are_kept_are_no_more_than_a_body(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(monkeypatch, *pieces(array(3, 33)))[1] == 0
    with pytest.raises(requests.exceptions.ContentDecodingError, match="larger than 100 bytes"):
        read(monkeypatch, *pieces(array(3, 34)))


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("end", [b"", b"1", b",]", b"}", b"] x"])
def test_a_list_that_breaks_off_stays_no_json(monkeypatch: pytest.MonkeyPatch, end: bytes) -> None:
    content, left_out, _ = read(monkeypatch, array(20)[:-1] + end)
    assert left_out == 0
    assert content.startswith(array(9)[:-1])
    with pytest.raises(ValueError, match=r"Expecting|Extra|Invalid"):
        json.loads(content)


@pytest.mark.usefixtures("small")
def test_what_broke_a_list_is_kept_for_whoever_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(monkeypatch, array(20)[:-1] + b"}")[0].endswith(b",}\0")


def test_a_broken_list_tells_the_beginning_of_what_is_left() -> None:
    broken = splitting.BrokenError("a" * 2000)
    assert (broken.left, str(broken)) == ("a" * 1000, "no JSON array")


def items(text: str, largest: int = 1000) -> list[str]:
    return list(splitting.items([text.encode()], largest))


def test_numbers_and_spaces_are_told_apart() -> None:
    assert items(" [ 1 , -2.5e+3 ,\n[ 4 ] , {} ]\t\r\n ") == ["1", "-2.5e+3", "[ 4 ]", "{}"]
    assert items("[]") == items(" [ ] ") == []


@pytest.mark.parametrize("number", ["1.5", "1e5", "1E+5", "-0", "10", "1.25e-10"])
@pytest.mark.parametrize("end", ["]", ", 2]", " ]"])
def test_a_number_is_read_whole_wherever_it_is_cut(number: str, end: str) -> None:
    """Behind *1.* and *1e+* the parser has read the 1, and the rest is yet to come."""
    text = f"[{number}{end}".encode()
    for at in range(1, len(text)):
        found = list(splitting.items([text[:at], text[at:]], 1000))
        assert found == [number, *(["2"] if "2" in end else [])], at


@pytest.mark.parametrize(
    ("text", "left"),
    [("x", "x"), ("[1 2]", "2]"), ("[1,]", "]"), ("[1] 2", "2"), ("[NaN]", "NaN]"), ("[1", ""), ("[", ""), ("[1,", "")],
)
def test_what_is_left_of_a_list_that_breaks_is_told(text: str, left: str) -> None:
    with pytest.raises(splitting.BrokenError) as broken:
        items(text)
    assert broken.value.left == left


def test_an_item_is_no_larger_than_it_may_be() -> None:
    assert items(f'["{"a" * 96}"]', 100) == [f'"{"a" * 96}"']
    with pytest.raises(splitting.BrokenError):
        items(f'["{"a" * 97}"]', 100)


@pytest.mark.parametrize("coding", ["br", "gzip, BR", "zstd ", "compress", "x-compress"])
def test_what_is_encoded_as_nobody_asked_for_is_not_read(coding: str) -> None:
    with pytest.raises(requests.exceptions.ContentDecodingError, match="as nobody asked"):
        reading.refuse_unasked(coding)


@pytest.mark.parametrize("coding", ["", "gzip", "x-gzip, deflate", "identity", "utf-8"])
def test_what_is_encoded_as_asked_for_is_read(coding: str) -> None:
    reading.refuse_unasked(coding)
