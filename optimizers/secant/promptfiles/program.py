"""The prompt as a program: what a model is asked for one row of the data.

Texts in, messages out; nobody is asked here. Which placeholders there are, and how they are filled, is known to
`placeholders`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import JsonValue

from secant.errors import BadRequest
from secant.promptfiles.document import PromptPart
from secant.promptfiles.evaldata.recognition import main_input
from secant.promptfiles.evaldata.rows import Row
from secant.promptfiles.placeholders import Mask, fill, placeholders
from secant.prompting.exemplars import shown
from secant.types import Artifact, Part

Messages = list[dict[str, str]]


class Program:
    """One prompt. Where it has no placeholders, the fields of a row are a message of their own behind it."""

    def __init__(self, parts: Sequence[PromptPart]) -> None:
        self.parts = tuple(parts)
        self.mask = Mask(self.parts)
        self._filled = any(placeholders(part.text, part.syntax) for part in parts)
        self._latest: tuple[Artifact, Mapping[str, str]] | None = None
        """The version that was asked for last, with its texts: its rows come one after the other."""

    @property
    def usage(self) -> str:
        """How the prompt is applied, in a sentence for an optimizer."""
        if self._filled:
            return "Its placeholders are filled with the fields of a case, and the model's answer is judged."
        return "It is the system message; the input of a case follows as the user's message, and the answer is judged."

    def seen(self, row: Row) -> Mapping[str, JsonValue]:
        """The fields of a row that a request may have."""
        return row.fields if self._filled else main_input(row.fields)

    def unsent(self, rows: Sequence[Row]) -> tuple[str, ...]:
        """The fields of these rows that no request has, because the prompt names no field and asks for the input."""
        return tuple(dict.fromkeys(name for row in rows for name in row.fields if name not in self.seen(row)))

    def artifact(self) -> Artifact:
        """The prompt as it is searched over: its placeholders are tokens that no version may lose."""
        parts = [
            Part(
                name=part.name,
                text=self.mask.mask(part.text),
                role=f"It is the {part.role} message of a prompt.",
                editable=part.editable,
                must_keep=self.mask.tokens(self.mask.mask(part.text)),
            )
            for part in self.parts
        ]
        return Artifact(kind="prompt", parts=tuple(parts))

    def texts(self, artifact: Artifact) -> dict[str, str]:
        """The texts of the parts as they stand in the file."""
        return {part.name: self.mask.unmask(part.text) for part in artifact.parts}

    def messages(self, artifact: Artifact, row: Row) -> Messages:
        """The request for one row. Raises BadRequest naming a placeholder that the row does not fill."""
        latest = self._latest
        if latest is None or latest[0] is not artifact:
            latest = self._latest = (artifact, self.texts(artifact))
        texts = latest[1]
        if self._filled:
            return [{"role": p.role, "content": _with_fields(p, texts[p.name], row)} for p in self.parts]
        instructing = [{"role": _leading(p), "content": texts[p.name]} for p in self.parts]
        return [*instructing, {"role": "user", "content": shown(dict(self.seen(row)))}]

    def unfillable(self, artifact: Artifact, rows: Sequence[Row]) -> str:
        """Why a version cannot be filled with rows that fill the prompt itself; empty where it can. Placeholders that
        are all there are filled as before, but the blocks of a template may stand in another order.
        """
        if not any("jinja" in part.syntax for part in self.parts):
            return ""
        try:
            for row in rows:
                self.messages(artifact, row)
        except BadRequest as error:
            return error.message
        return ""


def _with_fields(part: PromptPart, text: str, row: Row) -> str:
    try:
        return fill(text, part.syntax, row.fields)
    except BadRequest as error:
        raise BadRequest(error.message, hint=error.hint, where=f"{row.path}:{row.line}") from error


def _leading(part: PromptPart) -> str:
    """A prompt that only instructs stands before what is asked, whatever its format calls it."""
    return "assistant" if part.role == "assistant" else "system"
