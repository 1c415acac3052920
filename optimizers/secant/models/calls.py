"""A call from the request to what the journal and the optimizer get of it. Values only: nothing is sent here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from secant.models.contract import AnswerText, ModelCall, ModelRequest, Provider
from secant.models.retries import GaveUp
from secant.optimizer import Completion
from secant.types import Level, Usage

_ID = 16


class Call(NamedTuple):
    """One request under way."""

    key: str
    level: Level
    purpose: str
    request: ModelRequest
    provider: Provider
    replayed: bool
    """A cassette answers: nothing is waited for, nothing is paid in fact."""
    cache_key: str
    bound: Usage
    """The most that one attempt can cost; `usd` is None where the price is not known."""
    followed: bool = True
    """Whether it is told how far the answer has come; of many answers, how many have come says enough."""


def finished(
    call: Call,
    texts: Sequence[AnswerText],
    usage: Usage,
    *,
    attempts: int = 1,
    seconds: float = 0.0,
    cached: bool = False,
    redact: Callable[[str], str] = lambda text: text,
) -> ModelCall:
    """A call that was answered."""
    return ModelCall(
        key=call.key,
        level=call.level,
        purpose=call.purpose,
        model=call.request.settings.model,
        texts=tuple(_writable(t, redact) for t in texts),
        usage=usage,
        attempts=attempts,
        cached=cached or call.replayed,
        seconds=seconds,
    )


def _writable(answer: AnswerText, redact: Callable[[str], str]) -> AnswerText:
    text = redact(_encodable(answer.text))
    return answer if text == answer.text else AnswerText(text=text, finish=answer.finish)


def failed(
    call: Call, gave_up: GaveUp, usage: Usage, *, seconds: float = 0.0, redact: Callable[[str], str]
) -> ModelCall:
    """A call that was given up."""
    return ModelCall(
        key=call.key,
        level=call.level,
        purpose=call.purpose,
        model=call.request.settings.model,
        failure=gave_up.failure.kind,
        detail=redact(_encodable(gave_up.failure.message)),
        usage=usage,
        attempts=gave_up.attempts,
        cached=call.replayed,
        seconds=seconds,
    )


def completions(call: ModelCall) -> Sequence[Completion]:
    """What the optimizer gets. A call that failed is one completion that says so."""
    name = call.key.rpartition("-")[2][:_ID]
    if call.failure is not None:
        return [Completion(id=name, text="", finish="failed", reason=f"{call.failure}: {call.detail}")]
    return [_completion(f"{name}.{number}", text) for number, text in enumerate(call.texts)]


def _completion(identity: str, answer: AnswerText) -> Completion:
    reason = "the model's answer is empty" if answer.finish == "failed" else ""
    return Completion(id=identity, text=answer.text, finish=answer.finish, reason=reason)


def _encodable(text: str) -> str:
    """Without lone surrogates, which a model's JSON may hold and a journal's cannot."""
    return text.encode("utf-8", "replace").decode("utf-8")
