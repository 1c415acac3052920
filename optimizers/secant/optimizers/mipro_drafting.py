"""The instructions that MIPROv2 chooses from: asked for once, grounded in the data and in what the program does.

Two descriptions first, of the data and of the program, then `instructions` new texts for each editable part, each with
another tip and with other cases in view: 2 + instructions x parts calls, all of a kind at once. (dspy describes the
data in up to ten calls, batch by batch, and each predictor once more; its program is code, here it is the prompt.)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from secant.optimizer import Completion, Context, LanguageModel
from secant.optimizers.mipro_spec import TIPS, MIPROSpec
from secant.optimizers.wording import Wording, editable, expected
from secant.prompting.asking import Request, ask_each
from secant.prompting.exemplars import exemplars
from secant.prompting.measure import shortened
from secant.prompting.render import Data, Prompt, Section
from secant.types import Part

_GROUNDING = 2
"""Calls for the two descriptions; without one more for an instruction they would be paid for nothing."""


class Drafted(NamedTuple):
    """The texts for each editable part, the part's own first, and how many answers held none."""

    texts: tuple[tuple[str, ...], ...]
    unusable: int


class Drafting:
    """Asks for instructions."""

    def __init__(self, spec: MIPROSpec) -> None:
        self._spec = spec
        self._words = Wording(spec, spec.knobs.feedback)

    def drafted(self, ctx: Context, model: LanguageModel) -> Drafted:
        """Raises BudgetExhausted where not even one call is left."""
        parts = editable(ctx.seed)
        left = ctx.budget.remaining("calls")
        notes = self._notes(ctx, model) if left is None or left > _GROUNDING else []
        tips = list(TIPS)
        ctx.rng.shuffle(tips)
        owners: list[int] = []
        requests: list[Request] = []
        for number in range(self._spec.knobs.instructions):  # so that a small budget has some for every part
            for place, part in enumerate(parts):
                prompt = self._instruction(ctx, part, notes, tips[number % len(tips)])
                requests.append(Request(prompt, expected(part, prompt)))
                owners.append(place)
        again = self._spec.part("again") if self._spec.knobs.ask_again else None
        replies = ask_each(model, ctx.budget, requests, again=again)
        texts = [dict.fromkeys([part.text]) for part in parts]
        for place, reply in zip(owners, replies, strict=False):
            if reply.ok:
                texts[place][reply.value] = None
        return Drafted(tuple(tuple(each) for each in texts), sum(not reply.ok for reply in replies))

    def _notes(self, ctx: Context, model: LanguageModel) -> list[Section]:
        """The two descriptions, as far as they came."""
        knobs, (part, *_) = self._spec.knobs, editable(ctx.seed)
        values = self._words.subject(ctx, ctx.seed, part, ctx.baseline)
        values |= {"examples": self._shown(ctx), "words": str(knobs.summary_words)}
        prompts = [self._words.composed(name, values, system="describing") for name in ("data", "program")]
        answers = model.complete_many("optimizer", [p.messages for p in prompts], purpose="critique")
        named = zip(("noted_data", "noted_program"), map(self._said, answers), strict=True)
        return [self._words.section(name, value=Data("NOTES", text)) for name, text in named if text]

    def _said(self, answer: Completion) -> str:
        usable = answer.finish not in ("failed", "refusal")
        return shortened(answer.text.strip(), self._spec.knobs.summary_tokens) if usable else ""

    def _instruction(self, ctx: Context, part: Part, notes: Sequence[Section], tip: str) -> Prompt:
        values = self._words.subject(ctx, ctx.seed, part, ctx.baseline)
        values |= {
            "notes": notes,
            "examples": self._shown(ctx),
            "tip": self._words.section(tip),
            "contract": self._words.section("contract"),
        }
        return self._words.composed("instruction", values)

    def _shown(self, ctx: Context) -> Section | str:
        """Some fit cases, drawn afresh for every request."""
        fit = list(ctx.cases.get("fit", ()))
        drawn = ctx.rng.sample(fit, min(len(fit), self._spec.knobs.exemplars))
        if not drawn:
            return ""
        text = "\n\n".join(exemplars(drawn, limit=self._spec.knobs.exemplar_tokens))
        return self._words.section("shown", value=Data("CASES", text))
