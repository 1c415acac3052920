"""Specs: what an optimizer says and how far it goes, as YAML that is read, checked and written."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from pathlib import Path

import pytest
import yaml
from scripted import RIGHT, drive, in_turn, reply

import secant.promptfiles
from secant.errors import ConfigError
from secant.optimizers.ape import APESpec
from secant.optimizers.gepa import GEPASpec
from secant.optimizers.gpo import GPOSpec
from secant.optimizers.mipro_spec import MIPROSpec
from secant.optimizers.mixed import MixedSpec
from secant.optimizers.opro import OPROSpec
from secant.optimizers.protegi_spec import ProTeGiSpec
from secant.optimizers.spec import PARTS, Knobs, OptimizerSpec, PartedSpec, default, dump, load, parse, save
from secant.optimizers.textgrad import TextGradOptimizer
from secant.prompting.template import slots, template

PARTED: Mapping[str, type[PartedSpec]] = {
    **dict.fromkeys(("hessiangrad", "momentum", "sampling", "textgrad"), OptimizerSpec),
    "ape": APESpec,
    "gepa": GEPASpec,
    "gpo": GPOSpec,
    "mipro": MIPROSpec,
    "opro": OPROSpec,
    "protegi": ProTeGiSpec,
}
PROMPTFILES = Path(secant.promptfiles.__file__).parent
BY_CODE = ("baseline_", "judge_")
"""How the templates of requests begin that are no optimizer's."""
NAMES = ("hessiangrad", "momentum", "sampling", "textgrad")


@pytest.mark.parametrize("name", NAMES)
def test_a_spec_round_trips(name: str, tmp_path: Path) -> None:
    spec = default(name, OptimizerSpec)
    assert spec.name == name
    assert parse(dump(spec), OptimizerSpec) == spec
    save(spec.inlined(), tmp_path / "spec.yaml")
    again = load(tmp_path / "spec.yaml", OptimizerSpec)
    assert again == spec.inlined()
    assert all(again.part(part) == spec.part(part) for part in PARTS)


@pytest.mark.parametrize("name", NAMES)
def test_every_number_stands_in_the_file(name: str) -> None:
    """Not in code: a field that is left out of a file has no value."""
    file = resources.files("secant.optimizers") / "specs" / f"{name}.yaml"
    given = yaml.safe_load(file.read_text(encoding="utf-8"))
    assert set(given["knobs"]) == set(Knobs.model_fields)
    assert all(field.is_required() for field in Knobs.model_fields.values())
    spec = default(name, OptimizerSpec)
    for knob in ("evolution", "feedback", "words", "function_percent"):
        value = getattr(spec.knobs, knob)
        assert value is None or set(given["knobs"][knob]) == set(type(value).model_fields)


def test_every_template_is_used_and_every_slot_is_known() -> None:
    room = resources.files("secant.prompting") / "templates"
    files = {f.name for f in room.iterdir() if f.name.endswith(".txt")}
    used: set[str] = set()
    for name, kind in PARTED.items():
        spec = default(name, kind)
        for part, text in spec.parts.items():
            if text.endswith(".txt"):
                used.add(text)
                assert slots(template(text)) <= kind.slots[part] | {"suffix"}
    assert {f for f in files if not f.startswith(BY_CODE)} == {f for f in used if not f.startswith(BY_CODE)}
    sources = "".join(f.read_text(encoding="utf-8") for f in (PROMPTFILES).rglob("*.py"))
    assert all(f in sources for f in files if f.startswith(BY_CODE))


def test_mixed_has_a_spec_of_its_own() -> None:
    spec = default("mixed", MixedSpec)
    assert parse(dump(spec), MixedSpec) == spec


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda s: s["parts"].update(budget="at most {{wrods}}"), "slots that nothing fills: wrods"),
        (lambda s: s["parts"].update(other="x"), "no part named other"),
        (lambda s: s["parts"].pop("update"), "missing: update"),
        (lambda s: s["parts"].update(update="no_such_file.txt"), "no template named no_such_file.txt"),
        (lambda s: s["knobs"].update(width=0), "knobs.width"),
        (lambda s: s["knobs"].update(widht=1), "knobs.widht"),
        (lambda s: s["knobs"].pop("window"), "knobs.window"),
        (lambda s: s["knobs"]["evolution"].update(epsilon=0), "epsilon"),
    ],
)
def test_a_faulty_spec_says_what_is_wrong(change, said: str) -> None:
    given = default("hessiangrad", OptimizerSpec).model_dump(mode="json")
    change(given)
    with pytest.raises(ConfigError) as refused:
        parse(yaml.safe_dump(given), OptimizerSpec, where="my.yaml")
    assert said in refused.value.message
    assert refused.value.where == "my.yaml"


@pytest.mark.parametrize("text", ["{", "- a\n- b", "", "name: [x"])
def test_what_is_no_spec_is_told(text: str) -> None:
    with pytest.raises(ConfigError):
        parse(text, OptimizerSpec)


def test_a_part_may_be_a_text_of_its_own() -> None:
    spec = default("textgrad", OptimizerSpec)
    own = spec.model_copy(update={"parts": {**spec.parts, "goal_fix": "Mend {{name}}, {braces} and all."}})
    done = drive(TextGradOptimizer(own), in_turn(reply(RIGHT)), steps=1)
    assert done.updates[0].prompt.startswith("Mend count_up, {braces} and all.\n\n")
