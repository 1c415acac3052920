"""Messages that stand one behind the other in a text, as Prompty and Dotprompt have them: a part of the prompt each.

Where a message begins is each format's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from secant.promptfiles.document import PromptPart, Role, Syntax
from secant.promptfiles.formats.source import Slot, Source, placed, plain_slot, trimmed, unified
from secant.promptfiles.formats.yamlconfig import named_by_role


class Message(NamedTuple):
    """One of them, by the places of its text in the file."""

    role: Role
    start: int
    end: int

    def text(self, source: Source) -> str:
        """Without the white space around it."""
        return trimmed(unified(source.text[self.start : self.end])).core


def message_slots(source: Source, messages: Sequence[Message], syntax: tuple[Syntax, ...]) -> tuple[Slot, ...]:
    """The parts that the messages are, and where each is written."""
    slots: list[Slot] = []
    for name, message in zip(named_by_role([each.role for each in messages]), messages, strict=True):
        part = PromptPart(name=name, role=message.role, text=message.text(source), syntax=syntax)
        part = placed(source, part, message.start, message.end)
        slots.append(plain_slot(source, part, message.start, message.end))
    return tuple(slots)
