"""Edits change one thing of an answer, and modifiers pick the answers that they are meant for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from selftests.support.desk import desk
from standin.cases.bending import body, drop, header, on, put, rename_headers, status, wire
from standin.http.messages import Answer, Wire


@pytest.mark.parametrize(
    ("edit", "look", "bent"),
    [
        (put("expires_in", "5400"), lambda answer: answer.body["expires_in"], "5400"),
        (put("expires_in", lambda old: -old), lambda answer: answer.body["expires_in"], -5400),
        (put("extra.deep", 1), lambda answer: "extra" in answer.body, False),
        (drop("refresh_token"), lambda answer: "refresh_token" in answer.body, False),
        (drop("never_there"), lambda answer: answer.status, 200),
        (body(b"<html>"), lambda answer: answer.body, b"<html>"),
        (body(lambda old: [old]), lambda answer: len(answer.body), 1),
        (status(201), lambda answer: answer.status, 201),
        (header("Cache-Control", None), lambda answer: answer.header("cache-control"), None),
        (header("Cache-Control", "public"), lambda answer: answer.header("cache-control"), "public"),
        (rename_headers(str.lower), lambda answer: "cache-control" in dict(answer.headers), True),
        (wire(Wire(gzip=True)), lambda answer: answer.wire.gzip, True),
    ],
)
def test_an_edit_changes_one_thing(edit: Any, look: Callable[[Answer], Any], bent: Any) -> None:
    assert look(desk(modifiers=(on("token", edit),)).exchange()) == bent


def test_a_path_reaches_into_every_item() -> None:
    procore = desk(modifiers=(on("projects", put("*.company.id", 7), drop("0.name"), put("-1.active", None)),))
    projects = procore.projects().body
    assert {project["company"]["id"] for project in projects} == {7}
    assert ["name" in project for project in projects] == [False, True, True, True, True]
    assert [project["active"] for project in projects] == [True, True, True, True, None]


def test_items_can_be_dropped() -> None:
    assert desk(modifiers=(on("projects", drop("*")),)).projects().body == []


@pytest.mark.parametrize(
    ("modifier", "statuses"),
    [
        (on("token", status(299)), [299, 401, 299]),
        (on("token", status(299), ok=False), [200, 299, 200]),
        (on("token", status(299), ok=None), [299, 299, 299]),
        (on("token", status(299), status=401), [200, 299, 200]),
        (on("token", status(299), grant="client_credentials"), [200, 401, 299]),
        (on("token", status(299), first=1), [299, 401, 200]),
        (on("token", status(299), method="GET"), [200, 401, 200]),
        (on("", status(299)), [299, 401, 299]),
        (on("me", status(299)), [200, 401, 200]),
    ],
)
def test_a_modifier_picks_its_answers(modifier: Any, statuses: list[int]) -> None:
    procore = desk(modifiers=(modifier,))
    assert [procore.exchange().status, procore.exchange("bogus").status, procore.own_token().status] == statuses
