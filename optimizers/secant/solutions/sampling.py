"""Fresh answers of the program model: the first solution where there is none, and self-consistency at equal cost."""

from __future__ import annotations

from collections.abc import Sequence

from secant.budget import Budget, BudgetExhausted
from secant.cancellation import Interrupted
from secant.errors import SecantError
from secant.models.contract import ModelUnavailable
from secant.optimizer import Completion, LanguageModel
from secant.solutions.answer import AnswerPattern
from secant.solutions.document import Document, fitting
from secant.solutions.prompts import answering
from secant.solutions.vote import Vote, vote
from secant.types import Frozen

PURPOSE = "self-consistency"


class Consistency(Frozen):
    """A vote over fresh samples. `samples` are the texts; fewer than were wanted where the budget had no more."""

    wanted: int
    samples: tuple[str, ...] = ()
    result: Vote | None = None
    reason: str = ""
    """Why there are fewer, or none."""


class Sampler:
    """Asks for solutions of one problem."""

    def __init__(self, document: Document, pattern: AnswerPattern, demands: Sequence[str]) -> None:
        self._prompt = answering(document.problem, demands, document.level)
        self._level = document.level
        self._pattern = pattern

    def first(self, model: LanguageModel) -> str:
        """One solution, made to fit under its heading. Raises SecantError where none came, and BudgetExhausted."""
        (completion,) = model.within("zero-shot").complete("program", self._prompt.messages, purpose="zero-shot")
        text = fitting(completion.text, self._level) if completion.finish in ("stop", "length") else ""
        if not text:
            why = completion.reason or {"refusal": "it refused"}.get(completion.finish, "its answer was empty")
            raise SecantError(
                f"the model gave no solution to begin with: {why}",
                hint="Write a first solution under the heading yourself, or name another model.",
            )
        return text

    def consistency(self, model: LanguageModel, budget: Budget, wanted: int, *, known: int = 0) -> Consistency:
        """The vote over as many fresh samples, or as many as the budget still has; `known` were paid for before."""
        left = budget.remaining("calls")
        count = wanted if left is None else min(wanted, int(left) + known)
        reason = "" if count == wanted else "the budget had no more"
        while count > 0:
            try:
                completions = self._sampled(model, count)
            except BudgetExhausted as exhausted:
                count, reason = count // 2, str(exhausted)
            except (Interrupted, ModelUnavailable) as ended:
                return Consistency(wanted=wanted, reason=str(ended) or "the run was stopped")
            else:
                texts = tuple(fitting(c.text, self._level) for c in completions)
                result = vote([self._pattern.find(text) for text in texts])
                return Consistency(wanted=wanted, samples=texts, result=result, reason=reason)
        return Consistency(wanted=wanted, reason=reason)

    def _sampled(self, model: LanguageModel, count: int) -> Sequence[Completion]:
        """Identical requests of one scope are samples of their own, so each is a call like those of the search."""
        batches = [self._prompt.messages] * count
        return model.within("self-consistency").complete_many("program", batches, purpose=PURPOSE)
