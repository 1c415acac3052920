"""Filling the parts of a spec: sections and whole requests, for every optimizer that asks a model.

Also what all of them tell alike: the facts of the task, and how a placeholder is to be kept. Decides nothing and asks
nobody.
"""

from __future__ import annotations

from collections.abc import Sequence

from secant.optimizer import Context
from secant.optimizers.spec import PartedSpec
from secant.prompting.render import Data, Prompt, Section, compose, constant

Value = str | Data | Section | Sequence[Data | Section]
Values = dict[str, Value]
_REPLY_TAGS = ("IMPROVED", "NOTE", "CRITIQUE")


class Filling:
    """Fills the parts of one spec."""

    def __init__(self, spec: PartedSpec) -> None:
        self._spec = spec

    def section(self, part: str, **values: Value) -> Section:
        return Section(self._spec.part(part), values) if values else constant(self._spec.part(part))

    def composed(self, user: str, values: Values, *, system: str = "system") -> Prompt:
        return compose(self.section(system), Section(self._spec.part(user), values), tags=_REPLY_TAGS)


def fact(ctx: Context, name: str) -> str:
    """A text among the task's facts; empty where there is none."""
    found = ctx.task.facts.get(name)
    return found if isinstance(found, str) else ""


def kept(placeholder: str) -> str:
    """A placeholder is a token by now, so a model is told what it stands for."""
    return f"keep {placeholder} literally, spelt exactly so: it is filled in when the text is used"
