"""The first cause of a run: what comes first of several things that are wrong, and what is put up with."""

from __future__ import annotations

import json

import pytest

from quickstart.exchange.answer import Answer, Failure
from quickstart.judgement import catalogue, diagnosis
from quickstart.judgement.facts import Circumstances
from quickstart.judgement.verdict import ADVISORY, COULD_NOT_TEST, SATISFIED, VIOLATED, Verdict
from quickstart.run.tokens import CODE, REFRESH
from selftests.support.made import SANDBOX, answer
from selftests.support.project import ROOT

CATALOGUE = catalogue.load(ROOT / "tests" / "catalogue.toml")
COMPANY = 5
LIST = json.dumps([{"id": COMPANY, "name": "a", "is_active": True}]).encode()
OTHERS = json.dumps([{"id": 6, "name": "a", "is_active": True}]).encode()
RIGHT = answer("companies", 200, LIST)
DOWN, GONE = answer("projects", 503), answer("me", 418)


def found(requirement: str, kind: str, *exchanges: str) -> Verdict:
    return Verdict(CATALOGUE[requirement], kind, f"what came of {requirement}", ("t",), exchanges, "Mend it.")


def cause(verdicts: list[Verdict], *answers: Answer, no_token: str | None = None, **reasons: str) -> str:
    """The first cause of a run with these answers, in the order of sending, or nothing."""
    known = Circumstances(
        SANDBOX, CODE, COMPANY, "", no_token, reasons=reasons, answers={one.name: one for one in answers}
    )
    first = diagnosis.first_cause(verdicts, known)
    return first.cause if first else ""


def remedy_of(one: Answer) -> str:
    """What to do in a run with this answer alone."""
    first = diagnosis.first_cause([], Circumstances(SANDBOX, CODE, COMPANY, "", answers={one.name: one}))
    return first.remedy if first else ""


def test_a_right_run_has_no_cause() -> None:
    assert cause([found("me.status", SATISFIED, "me")], RIGHT) == ""
    assert diagnosis.first_cause([], None) is None


def test_the_first_wrong_answer_in_the_order_of_sending_comes_first() -> None:
    broken = [found("companies.link", VIOLATED, "companies")]
    assert cause(broken, RIGHT, GONE, DOWN) == "unexpected-refusal"
    assert cause(broken, RIGHT, DOWN, GONE) == "unavailable"


def test_a_token_that_was_not_given_comes_before_refusals_with_another_status() -> None:
    """Where the path of the guide is not served, the wrong redirect URI that is sent first is not what is wrong."""
    other, nowhere = answer("token-wrong-redirect-uri", 404), answer("token", 404)
    assert cause([], other, nowhere) == "unexpected-refusal"
    assert cause([], other, RIGHT) == "otherwise-refused"


def test_a_list_without_the_company_explains_what_follows() -> None:
    assert cause([], answer("companies", 200, OTHERS), answer("projects", 403)) == "company-missing"
    trial = answer("companies-free", 200, RIGHT.content)
    assert cause([], answer("companies", 200, OTHERS), trial, answer("projects", 403)) == "no-access"
    assert cause([], answer("companies", 200, b"{}"), answer("projects", 403)) == "no-access"
    assert cause([], RIGHT, answer("projects", 403)) == "no-access"
    another = answer("companies-page-1", 200, OTHERS)
    assert cause([], another) == ""


def test_what_is_harmless_or_put_up_with_is_passed_over() -> None:
    harmless = answer("client-credentials", 401)
    assert cause([], harmless) == ""
    assert cause([], harmless, DOWN) == "unavailable"
    advised = [found("projects.unknown-path", ADVISORY, "unknown-path")]
    odd = answer("unknown-path", 503)
    assert cause(advised, odd) == ""
    assert cause([], odd) == "unavailable"
    # Not where it kept others from being sent.
    assert (
        cause(advised, odd, me="the api host answered 503, also after waiting as told (unknown-path)") == "unavailable"
    )
    observed = [found("companies.post", SATISFIED, "companies-post")]
    full = answer("companies-post", 429)
    assert cause(observed, full) == ""
    assert cause(observed, full, me="the api host answered 429 (companies)") == ""
    assert cause(observed, full, me="the api host answered 429 (companies-post)") == "rate-limit"
    # What the run's own work needs is passed over only where nothing else is said of it.
    assert cause([found("me.status", ADVISORY, "me")], GONE) == ""
    assert cause([found("me.status", ADVISORY, "me", "projects")], GONE) == "unexpected-refusal"


def test_a_wrong_answer_that_no_row_explains_is_explained_by_the_promise_that_it_breaks() -> None:
    """An answer that had to be a refusal and was none has no row: the requirement itself says what that means."""
    let_in = answer("me-without-token", 200)
    mine = found("me.without-token", VIOLATED, "me-without-token")
    other = found("companies.link", VIOLATED, "companies")
    assert cause([other, mine], let_in, DOWN) == "me.without-token"
    assert cause([other], let_in, DOWN) == "unavailable"
    assert cause([], let_in) == ""


def test_an_advisory_puts_up_with_one_wrong_answer_and_not_with_several() -> None:
    down, user = answer("project", 503), answer("token-info")
    let_in = answer("me-without-token", 200)  # wrong, though no row explains it
    page = answer("projects-v1.0", 200, b"<html></html>")  # wrong, though its status is right
    assert cause([found("me.same-user", ADVISORY, "project", "token-info")], down, user) == ""
    for other in (let_in, page):
        advised = [found("me.same-user", ADVISORY, "project", other.name)]
        assert cause(advised, down, other) == "unavailable"


def test_what_the_run_gets_its_token_by_is_needed() -> None:
    down = answer("token", 503)
    assert cause([found("me.same-user", ADVISORY, "token", "companies")], down, RIGHT) == "unavailable"
    assert cause([found("token.status", ADVISORY, "token")], down, RIGHT) == ""


def test_a_promise_of_no_answer_in_particular_is_placed_by_the_guide() -> None:
    late, early = found("transport.date", VIOLATED), found("authorize.answers", VIOLATED)
    mine = found("companies.link", VIOLATED, "companies")
    assert cause([late, mine], RIGHT) == "companies.link"
    assert cause([mine, early], RIGHT) == "authorize.answers"


def test_a_budget_that_is_spent_and_a_token_that_is_missing_come_before_promises() -> None:
    broken = [found("companies.link", VIOLATED, "companies")]
    spent, other = "the budget of 420 s is spent", "companies was not sent"
    assert cause(broken, RIGHT, me=other, projects=spent) == "budget"
    assert cause(broken, RIGHT, me=other) == "companies.link"
    assert cause(broken, RIGHT, no_token="no code") == "no-token"
    assert cause(broken, RIGHT, no_token="no code", projects=spent) == "budget"
    assert cause([], RIGHT, no_token="") == ""
    assert cause([], RIGHT) == ""


def test_a_leak_is_told_before_what_nobody_here_can_mend() -> None:
    leak = found("projects.company", VIOLATED, "projects-again")
    again = answer("projects-again")
    assert cause([leak], RIGHT, again, GONE) == "projects.company"
    assert cause([leak], RIGHT, DOWN, again) == "projects.company"
    assert cause([found("companies.link", VIOLATED, "companies"), leak], RIGHT, again) == "projects.company"
    assert cause([leak], again, me="the budget of 420 s is spent") == "projects.company"
    # What the user can mend keeps its place, and what did not come leaks nothing.
    assert cause([leak], RIGHT, again, answer("projects", 403)) == "no-access"
    assert cause([leak], RIGHT, DOWN, answer("projects-again", 503)) == "unavailable"


def test_what_kept_a_run_from_its_work_is_told_in_its_own_words() -> None:
    known = Circumstances(SANDBOX, CODE, COMPANY, "", "nobody has logged in")
    first = diagnosis.first_cause([], known)
    assert first is not None
    assert (first.what, first.exchange) == ("nobody has logged in", CODE)
    assert "https://login-sandbox.procore.com answered" in first.remedy
    spent = diagnosis.first_cause([], Circumstances(SANDBOX, CODE, COMPANY, "", reasons={"me": "the budget of x"}))
    assert spent is not None
    assert (spent.what, spent.exchange) == ("the budget of x, so the run could not finish", "")


@pytest.mark.parametrize("kind", [SATISFIED, ADVISORY, COULD_NOT_TEST])
def test_only_what_is_violated_is_a_cause(kind: str) -> None:
    assert cause([found("companies.link", kind, "companies")], RIGHT) == ""


def test_a_promise_is_named_by_what_was_sent_first_and_else_by_the_guide() -> None:
    me, companies = found("me.same-user", VIOLATED, "me", "token-info"), found("companies.link", VIOLATED, "companies")
    info = answer("token-info")
    user = answer("me")
    assert cause([companies, me], user, RIGHT) == "me.same-user"
    assert cause([companies, me], RIGHT, user) == "companies.link"
    # It takes all of its answers to break a promise: the last of them counts.
    assert cause([me, companies], user, RIGHT, info) == "companies.link"
    first = diagnosis.first_cause([me, companies], None)
    assert first is not None
    assert first.cause == "companies.link"  # step 7.1 comes before "who am I"


def test_a_promise_is_told_with_what_came() -> None:
    first = diagnosis.first_cause([found("me.status", VIOLATED, "me")], None)
    sentence = CATALOGUE["me.status"].sentence
    assert sentence.endswith(".")
    assert first is not None
    assert first.as_plain() == {
        "cause": "me.status",
        "what": f"[me.status] {sentence[:-1]}; what came: what came of me.status",
        "remedy": "Mend it",
        "exchange": "",
    }


@pytest.mark.parametrize(
    ("pairs", "words"),
    [
        ((), "for an hour"),
        ((("Retry-After", " "),), "for an hour"),
        ((("Retry-After", "0"),), "for an hour"),
        ((("Retry-After", "1"),), "for 1 s"),
        ((("retry-after", "1"),), "for 1 s"),
        ((("Retry-After", "119"),), "for 119 s"),
        ((("Retry-After", "120"),), "for 2 minutes"),
        ((("Retry-After", "3180"),), "for 53 minutes"),
        ((("Retry-After", "86400"),), "for 1440 minutes"),
        ((("Retry-After", "86401"),), "for an hour"),
        ((("X-Rate-Limit-Reset", "1767225610"), ("Date", "Thu, 01 Jan 2026 00:00:00 GMT")), "for 10 s"),
        ((("X-Rate-Limit-Reset", "1767225590"), ("Date", "Thu, 01 Jan 2026 00:00:00 GMT")), "for an hour"),
    ],
    ids=str,
)
def test_who_has_sent_too_much_is_told_how_long_to_wait(pairs: tuple[tuple[str, str], ...], words: str) -> None:
    assert remedy_of(answer("me", 429, b"", *pairs)) == (
        f"wait {words}, and let nothing else use the account at the same time"
    )


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (" 0a1b-2C ", "with request id 0a1b-2C"),
        ("abcd", "with request id abcd"),
        ("a" * 64, f"with request id {'a' * 64}"),
        ("abc", "with the exchange shown here"),
        ("a" * 65, "with the exchange shown here"),
        ("a secret of 20 signs", "with the exchange shown here"),
        ("", "with the exchange shown here"),
    ],
)
def test_what_is_reported_to_procore_has_the_request_id_that_can_be_one(sent: str, words: str) -> None:
    assert remedy_of(answer("me", 499, b"", ("X-Request-Id", sent))).endswith(words)


@pytest.mark.parametrize("kind", ["timeout", "reset", "incomplete", "encoding", "size"])
def test_a_refresh_whose_answer_is_lost_is_not_to_be_tried_again(kind: str) -> None:
    lost = answer(REFRESH, failure=Failure(kind, "ended early"))
    assert diagnosis.cause_of(lost, Circumstances(SANDBOX, REFRESH, COMPANY, "")) == "refresh-lost"
    bought = Circumstances(SANDBOX, CODE, COMPANY, "", answers={CODE: answer(CODE)})
    assert diagnosis.cause_of(lost, bought) in {"time-out", "broken-answer"}


def test_a_remedy_begins_with_a_capital_and_ends_with_a_full_stop() -> None:
    requirement, known = CATALOGUE["me.status"], Circumstances(SANDBOX, CODE, COMPANY, "")
    one = answer("companies", 404, b"", ("X-Request-Id", "abcd"))
    assert diagnosis.remedy(requirement, [answer("me"), one], known) == (
        "Nothing in your settings explains this: report it to Procore (apisupport@procore.com) with request id abcd."
    )
    assert diagnosis.remedy(requirement, [answer("me")], known) == requirement.remedy
    harmless = answer("client-credentials", 401)
    assert diagnosis.remedy(requirement, [harmless], known) == requirement.remedy
    assert diagnosis.remedy(requirement, [harmless, one], known).startswith("Nothing in your settings")
