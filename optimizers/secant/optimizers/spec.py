"""What an optimizer says and how far it goes, as data: its prompt parts and its numbers, in a YAML file.

Optimizers will themselves be optimized, so nothing of this is a constant in code. A part is a text, or the name of a
file in `prompting/templates`; `inlined` gives a spec whose texts are all its own. Which slots a part may have is known
here, so that a spec that was changed by a model or by hand fails when it is read, and not in the middle of a run.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Annotated, ClassVar, Literal, Self, TypeVar

import yaml
from pydantic import Field, ValidationError, model_validator

from secant.errors import BadRequest, ConfigError
from secant.prompting.feedback import FeedbackLimits
from secant.prompting.template import SUFFIX, slots, template
from secant.search.evolution import EvolutionSettings
from secant.search.schedule import Schedule
from secant.types import Frozen, Kind, Regime

_FILE = re.compile(r"[a-z0-9_]+\.txt")

PARTS: Mapping[str, frozenset[str]] = {
    name: frozenset(names.split())
    for name, names in {
        "system_function": "",
        "system_prompt": "",
        "system_solution": "",
        "update": (
            "task current limits context profile handed history feedback critique evolution directive budget trouble "
            "contract"
        ),
        "critique_system_function": "",
        "critique_system_prompt": "",
        "critique_system_solution": "",
        "critique": "task current limits context feedback request",
        "critique_request": "words",
        "goal_fix": "name",
        "goal_faster": "name",
        "goal_prompt": "name role description judged usage",
        "goal_solution": "name role description",
        "current": "standing note value",
        "limits": "items",
        "context": "value",
        "profile": "value",
        "history": "records",
        "record": "number status standing note gained lost measured value",
        "feedback": "failing passing",
        "passing": "value",
        "criticism": "value",
        "evolution": "rows regime",
        "handed": "tried records",
        "handed_record": "note passed value",
        "directive_always": "recurring",
        "recurring": "cases",
        "directive_stagnating": "steps",
        "directive_oscillating": "first second first_right second_right both_right",
        "directive_regressing": "best broken",
        "directive_progressing": "fixed",
        "directive_open": "",
        "budget": "words size",
        "budget_whole": "",
        "trouble": "items",
        "trouble_unparsable": "detail",
        "trouble_noop": "detail",
        "trouble_constraint": "detail",
        "trouble_duplicate": "detail",
        "trouble_rejected": "detail",
        "contract_function": "name",
        "contract_prompt": "",
        "contract_solution": "",
        "again": "detail",
    }.items()
}
"""Every part that a request may be made of, and its slots; each may have `suffix` besides."""


class Knobs(Frozen):
    """The numbers of an optimizer that walks a single path."""

    width: int = Field(ge=1)
    """Proposals of one step, asked for at once."""
    probe_size: int = Field(ge=1)
    """Cases of a mini-batch; functions have none."""
    critique: tuple[Kind, ...]
    """Kinds for which a critic reads the feedback first: one more call for each step in which something fails."""
    critique_words: int = Field(ge=20)
    """What the critic is asked to keep to."""
    critique_tokens: int = Field(ge=50)
    """What of its answer is shown."""
    past: Literal["none", "rejected", "window"]
    """Versions that are shown: none, those that were turned down since the current one was accepted, or a window."""
    window: int = Field(ge=1)
    """Versions that are shown at most."""
    window_tokens: int = Field(ge=50)
    """For all of them; the numbers and the feedback stay where a text has no more room."""
    handed: int = Field(ge=0)
    """Versions by rule that are shown, where another optimizer went before."""
    measured_lines: int = Field(ge=1)
    """Lines of feedback for each version."""
    evolution: EvolutionSettings | None
    """Thresholds of the evolution report; without them there is no report."""
    budget_factors: Mapping[Regime, Annotated[float, Field(gt=0)]]
    """What a regime makes of the word budget."""
    words: Schedule | None
    """Word budget for prompts and solutions; none is stated without it."""
    function_percent: Schedule | None
    """Word budget for functions, in per cent of the current version's words: functions differ too much in length."""
    least_words: int = Field(ge=1)
    """No budget is smaller."""
    whole: float = Field(gt=0)
    """A budget of this share of the words and more allows to write everything anew."""
    feedback: FeedbackLimits
    troubles: int = Field(ge=0)
    """Unusable answers that the next request mentions."""
    raw_tokens: int = Field(ge=20)
    """What is kept of an answer that cannot be used."""
    ask_again: bool
    """Whether a reply with a fault of form is asked for once more."""
    offered: int = Field(ge=1)
    """Versions in the final ranking."""


@lru_cache(maxsize=512)
def _worded(part: str) -> str:
    """A part's text, or that of the template which it names."""
    return template(part) if _FILE.fullmatch(part) else part.removesuffix("\n")


class PartedSpec(Frozen):
    """A spec whose texts are parts. Raises ValidationError for an unknown part, an unknown slot, or a missing part."""

    slots: ClassVar[Mapping[str, frozenset[str]]] = {}
    """Every part that a request may be made of, and what may be filled into it besides `suffix`."""

    name: str
    summary: str
    parts: Mapping[str, str]

    @model_validator(mode="after")
    def _known_slots(self) -> Self:
        for name in self.parts:
            if name not in self.slots:
                raise ValueError(f"there is no part named {name}")
            try:
                unknown = slots(self.part(name)) - self.slots[name] - {SUFFIX}
            except BadRequest as error:
                raise ValueError(error.message) from error
            if unknown:
                raise ValueError(f"the part {name} has slots that nothing fills: {', '.join(sorted(unknown))}")
        missing = self.slots.keys() - self.parts.keys()
        if missing:
            raise ValueError(f"these parts are missing: {', '.join(sorted(missing))}")
        return self

    def part(self, name: str) -> str:
        """The text of a part."""
        return _worded(self.parts[name])

    def inlined(self) -> Self:
        """The same with every text in place of its file's name."""
        return self.model_copy(update={"parts": {name: self.part(name) for name in self.parts}})


class OptimizerSpec(PartedSpec):
    """One optimizer that walks a single path."""

    slots = PARTS

    knobs: Knobs


Spec = TypeVar("Spec", bound=Frozen)


def parse(text: str, kind: type[Spec], *, where: str = "") -> Spec:
    """A spec from YAML. Raises ConfigError saying what is wrong with it."""
    try:
        return kind.model_validate(yaml.safe_load(text))
    except yaml.YAMLError as error:
        raise ConfigError(f"the spec is no YAML: {error}", hint="Correct it and try again.", where=where) from error
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'spec'}: {e['msg']}" for e in error.errors()[:5])
        raise ConfigError(faults, hint="Compare it with the specs that come with Secant.", where=where) from error


def load(path: Path, kind: type[Spec]) -> Spec:
    """A spec from a file."""
    return parse(path.read_text(encoding="utf-8"), kind, where=str(path))


def default(name: str, kind: type[Spec]) -> Spec:
    """The spec that comes with Secant."""
    file = resources.files("secant.optimizers") / "specs" / f"{name}.yaml"
    return parse(file.read_text(encoding="utf-8"), kind, where=f"{name}.yaml")


def dump(spec: Frozen) -> str:
    """The spec as YAML; `parse` gives it back."""
    return yaml.safe_dump(spec.model_dump(mode="json"), sort_keys=False, allow_unicode=True, width=110)


def save(spec: Frozen, path: Path) -> None:
    path.write_text(dump(spec), encoding="utf-8")
