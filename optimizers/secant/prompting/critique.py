"""The critic: one request for each batch, with the whole artifact and a section for each way of failing.

TextGrad's backward pass asks once for every example, for passing ones too, and shows the variable as its first and last
ten words (textgrad/variable.py). Here nothing is asked where everything passes, one request covers the batch, and the
artifact is never cut. What the critic says is feedback: it is bounded, shown as something that may be wrong, and does
without a form of its own, so no answer of his is lost to one.
"""

from __future__ import annotations

from secant.optimizer import BudgetView, LanguageModel
from secant.prompting.measure import shortened
from secant.prompting.parse import tagged
from secant.prompting.render import Prompt
from secant.types import Critique, Evaluation

_CALLS = 2
"""A critique without the new version that follows from it would be paid for nothing."""


def wanted(evaluation: Evaluation, budget: BudgetView) -> bool:
    """Whether there is anything to criticise, and enough calls to make use of it."""
    left = budget.remaining("calls")
    something = not evaluation.results or any(r.score < 1 for r in evaluation.results)
    return something and (left is None or left >= _CALLS)


def criticise(
    model: LanguageModel, prompt: Prompt, evaluation: Evaluation, *, about: str, limit: int
) -> Critique | None:
    """What the critic says about the failing cases; None where no answer came."""
    (completion,) = model.complete("optimizer", prompt.messages, purpose="critique")
    if completion.finish in ("failed", "refusal") or not completion.text.strip():
        return None
    text = tagged(completion.text, f"CRITIQUE{prompt.suffix}") or completion.text.strip()
    failing = tuple(r.case_id for r in evaluation.results if r.score < 1)
    severity = len(failing) / max(1, evaluation.n)
    return Critique(text=shortened(text, limit), about=about, case_ids=failing, severity=severity, source="model")
