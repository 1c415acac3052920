"""No cap is ever passed, whatever providers do and however many calls are under way."""

from __future__ import annotations

import contextlib

from hypothesis import given
from hypothesis import strategies as st

from secant.budget import Budget, BudgetExhausted, Limits
from secant.models.contract import Message, ModelCall, ModelSettings, ModelUnavailable, Price
from secant.models.gateway import Gateway
from tests.optimizers.models.scripted import Attempt, Scripted

ATTEMPTS = st.builds(
    Attempt,
    failure=st.sampled_from([None, None, None, "rate_limit", "server", "empty", "timeout", "bad_request", "quota"]),
    billed=st.sampled_from([0.0, 0.1, 0.5, 1.0]),
    turns=st.integers(0, 5),
)
ASKED = st.lists(st.tuples(st.integers(1, 6), st.integers(1, 3)), min_size=1, max_size=6)
"""Operations: how many requests at once, or how many answers of one."""


async def _no_sleep(_: float) -> None:
    pass


@given(
    attempts=st.lists(ATTEMPTS, min_size=1, max_size=8),
    asked=ASKED,
    calls=st.none() | st.integers(0, 12),
    tokens=st.none() | st.integers(0, 3000),
    usd=st.none() | st.floats(0, 0.003),
    concurrency=st.integers(1, 4),
)
def test_no_cap_is_passed_and_nothing_stays_reserved(
    attempts: list[Attempt],
    asked: list[tuple[int, int]],
    calls: int | None,
    tokens: int | None,
    usd: float | None,
    concurrency: int,
) -> None:
    provider = Scripted(attempts, Price(1e-6, 2e-6))
    budget = Budget(Limits(calls=calls, tokens=tokens, usd=usd), clock=lambda: 0.0)
    recorded: list[ModelCall] = []
    settings = ModelSettings(model="m", parameters={"max_tokens": 100})
    with Gateway(
        {"optimizer": settings},
        provider,
        budget=budget,
        record=recorded.append,
        environ={},
        sleep=_no_sleep,
        concurrency=concurrency,
    ) as gateway:
        for number, (many, n) in enumerate(asked):
            try:
                if many > 1:
                    gateway.complete_many(
                        "optimizer", [[{"role": "user", "content": f"{number} {i}"}] for i in range(many)]
                    )
                else:
                    gateway.complete("optimizer", [{"role": "user", "content": str(number)}], n=n)
            except (BudgetExhausted, ModelUnavailable):
                continue
    billed = [b for b in provider.bills if b.prompt_tokens or b.completion_tokens]
    assert calls is None or sum(b.calls for b in billed) <= calls
    assert tokens is None or sum(b.prompt_tokens + b.completion_tokens for b in billed) <= tokens
    assert usd is None or sum(b.usd or 0.0 for b in billed) <= usd * (1 + 1e-9)
    booked = budget.usage.get("optimizer")
    if booked is not None:
        assert booked.calls >= sum(b.calls for b in billed), "what was paid is booked"
        if calls is not None:
            assert budget.remaining("calls") == calls - booked.calls, "nothing stays reserved"
    assert len({c.key for c in recorded}) == len(recorded)


def test_the_prompt_counts_for_each_answer() -> None:
    provider, settings = Scripted(), ModelSettings(model="m", parameters={"max_tokens": 100})
    message = {"role": "user", "content": "words " * 50}
    prompt = provider.count_tokens(settings, [Message.model_validate(message)])
    for tokens, sent in ((3 * prompt + 299, 0), (3 * prompt + 300, 1)):
        provider.requests.clear()
        budget = Budget(Limits(tokens=tokens), clock=lambda: 0.0)
        with Gateway({"optimizer": settings}, provider, budget=budget, environ={}) as gateway:
            with contextlib.suppress(BudgetExhausted):
                gateway.complete("optimizer", [message], n=3)
            assert len(provider.requests) == sent
