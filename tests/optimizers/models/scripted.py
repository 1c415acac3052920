"""A provider without a network, whose every attempt is written beforehand: for properties that need thousands."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import NamedTuple

from secant.models.contract import (
    AnswerText,
    FailureKind,
    Message,
    ModelAnswer,
    ModelFailure,
    ModelRequest,
    ModelSettings,
    Price,
)
from secant.models.tokens import prompt_bound
from secant.types import Usage


class Attempt(NamedTuple):
    """What comes of one request, and how much of what it may cost it does cost, in [0, 1]."""

    failure: FailureKind | None = None
    billed: float = 1.0
    turns: int = 0
    """How often the loop goes round before it is answered: attempts overtake each other."""


class Scripted:
    def __init__(self, attempts: Sequence[Attempt] = (Attempt(),), price: Price | None = None) -> None:
        self.attempts = attempts
        self.rate = price
        self.requests: list[ModelRequest] = []
        self.under_way = 0
        self.most_under_way = 0
        self.bills: list[Usage] = []

    def __call__(self, settings: ModelSettings) -> Scripted:
        return self

    async def complete(self, request: ModelRequest) -> ModelAnswer:
        attempt = self.attempts[len(self.requests) % len(self.attempts)]
        self.requests.append(request)
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            for _ in range(attempt.turns):
                await asyncio.sleep(0)
        finally:
            self.under_way -= 1
        usage = self._bill(request, attempt.billed)
        if attempt.failure is not None and not attempt.billed:
            raise ModelFailure(attempt.failure, "scripted")
        self.bills.append(usage)
        if attempt.failure is not None:
            raise ModelFailure(attempt.failure, "scripted", usage=usage)
        return ModelAnswer(texts=tuple(AnswerText(text=f"text {i}") for i in range(request.n)), usage=usage)

    def price(self, settings: ModelSettings) -> Price | None:
        return self.rate

    def count_tokens(self, settings: ModelSettings, messages: Sequence[Message]) -> int:
        return prompt_bound(messages)

    def _bill(self, request: ModelRequest, share: float) -> Usage:
        cap = request.settings.parameters["max_tokens"]
        assert isinstance(cap, int)
        prompt = request.n * int(share * prompt_bound(request.messages))
        completion = int(share * cap * request.n)
        usd = None if self.rate is None else prompt * self.rate.prompt + completion * self.rate.completion
        return Usage(calls=request.n, prompt_tokens=prompt, completion_tokens=completion, usd=usd)
