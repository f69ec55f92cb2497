"""What holds for every answer: challenges, dates, lengths, JSON that no parser repairs, and no secret in it."""

from collections.abc import Callable

import pytest

from quickstart.exchange import definitions
from quickstart.exchange.answer import Answer, CouldNotTest
from quickstart.judgement import challenges, every, expect, headers
from quickstart.run.run import Run
from quickstart.secrecy.patterns import asks_for_token

_ALL = definitions.load().values()
EVERY = tuple(one.name for one in _ALL if not one.plain_http)
OPEN = tuple(one.name for one in _ALL if one.plain_http)
API = tuple(one.name for one in _ALL if one.host == "api" and not one.plain_http)
API_LISTS = tuple(one.name for one in _ALL if one.name in API and one.expect == (200,))
ASKED_WITH_TOKEN = (*API, *(one.name for one in _ALL if one.path.endswith("/token/info")))
API_401 = tuple(one.name for one in _ALL if one.name in API and one.expect == (401,))
OUR_OWN_TOKENS = tuple(one.name for one in _ALL if asks_for_token(one.method, one.path))
VERSIONS = ("companies", "projects", "me", "projects-v1.0")


@pytest.mark.requirement("api.challenge")
@pytest.mark.judges(*API)
def test_401_carries_a_challenge(refusals: list[Answer]) -> None:
    """Whoever is answered 401, whatever was asked, is told how to authenticate."""
    judged = expect.some(challenges.unauthorized(refusals), "nothing was refused with 401")
    wrong = [answer.name for answer in judged if not challenges.told(answer)]
    assert not wrong, f"401 without a challenge: {expect.listed(wrong)}"


@pytest.mark.requirement("api.challenge-bearer")
@pytest.mark.judges(*API_401)
def test_challenge_asks_for_a_bearer_token(refusals: list[Answer]) -> None:
    """The scheme is Bearer, with at least one parameter."""
    told = [answer for answer in refusals if challenges.told(answer)]
    judged = expect.some(told, "no 401 carries a challenge: see api.challenge")
    wrong = [problem for answer in judged if (problem := every.challenge_problem(answer))]
    assert not wrong, expect.listed(wrong)


@pytest.mark.requirement("api.challenge-error")
@pytest.mark.judges(*API_401)
def test_challenge_to_a_wrong_token_says_that_it_is_wrong(refusals: list[Answer]) -> None:
    """A token that does not work is told from one that is missing."""
    told = [answer for answer in refusals if answer.sent.bearer and not every.challenge_problem(answer)]
    judged = expect.some(told, "no 401 to a token carries a bearer challenge: see api.challenge-bearer")
    wrong = [f"{one.name}: {code}" for one in judged if (code := every.challenge_error(one)) != "invalid_token"]
    assert not wrong, expect.listed(wrong)


@pytest.mark.requirement("transport.rate-limit-told")
@pytest.mark.judges(*API_LISTS)
def test_rate_limit_is_told_with_every_call(judged: list[Answer]) -> None:
    """Each call that is answered says how many are left."""
    answered = expect.some([answer for answer in judged if answer.as_expected], "no call was answered")
    silent = [one.name for one in answered if not any(name.lower().startswith("x-rate-limit-") for name in one.headers)]
    assert not silent, f"no rate-limit headers: {expect.listed(silent)}"


@pytest.mark.requirement("transport.date")
@pytest.mark.judges(*EVERY)
def test_every_answer_is_dated(judged: list[Answer]) -> None:
    """Each answer but a server's error carries a Date that can be read."""
    wrong = every.undated(every.came(judged))
    assert not wrong, expect.listed(wrong)


@pytest.mark.requirement("transport.date-form")
@pytest.mark.judges(*EVERY)
def test_dates_are_written_in_the_one_form(judged: list[Answer]) -> None:
    """Date has the form that senders must use: day of the week, day, month, year, time, GMT."""
    wrong = every.misdated(every.came(judged))
    assert not wrong, expect.listed(wrong)


@pytest.mark.requirement("transport.clock")
@pytest.mark.judges(*EVERY)
def test_server_knows_what_day_it_is(judged: list[Answer]) -> None:
    """Date is within a day of when the answer came."""
    wrong = every.wrong_clocks(every.came(judged))
    assert not wrong, expect.listed(wrong)


@pytest.mark.requirement("transport.single-headers")
@pytest.mark.judges(*EVERY)
def test_no_header_contradicts_itself(judged: list[Answer]) -> None:
    """What can have one value alone does not come with two."""
    wrong = [problem for answer in every.came(judged) for problem in every.contradictions(answer)]
    assert not wrong, expect.listed(wrong)


@pytest.mark.requirement("transport.length")
@pytest.mark.judges(*EVERY)
def test_length_is_told_in_one_way(judged: list[Answer]) -> None:
    """An answer in chunks has no Content-Length: two readers could see two different ends of it."""
    wrong = [answer.name for answer in every.came(judged) if every.two_lengths(answer)]
    assert not wrong, f"Content-Length besides Transfer-Encoding: {expect.listed(wrong)}"


@pytest.mark.requirement("token.unique-parameters")
@pytest.mark.judges(*OUR_OWN_TOKENS)
def test_token_answers_say_nothing_twice(judged: list[Answer]) -> None:
    """Of two values under one name, each client would take another one."""
    twice = {name: found.twice for name, found in every.reports(judged).items()}
    assert not any(twice.values()), f"twice in one object: {expect.listed(every.worded(twice))}"


@pytest.mark.requirement("json.unique-names")
@pytest.mark.judges(*(name for name in EVERY if name not in OUR_OWN_TOKENS))
def test_names_in_an_object_are_unique(judged: list[Answer]) -> None:
    """Of two values under one name, each client would take another one."""
    twice = {name: found.twice for name, found in every.reports(judged).items()}
    assert not any(twice.values()), f"twice in one object: {expect.listed(every.worded(twice))}"


@pytest.mark.requirement("json.whole-characters")
@pytest.mark.judges(*EVERY)
def test_text_has_whole_characters(judged: list[Answer]) -> None:
    """No text holds half of a surrogate pair."""
    halves = {name: found.halves for name, found in every.reports(judged).items()}
    assert not any(halves.values()), f"half a surrogate pair: {expect.listed(every.worded(halves))}"


@pytest.mark.requirement("json.whole-numbers")
@pytest.mark.judges(*EVERY)
def test_ids_and_seconds_are_written_as_whole_numbers(judged: list[Answer]) -> None:
    """Ids and seconds have no point and no exponent: a client would read a fraction and lose digits."""
    fractions = {name: found.fractions for name, found in every.reports(judged).items()}
    assert not any(fractions.values()), expect.listed(every.worded(fractions))


@pytest.mark.requirement("secrets.not-echoed")
@pytest.mark.judges(*EVERY)
def test_no_secret_comes_back(judged: list[Answer], run: Run) -> None:
    """Secret, code and tokens stand in no answer but the one that issued them."""
    found = every.echoes(run, every.came(judged))
    assert not found, expect.listed(found)


@pytest.mark.requirement("secrets.wrong-not-echoed")
@pytest.mark.judges(*EVERY)
def test_no_wrong_secret_comes_back(judged: list[Answer], run: Run) -> None:
    """Who mistypes a secret does not find it in an answer, and then in a log."""
    found = every.parroted(run, every.came(judged))
    assert not found, expect.listed(found)


@pytest.mark.requirement("secrets.cookies")
@pytest.mark.judges(*EVERY)
def test_no_open_cookie_holds_a_token(judged: list[Answer], run: Run) -> None:
    """A cookie that holds a token is Secure."""
    found = every.open_cookies(run, every.came(judged))
    assert not found, expect.listed(found)


@pytest.mark.requirement("api.cache")
@pytest.mark.judges(*ASKED_WITH_TOKEN)
def test_no_shared_cache_keeps_what_a_token_was_asked_for(judged: list[Answer]) -> None:
    """What one user is shown is not kept for others."""
    found = every.shared(every.came(judged))
    assert not found, expect.listed(found)


@pytest.mark.requirement("transport.slow")
@pytest.mark.judges(*EVERY)
def test_answers_come_within_seconds(judged: list[Answer]) -> None:
    """No answer takes longer than a person would wait."""
    slow = [f"{answer.name}: {answer.seconds:.1f} s" for answer in every.came(judged) if answer.seconds > every.SLOW]
    assert not slow, expect.listed(slow)


@pytest.mark.requirement("transport.retried")
@pytest.mark.judges(*EVERY)
def test_what_was_sent_again_is_reported(judged: list[Answer], observe: Callable[[str], None]) -> None:
    """Which exchanges were answered at a later attempt alone, and what came first."""
    again = [f"{answer.name}: {', '.join(answer.earlier)} first" for answer in judged if answer.earlier]
    observe("; ".join(again) or "every request was sent once")


@pytest.mark.requirement("api.request-id")
@pytest.mark.judges(*API)
def test_request_ids_are_reported(judged: list[Answer], observe: Callable[[str], None]) -> None:
    """Whether Procore's support can find the requests."""
    answers = every.came(judged)
    named = [answer for answer in answers if answer.headers.get("X-Request-Id")]
    observe(f"X-Request-Id on {len(named)} of {len(answers)} answers of the API")


@pytest.mark.requirement("transport.hsts")
@pytest.mark.judges(*EVERY)
def test_hsts_is_reported(judged: list[Answer], observe: Callable[[str], None]) -> None:
    """Whether both hosts tell browsers to keep to TLS."""
    kept = {one.definition.host: one.headers.get("Strict-Transport-Security", "") for one in every.came(judged)}
    observe("; ".join(f"{host} host: {policy or 'no Strict-Transport-Security'}" for host, policy in kept.items()))


@pytest.mark.requirement("versions.deprecation")
@pytest.mark.judges(*VERSIONS)
def test_deprecation_is_reported(judged: list[Answer], observe: Callable[[str], None]) -> None:
    """Whether a version says that its end is near."""
    said = [
        f"{one.name}: {header} {one.headers[header]}"
        for one in judged
        for header in ("Deprecation", "Sunset")
        if header in one.headers
    ]
    observe("; ".join(said) or "no version announces its end")


@pytest.mark.requirement("transport.allow")
@pytest.mark.judges(*EVERY)
def test_refused_method_comes_with_the_allowed_ones(judged: list[Answer]) -> None:
    """Who may not use a method is told which ones there are; an empty list is one, too."""
    silent = [one.name for one in every.came(judged) if one.status == 405 and "Allow" not in one.headers]
    assert not silent, f"405 without Allow: {expect.listed(silent)}"


@pytest.mark.requirement("transport.validators")
@pytest.mark.judges(*EVERY)
def test_validators_can_be_compared(judged: list[Answer]) -> None:
    """Who asks again whether something changed can do so."""
    wrong = [problem for answer in every.came(judged) for problem in headers.validator_problems(answer)]
    assert not wrong, expect.listed(wrong)


@pytest.mark.requirement("transport.cookies")
@pytest.mark.judges(*EVERY)
def test_cookies_travel_over_tls_alone(judged: list[Answer]) -> None:
    """Each cookie that comes over TLS is Secure, and comes once."""
    sent = [answer for answer in every.came(judged) if answer.sent.url.startswith("https:")]
    if not sent:
        raise CouldNotTest("the target is this machine itself, over plain http")
    wrong = [problem for answer in sent for problem in headers.cookie_problems(answer)]
    assert not wrong, expect.listed(wrong)


@pytest.mark.requirement("transport.hsts-sound")
@pytest.mark.judges(*EVERY, *OPEN)
def test_hsts_can_be_kept(judged: list[Answer]) -> None:
    """A browser that is told to keep to TLS is told for how long, and by TLS."""
    wrong = [problem for answer in every.came(judged) if (problem := headers.hsts_problem(answer))]
    assert not wrong, expect.listed(wrong)
