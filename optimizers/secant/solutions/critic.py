"""The model's own critique as evidence: it looks for mistakes and does not solve. Weak evidence, and named so.

After the loss of TextGrad's solution optimization (arXiv 2406.07496; algorithms.md 1.6b), with these differences: the
critique ends in a severity, so that it can be compared; a reply without one is asked for once more and then is no
evidence at all; a winner is read a second time in another direction before it is believed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from secant.optimizer import Completion, LanguageModel
from secant.prompting.parse import tagged
from secant.prompting.render import Prompt
from secant.solutions.prompts import again, criticising
from secant.types import ErrorKind, Frozen

CASE = "critique"
SCORES: Mapping[str, float] = {"none": 1.0, "minor": 0.75, "serious": 0.25, "fatal": 0.0}
"""Score of a solution by the severity of what was found."""
_MOST = 6000
_SAID = re.compile(r"^[\W_]*severity[\W_]*\b(none|minor|serious|fatal)\b", re.IGNORECASE | re.MULTILINE)


class Review(Frozen):
    """One critique of one solution. Without a severity it is no evidence, and `error` says why."""

    text: str
    severity: str = ""
    error: ErrorKind = "none"

    @property
    def score(self) -> float:
        return SCORES.get(self.severity, 0.0)


class Critic:
    """Asks for critiques of solutions of one problem."""

    def __init__(self, problem: str) -> None:
        self._problem = problem

    def reviews(self, model: LanguageModel, solutions: Sequence[str], *, second: bool = False) -> Sequence[Review]:
        """A critique of each, asked for at once. Raises BudgetExhausted and ModelUnavailable."""
        prompts = [criticising(self._problem, text, second=second) for text in solutions]
        purpose = "second critique" if second else "critique"
        completions = model.complete_many("optimizer", [p.messages for p in prompts], purpose=purpose)
        found = [_review(*pair) for pair in zip(completions, prompts, strict=True)]
        unread = [n for n, review in enumerate(found) if review.error == "parse"]
        if unread:
            batches = [prompts[n].asked_again(again(prompts[n].suffix)) for n in unread]
            for n, completion in zip(unread, model.complete_many("optimizer", batches, purpose="reask"), strict=True):
                found[n] = _review(completion, prompts[n])
        return found


def _review(completion: Completion, prompt: Prompt) -> Review:
    """What an answer says. One that cannot be read is no verdict, neither for nor against the solution."""
    if completion.finish == "failed":
        return Review(text=f"the critic gave no answer: {completion.reason or 'no reason given'}", error="model")
    if completion.finish == "refusal":
        return Review(text="the critic refused to answer", error="refusal")
    severity = _severity(completion.text, prompt.suffix)
    if not severity:
        return Review(text="the critic's answer named no severity", error="parse")
    text = tagged(completion.text, f"CRITIQUE{prompt.suffix}") or completion.text
    return Review(text=text.strip()[:_MOST], severity=severity)


def _severity(text: str, suffix: str) -> str:
    """The word between the tags; else that of a line of its own, `Severity: minor`, the last."""
    word = (tagged(text, f"SEVERITY{suffix}") or "").strip(" \t\n.*_").casefold()
    if word in SCORES:
        return word
    said = _SAID.findall(text)
    return said[-1].casefold() if said and not word else ""
