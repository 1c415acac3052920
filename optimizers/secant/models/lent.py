"""Models that the user's editor lends: what is asked of it and what it answers, as values that go over wires.

Engine and language server write these as JSON, one object a line, camelCase:

    engine -> server   {"complete": {"id", "model", "messages", "parameters", "maxTokens"}}, {"withdraw": {"id"}}
    server -> engine   {"completed": {"id", and a `LentText`, or "failure": a `LentFailure`}}

The server asks its client the same by `secant/complete`. Values only: nothing is sent here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, cast

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError, model_validator
from pydantic.alias_generators import to_camel

from secant.models.contract import Message, RemoteFailureKind

_LONGEST = 200


class _OnWire(BaseModel):
    model_config = ConfigDict(
        frozen=True, defer_build=True, extra="ignore", alias_generator=to_camel, validate_by_name=True
    )

    def wire(self) -> dict[str, Any]:
        """As it is written."""
        return self.model_dump(mode="json", by_alias=True)


class LentRequest(_OnWire):
    """One request for one answer."""

    model: str
    """`vendor/family`, or a family alone."""
    messages: tuple[Message, ...]
    parameters: Mapping[str, JsonValue] = {}
    max_tokens: int | None = None


class LentText(_OnWire):
    """An answer."""

    text: str
    model: str = ""
    finish: Literal["stop", "length", "refusal"] = "stop"
    prompt_tokens: int | None = Field(default=None, ge=0)
    """None: the editor does not say."""
    completion_tokens: int | None = Field(default=None, ge=0)


class LentFailure(_OnWire):
    """Why there is none."""

    kind: RemoteFailureKind
    message: str = ""
    retry_after: float | None = Field(default=None, ge=0)
    """Seconds."""


class Complete(LentRequest):
    """An engine asks. The answer is to have the same id."""

    id: str


class Withdraw(_OnWire):
    """An engine does not want this answer any more."""

    id: str


class _Aside(_OnWire):
    """A line of an engine that is no event: one of these, and nothing else."""

    model_config = ConfigDict(extra="forbid")

    complete: Complete | None = None
    withdraw: Withdraw | None = None

    @model_validator(mode="after")
    def _one(self) -> _Aside:
        if (self.complete is None) == (self.withdraw is None):
            raise ValueError("a line asks for one thing")
        return self


def aside(line: bytes) -> Complete | Withdraw | None:
    """What a line of an engine asks for; None for any other line."""
    if not line.startswith((b'{"complete"', b'{"withdraw"')):  # an event begins otherwise, and there are many
        return None
    try:
        found = _Aside.model_validate_json(line)
    except ValidationError:
        return None
    return found.complete or found.withdraw


def answer(result: object) -> LentText | LentFailure:
    """What was answered; where that is nonsense, a failure that says so."""
    fields: Mapping[str, Any] = cast("Mapping[str, Any]", result) if isinstance(result, Mapping) else {}
    try:
        if fields.get("failure") is not None:
            return LentFailure.model_validate(fields["failure"])
        text = fields.get("text")
        if isinstance(text, str):  # half a character, as JavaScript may leave it, is no text here
            fields = {**fields, "text": text.encode("utf-8", "replace").decode("utf-8")}
        return LentText.model_validate(fields)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"])) or "answer"
        shown = repr(cast("object", result))
        shown = shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}…"
        return LentFailure(kind="malformed", message=f"the editor's answer is none ({where}: {first['msg']}): {shown}")


def completed(identity: str, answered: LentText | LentFailure) -> Mapping[str, Any]:
    """The line for an engine that asked."""
    body = answered.wire() if isinstance(answered, LentText) else {"failure": answered.wire()}
    return {"completed": {"id": identity, **body}}
