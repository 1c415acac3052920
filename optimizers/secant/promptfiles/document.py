"""What every format of prompt files comes to: parts with a role and a text, and a way back into the file's bytes.

Values and a protocol; `opening` finds the format, `formats/` has one file for each.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal, Protocol

from pydantic import JsonValue

from secant.promptfiles.evaldata.rows import EvalData
from secant.types import Frozen

Role = Literal["system", "user", "assistant"]
Syntax = Literal["mustache", "braces", "dollar", "input", "jinja", "none"]
"""How placeholders are written: `{{x}}`, `{x}`, `${x}`, `${input:x}`, Jinja (`{{ x }}`, `{% if x %}`), not at all."""


class PromptPart(Frozen):
    """One message of a prompt."""

    name: str
    """Unique in the document: `prompt` for the only one, else its role, with a number from the second on."""
    role: Role
    text: str
    """Decoded, with "\\n" line ends, as a model would get it before placeholders are filled."""
    syntax: tuple[Syntax, ...] = ()
    """The ways of writing placeholders that this file may use, in the order in which they are looked for."""
    first_line: int = 1
    last_line: int = 1
    """Its lines in the file, from 1, both included."""
    editable: bool = True


class PromptDocument(Protocol):
    """A prompt file that was read."""

    @property
    def path(self) -> Path: ...

    @property
    def format(self) -> str:
        """In words: `Copilot prompt file`, `Prompty`, `GitHub Models prompt`, `promptfoo config`, ..."""
        ...

    @property
    def name(self) -> str:
        """What was chosen of several prompts in the file (a constant, a promptfoo prompt); else empty."""
        ...

    @property
    def digest(self) -> str:
        """SHA-256 of the file's bytes."""
        ...

    @property
    def parts(self) -> tuple[PromptPart, ...]: ...

    @property
    def description(self) -> str:
        """What the prompt is for, as the file itself says it; empty where it does not."""
        ...

    @property
    def model(self) -> str:
        """The model that the file itself names, as it names it; empty where it names none."""
        ...

    @property
    def parameters(self) -> Mapping[str, JsonValue]:
        """Of that model, as the file has them: temperature, max_tokens, ..."""
        ...

    @property
    def defaults(self) -> Mapping[str, JsonValue]:
        """What the file itself gives placeholders that a case does not fill."""
        ...

    @property
    def data(self) -> EvalData | None:
        """Cases that the file itself holds (`testData`, `tests`), or that it names."""
        ...

    @property
    def notices(self) -> tuple[str, ...]:
        """What of the file is not understood and left aside, each a sentence: said aloud, never silently skipped."""
        ...

    def written(self, texts: Mapping[str, str]) -> bytes:
        """The file's bytes with the texts of those parts; every other byte is as it was. With nothing new, the same.

        Raises WriteRefused for a text that cannot stand in its place (in this encoding, in this format).
        """
        ...
