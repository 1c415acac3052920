"""Reads a chat completion in OpenAI's form. Bytes in, an answer or a ModelFailure out; nothing is sent."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, cast

from secant.models import http_failures
from secant.models.contract import AnswerText, Finish, ModelAnswer, ModelFailure
from secant.models.tokens import bound
from secant.types import Usage

_FINISHES: Mapping[str, Finish] = {"length": "length", "max_tokens": "length", "content_filter": "refusal"}


def answer(body: bytes, *, prompt_bound: int) -> ModelAnswer:
    """The answer in the body, its cost left open. Raises ModelFailure (malformed, empty, or what the body says).

    Where the reply does not say what it used, its size stands for it: `prompt_bound`, and a token for each byte.
    """
    data = _object(body)
    if data.get("error"):
        raise http_failures.of_error(data["error"])
    choices = data.get("choices")
    if not isinstance(choices, list) or not choices:
        raise ModelFailure("malformed", "the reply has no choices", usage=Usage(calls=1, usd=None))
    texts = tuple(_text(choice) for choice in cast("list[Any]", choices))
    usage = _usage(data.get("usage"), texts, prompt_bound)
    if all(t.finish == "failed" for t in texts):
        raise ModelFailure("empty", "the model answered with nothing", usage=usage)
    return ModelAnswer(texts=texts, usage=usage)


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        data: Any = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ModelFailure("malformed", f"the reply is not JSON: {error}", usage=Usage(calls=1, usd=None)) from error
    if not isinstance(data, dict):
        raise ModelFailure("malformed", "the reply is not a JSON object", usage=Usage(calls=1, usd=None))
    return cast("Mapping[str, Any]", data)


def _text(choice: Any) -> AnswerText:
    """One of the texts. Without a word it failed, unless it was cut off before its first (a model that thinks)."""
    fields = _mapping(choice)
    message = _mapping(fields.get("message"))
    refusal = message.get("refusal")
    if isinstance(refusal, str) and refusal.strip():
        return AnswerText(text=refusal, finish="refusal")
    text = _content(message.get("content"))
    finish = _FINISHES.get(str(fields.get("finish_reason")), "stop")
    if not text.strip() and finish == "stop":
        return AnswerText(text="", finish="failed")
    return AnswerText(text=text, finish=finish)


def _content(content: Any) -> str:
    """A text, or the texts of a list of parts."""
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        parts = [_mapping(part).get("text") for part in cast("list[Any]", content)]
        return "".join(part for part in parts if isinstance(part, str))
    return ""


def _usage(given: Any, texts: Sequence[AnswerText], prompt_bound: int) -> Usage:
    fields = _mapping(given)
    prompt, completion = _count(fields.get("prompt_tokens")), _count(fields.get("completion_tokens"))
    return Usage(
        calls=len(texts),
        unbilled=len(texts) if prompt is None or completion is None else 0,
        prompt_tokens=prompt_bound if prompt is None else prompt,
        completion_tokens=sum(bound(t.text) for t in texts) if completion is None else completion,
        usd=None,
    )


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _mapping(value: Any) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", value) if isinstance(value, dict) else {}
