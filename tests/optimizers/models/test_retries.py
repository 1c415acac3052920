"""One retry layer: a capped number of attempts, waits that grow, jitter that repeats, Retry-After up to a cap."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secant.models.contract import RETRIED, FailureKind, ModelFailure
from secant.models.http_failures import kind_of, of_error, retry_after, said
from secant.models.retries import GaveUp, RetryRules, retried

KINDS = st.sampled_from(sorted(RETRIED))


@given(
    attempts=st.integers(1, 6), kinds=st.lists(KINDS, min_size=6, max_size=6), succeeds=st.none() | st.integers(1, 6)
)
def test_attempts_are_capped(attempts: int, kinds: list[FailureKind], succeeds: int | None) -> None:
    made: list[int] = []
    slept: list[float] = []

    async def attempt(number: int) -> str:
        made.append(number)
        if number != succeeds:
            raise ModelFailure(kinds[number - 1], "no")
        return "yes"

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    rules = RetryRules(attempts=attempts)
    try:
        answer, count = asyncio.run(retried(attempt, rules=rules, key="k", sleep=sleep))
        assert (answer, count) == ("yes", succeeds)
    except GaveUp as gave:
        assert succeeds is None or succeeds > attempts
        assert (gave.attempts, gave.failure.kind) == (attempts, kinds[attempts - 1])
    assert made == list(range(1, len(made) + 1))
    assert len(made) == min(attempts, succeeds or attempts)
    assert slept == [rules.delay("k", n) for n in made[:-1]]


def test_what_will_fail_again_is_not_asked_again() -> None:
    async def attempt(number: int) -> str:
        raise ModelFailure("authentication", "no")

    async def sleep(seconds: float) -> None:
        raise AssertionError

    with pytest.raises(GaveUp) as gave:
        asyncio.run(retried(attempt, rules=RetryRules(), key="k", sleep=sleep))
    assert gave.value.attempts == 1


@given(key=st.text(), attempt=st.integers(1, 40), asked=st.none() | st.floats(0, 1e6))
def test_a_wait_is_bounded_and_repeats(key: str, attempt: int, asked: float | None) -> None:
    rules = RetryRules(first_seconds=1.0, factor=2.0, longest_seconds=30.0, retry_after_cap=60.0)
    wait = rules.delay(key, attempt, asked)
    assert wait == rules.delay(key, attempt, asked)
    if asked is None:
        full = min(30.0, 2.0 ** (attempt - 1))
        assert full / 2 <= wait <= full
    else:
        assert min(asked, 60.0) <= wait <= 66.0


def test_jitter_disperses_a_crowd() -> None:
    assert len({RetryRules().delay(str(i), 1) for i in range(50)}) == 50


def test_retry_after_is_seconds_or_a_date() -> None:
    now = datetime(2026, 1, 31, 12, 0, 0, tzinfo=UTC)
    assert retry_after({"Retry-After": "7"}) == 7.0
    assert retry_after({"retry-after": "0.5", "x": "y"}) == 0.5
    assert retry_after({"retry-after-ms": "1500", "Retry-After": "9"}) == 1.5
    assert retry_after({"Retry-After": "Sat, 31 Jan 2026 12:00:30 GMT"}, now) == 30.0
    assert retry_after({"Retry-After": "Sat, 31 Jan 2026 11:00:00 GMT"}, now) == 0.0
    assert [retry_after({"Retry-After": v}) for v in ("soon", "-1", "nan", "inf")] == [None] * 4
    assert retry_after({}) is None


@pytest.mark.parametrize(
    ("status", "text", "kind"),
    [
        (302, "", "not_found"),
        (400, "", "bad_request"),
        (401, "", "authentication"),
        (402, "", "quota"),
        (403, "", "authentication"),
        (403, "check your billing details", "quota"),
        (404, "", "not_found"),
        (413, "", "bad_request"),
        (429, "slow down", "rate_limit"),
        (429, "You exceeded your current QUOTA", "quota"),
        (500, "", "server"),
        (529, "overloaded", "server"),
    ],
)
def test_a_status_says_its_kind(status: int, text: str, kind: str) -> None:
    assert kind_of(status, text) == kind


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"error": {"message": "a\\n b", "code": "c"}}', "a b (c)"),
        (b'{"error": "plain"}', "plain"),
        (b'{"detail": [{"msg": "m"}]}', '[{"msg": "m"}]'),
        (b"\xff<html>", "\ufffd<html>"),
        (b"", ""),
        (b"x" * 5000, "x" * 600),
    ],
)
def test_an_errors_body_is_told_in_one_line(body: bytes, words: str) -> None:
    assert said(body) == words


def test_an_error_inside_a_reply_has_its_own_status() -> None:
    assert of_error({"message": "no credit", "code": 402}).kind == "quota"
    assert of_error({"message": "m", "code": "odd"}).kind == "server"
    assert of_error("words").kind == "server"
