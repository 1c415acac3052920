"""The arguments of the server's commands: one object each, checked before anything is done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from secant.config import Goal
from secant_server.notices import Refused


class _Argument(BaseModel):
    model_config = ConfigDict(frozen=True, defer_build=True, extra="ignore")


class Position(_Argument):
    """A place in a document; its character is counted differently by every editor and is not read."""

    line: int = Field(ge=0)


class Place(_Argument):
    """A function, by a place in it."""

    uri: str
    position: Position
    goal: Goal | None = None
    """None: as the settings say."""


class PromptFile(_Argument):
    """A prompt, by its document and a place in it."""

    uri: str
    position: Position = Position(line=0)
    prompt: str = ""
    """What a config calls it, where it stands in a file of its own."""


class Section(_Argument):
    """A solution: by a place in its document, by a selection from there to `end`, or by the heading's name."""

    uri: str
    position: Position
    end: Position | None = None
    section: str | None = None


class Somewhere(_Argument):
    """A document, or none."""

    uri: str | None = None


class RunNamed(_Argument):
    run: str


class ProposalNamed(_Argument):
    proposal: str


class OptionNamed(_Argument):
    """One of the texts that a proposal offers; 0 is the winner."""

    proposal: str
    option: int = Field(default=0, ge=0)


_A = TypeVar("_A", bound=_Argument)


def read(model: type[_A], command: str, arguments: Sequence[Any]) -> _A:
    """The one argument of a command. Raises Refused, naming what is wrong."""
    try:
        return model.model_validate(arguments[0] if arguments else {})
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'argument'}: {e['msg']}" for e in error.errors())
        raise Refused(
            f"{command} was called with an argument that it does not understand ({wrong})",
            hint=f"It takes one object with {', '.join(model.model_fields)}.",
        ) from error
