"""Models of the editor around a run: each request goes to a lender, who knows the way to the editor.

An editor's model gives one answer at a time and names no price; what it used it may say or not. It is asked a few
times at once, because it serves the person as well.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Protocol

from secant.models.contract import (
    LENT,
    AnswerText,
    FailureKind,
    Message,
    ModelAnswer,
    ModelFailure,
    ModelRequest,
    ModelSettings,
    Price,
)
from secant.models.lent import LentFailure, LentRequest, LentText
from secant.models.prices import CAPS
from secant.models.singles import joined, singles
from secant.models.tokens import bound, prompt_bound
from secant.types import Usage

MOST_AT_ONCE = 4
NOBODY_LENDS = "only an editor lends such a model, and this run was not started in one"
_UNPAID: frozenset[FailureKind] = frozenset({"authentication", "not_found", "bad_request", "quota", "rate_limit"})
"""The editor turned the request down, so it counts in no plan."""


class Lender(Protocol):
    """The way to the editor's models. Everything is asked from one event loop, many at a time."""

    async def complete(self, request: LentRequest) -> LentText | LentFailure:
        """One answer to one request. Cancelled, it tells the editor that nobody waits any more."""
        ...


class EditorProvider:
    """Implements `contract.Provider`. Without a lender every request fails: there is no other way to such a model."""

    def __init__(self, lender: Lender | None, *, concurrency: int = MOST_AT_ONCE) -> None:
        self._lender = lender
        self._slots = asyncio.Semaphore(min(concurrency, MOST_AT_ONCE))

    async def complete(self, request: ModelRequest) -> ModelAnswer:
        """`n` answers are `n` requests."""
        asked = (self._single(single) for single in singles(request))
        return joined(await asyncio.gather(*asked, return_exceptions=True))

    def price(self, settings: ModelSettings) -> Price | None:
        return None

    def count_tokens(self, settings: ModelSettings, messages: Sequence[Message]) -> int:
        return prompt_bound(messages)

    async def _single(self, request: ModelRequest) -> ModelAnswer:
        if self._lender is None:
            raise ModelFailure("not_found", NOBODY_LENDS)
        async with self._slots:
            try:
                async with asyncio.timeout(request.settings.timeout_seconds):
                    found = await self._lender.complete(asked_of_editor(request))
            except TimeoutError as error:
                text = f"no answer within {request.settings.timeout_seconds:g} s"
                raise ModelFailure("timeout", text, usage=_SENT) from error
        if isinstance(found, LentFailure):
            usage = None if found.kind in _UNPAID else _SENT
            raise ModelFailure(found.kind, found.message, retry_after=found.retry_after, usage=usage)
        return _read(found, request)


_SENT = Usage(calls=1, usd=None, lent=1)


def asked_of_editor(request: ModelRequest) -> LentRequest:
    """The request without what only a run knows: the cap of the answer stands for itself."""
    parameters = request.settings.parameters
    caps = [value for name in CAPS if isinstance(value := parameters.get(name), int)]
    return LentRequest(
        model=request.settings.model.removeprefix(LENT),
        messages=request.messages,
        parameters={name: value for name, value in parameters.items() if name not in CAPS},
        max_tokens=max(caps, default=None),
    )


def _read(found: LentText, request: ModelRequest) -> ModelAnswer:
    """Where the editor does not say what was used, its size stands for it. Raises ModelFailure for no word at all."""
    prompt, written = found.prompt_tokens, found.completion_tokens
    usage = Usage(
        calls=1,
        prompt_tokens=prompt_bound(request.messages) if prompt is None else prompt,
        completion_tokens=bound(found.text) if written is None else written,
        usd=None,
        lent=1,
    )
    if not found.text.strip() and found.finish == "stop":
        raise ModelFailure("empty", "the model answered with nothing", usage=usage)
    return ModelAnswer(texts=(AnswerText(text=found.text, finish=found.finish),), usage=usage)
