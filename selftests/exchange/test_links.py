"""Link headers by RFC 8288: every legal spelling is read, and nothing that anybody may send does harm."""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quickstart.exchange import links

URL = "https://sandbox.procore.com/rest/v1.1/projects?company_id=1&page=1"
NEXT = "https://sandbox.procore.com/rest/v1.1/projects?company_id=1&page=2"
SPELLINGS = {
    "quoted": f'<{NEXT}>; rel="next"',
    "token": f"<{NEXT}>; rel=next",
    "without a space": f'<{NEXT}>;rel="next"',
    "spaces everywhere": f'  < {NEXT} >  ;  rel = "next"  ',
    "tabs": f'<{NEXT}>\t;\trel="next"',
    "folded": f'<{URL}>; rel="first",\r\n      <{NEXT}>; rel="next"',
    "capital letters": f'<{NEXT}>; REL="NEXT"',
    "parameters before": f'<{NEXT}>; title="of all"; type="application/json"; rel="next"',
    "parameters after": f'<{NEXT}>; rel="next"; title="of all"',
    "without a value": f'<{NEXT}>; crossorigin; rel="next"',
    "empty parameters": f'<{NEXT}>;; rel="next";',
    "empty elements": f', ,<{NEXT}>; rel="next", ,',
    "trailing comma": f'<{NEXT}>; rel="next",',
    "several relations": f'<{NEXT}>; rel="last next"',
    "the first rel counts": f'<{NEXT}>; rel="next"; rel="prev"',
    "rel* is another parameter": f"<{NEXT}>; rel*=UTF-8''prev; rel=next",
    "title with a comma": f'<{URL}>; rel="first"; title="one, two; three", <{NEXT}>; rel="next"',
    "title with quotes": f'<{URL}>; title="a \\"b\\", <x>; rel=\\"next\\""; rel="first", <{NEXT}>; rel="next"',
    "title that begins like a link": f'<{NEXT}>; title="<https://example.com>; rel=next"; rel="next"',
    "the first link counts": f'<{NEXT}>; rel="next", <{URL}>; rel="next"',
    "anchor that is the answer": f'<{NEXT}>; rel="next"; anchor="{URL}"',
    "anchor that is something else": f'<{URL}>; rel="next"; anchor="/other", <{NEXT}>; rel="next"',
    "comma in the target": f'<{URL},x>; rel="first", <{NEXT}>; rel="next"',
}
UNREADABLE = ("", " ", ",", "next", '"<a>; rel=next"', "<a; rel=next", "; rel=next", f"{NEXT}; rel=next")
TOKEN = st.text("abcdefghijklmnopqrstuvwxyz0123456789-", min_size=1, max_size=8)
TEXT = st.text(st.characters(codec="latin-1", exclude_characters="\r\n\x00"), max_size=20)
PLACE = st.text("abc/?=&,;%.:", max_size=20)
BLANK = st.sampled_from(["", " ", "\t", "  "])


@pytest.mark.parametrize("text", SPELLINGS.values(), ids=SPELLINGS.keys())
def test_every_spelling_of_a_link_is_read(text: str) -> None:
    assert links.by_relation(text, URL)["next"] == NEXT


@pytest.mark.parametrize("text", UNREADABLE)
def test_what_is_no_link_is_none(text: str) -> None:
    assert links.parse(text) == []


def test_what_cannot_be_read_ends_the_list() -> None:
    assert [link.target for link in links.parse("<a>; rel=next, b; rel=last, <c>; rel=first")] == ["a"]
    assert [link.target for link in links.parse('<a>; rel="next" x, <c>; rel=first')] == ["a"]


@st.composite
def written(draw: st.DrawFn) -> tuple[str, tuple[str, ...], str]:
    """A target, its relations, and one way to write them."""
    target, relations = draw(PLACE), tuple(draw(st.lists(TOKEN, min_size=1, max_size=3)))
    plain = len(relations) == 1 and draw(st.booleans())
    parameters = [f"rel={relations[0]}" if plain else 'rel="' + " ".join(relations) + '"']
    for name, value in draw(st.lists(st.tuples(TOKEN, TEXT), max_size=3)):
        quoted = value.replace("\\", "\\\\").replace('"', '\\"')
        parameters.insert(draw(st.integers(0, len(parameters))), f'x-{name}="{quoted}"')
    gaps = [draw(BLANK) + ";" + draw(BLANK) for _ in parameters]
    return target, relations, f"<{target}>" + "".join(gap + one for gap, one in zip(gaps, parameters, strict=True))


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)  # the machine may be busy
@given(st.lists(written(), max_size=4), st.lists(st.sampled_from([",", " , ", ",,", ",\t, "]), min_size=5, max_size=5))
def test_a_list_of_links_is_read_back(those: list[tuple[str, tuple[str, ...], str]], commas: list[str]) -> None:
    text = "".join(one[2] + comma for one, comma in zip(those, commas, strict=False))
    read = [(link.target, link.relations) for link in links.parse(text)]
    assert read == [(target, relations) for target, relations, _ in those]


@given(st.text(st.sampled_from('<>;,="\\ \t a*relnxt')) | st.text())
def test_whatever_comes_is_read_without_an_error(text: str) -> None:
    assert all(link.target == link.target.strip() for link in links.parse(text))
    links.by_relation(text, URL)


@pytest.mark.parametrize("piece", ['<a>;x="', "\\", '"', ";", "<", " ", "<>;=,", '="\\'])
def test_long_headers_are_read_at_once(piece: str) -> None:
    started = time.monotonic()
    links.parse("<a>;b=" + piece * 20_000)
    assert time.monotonic() - started < 2
