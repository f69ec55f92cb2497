"""The request budget of the REST API: X-Rate-Limit-* headers and 429 (``facts/procore-api.md`` 5)."""

from __future__ import annotations

from standin.http.messages import Answer, Headers
from standin.model.frames import json_answer
from standin.model.world import Realm, World

_TEXT = "You have surpassed the max number of requests for an hour. Please wait until your limit resets."


def spend(world: World, realm: Realm) -> bool:
    """Take one request from the budget; False when there was none left."""
    budget, rules, now = realm.budget, world.behaviour, world.clock.now
    if now >= budget.started + rules.rate_window:
        budget.started, budget.spent = now, 0
    budget.spent += 1
    return budget.spent <= rules.rate_limit


def headers(world: World, realm: Realm) -> Headers:
    """Limit and Remaining in requests, Reset in seconds since 1970."""
    budget, rules = realm.budget, world.behaviour
    if not rules.rate_headers:
        return ()
    # Somebody who was refused for the token's sake has spent nothing yet.
    started = budget.started or world.clock.now
    spent = budget.spent if rules.rate_counts or budget.spent > rules.rate_limit else min(1, budget.spent)
    return (
        ("X-Rate-Limit-Limit", str(rules.rate_limit)),
        ("X-Rate-Limit-Remaining", str(max(0, rules.rate_limit - spent))),
        ("X-Rate-Limit-Reset", str(started + rules.rate_window)),
    )


def exceeded(world: World, realm: Realm) -> Answer:
    """The 429. Docs disagree on Retry-After, and nobody wrote down the body's container: we send both."""
    answer = json_answer(429, {"errors": [_TEXT]}).noting(f"more than {world.behaviour.rate_limit} requests")
    if not world.behaviour.retry_after:
        return answer
    wait = realm.budget.started + world.behaviour.rate_window - world.clock.now
    return answer.with_header("Retry-After", str(max(0, wait)))
