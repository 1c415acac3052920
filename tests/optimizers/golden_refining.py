"""Requests of the optimizers that refine prompts from their errors, for `golden_prompts`."""

from __future__ import annotations

from collections.abc import Iterator

from cards.toy import Letters
from refining import refine
from scripted import Asked, in_turn, reply

from secant.optimizers.gepa import GEPAOptimizer, GEPASpec
from secant.optimizers.mipro import MIPROOptimizer
from secant.optimizers.protegi import ProTeGiOptimizer
from secant.optimizers.spec import default
from secant.types import Artifact, Part


def refining_requests() -> Iterator[tuple[str, Asked]]:
    """A prompt with a placeholder, whose other part may not be changed."""
    part = Part(name="system", text="aaaaaa⟦ticket⟧", role="the system message", must_keep=("⟦ticket⟧",))
    fixed = Part(name="user", text="Spell it.", editable=False)
    ticket = Letters(seed_artifact=Artifact(kind="prompt", parts=(part, fixed)))
    better = in_turn(reply("secaaa⟦ticket⟧"), critique="Letters are guessed; the prompt does not name them.")
    asked = refine(ProTeGiOptimizer(), better, evaluator=ticket, steps=1).model.asked
    yield "protegi_reasons", asked[0]
    yield "protegi_edit", next(a for a in asked if a.purpose == "update")
    yield "protegi_paraphrase", next(a for a in asked if "Say the same otherwise" in a.prompt)
    yield "gepa_update", refine(GEPAOptimizer(), better, evaluator=ticket, steps=1).updates[0]
    asked = refine(MIPROOptimizer(), better, evaluator=ticket, steps=1).model.asked
    yield "mipro_data", asked[0]
    yield "mipro_program", asked[1]
    yield "mipro_instruction", asked[2]
    apart = in_turn(*(reply(f"{word}⟦ticket⟧") for word in ("sexxxx", "xxcant", "secant")))
    wide = default("gepa", GEPASpec)
    wide = wide.model_copy(update={"knobs": wide.knobs.model_copy(update={"probe_size": 6})})
    yield "gepa_crossover", refine(GEPAOptimizer(wide), apart, evaluator=ticket, steps=3).updates[-1]
