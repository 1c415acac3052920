"""A desk to solve problems at: the real driver, optimizer, gateway and journal, and a provider that answers as told.

What the provider is asked shows in the request's system text, which tells the four kinds of requests apart.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from secant import framing
from secant.budget import Budget
from secant.cancellation import Cancellation
from secant.config import SolveRequest
from secant.events import Evaluated, Event, Finished, ModelCalled
from secant.history import History
from secant.journal import Recorder, RunStore
from secant.kinds import Surroundings
from secant.models.contract import AnswerText, Message, ModelAnswer, ModelRequest, ModelSettings, Price
from secant.models.gateway import Gateway
from secant.optimizer import Optimizer
from secant.optimizers.textgrad import TextGradOptimizer
from secant.solutions.paper import find_paper, require_same
from secant.solutions.solving import Solving
from secant.types import Usage

Asked = Literal["answer", "critique", "advice", "update"]
Answers = Mapping[str, Callable[[str, int], str | AnswerText]]
"""For each kind of request: prompt and number (from 0) to the answer."""
_KINDS: Mapping[str, Asked] = {
    "You solve": "answer",
    "You examine": "critique",
    "You are a critic": "advice",
    "You improve": "update",
}
PROBLEM = "# Product\n\nWhat is 17 * 24?\n"
WRONG = "17 * 24 = 17 * 20 + 17 * 4 = 340 + 58 = 398\n\nAnswer: 398\n"
RIGHT = "17 * 24 = 17 * 20 + 17 * 4 = 340 + 68 = 408\n\nAnswer: 408\n"
CHECK = "def is_right(answer):\n    return answer == '408', '' if answer == '408' else '17 * 4 is not 58'\n"


def document(solution: str = WRONG) -> str:
    return f"{PROBLEM}\n## Solution\n\n{solution}\n## Source\n\nA school book.\n"


def improved(text: str, note: str = "17 * 4 is 68") -> str:
    return f"<NOTE>\n{note}\n</NOTE>\n<IMPROVED>\n{text}</IMPROVED>"


def critique(severity: str, text: str = "found nothing else") -> str:
    return f"<CRITIQUE>\n{text}\n</CRITIQUE>\n<SEVERITY>\n{severity}\n</SEVERITY>"


class Provider:
    """Answers, and remembers what it was asked."""

    def __init__(self, answers: Answers, on_asked: Callable[[Asked, int], object] = lambda kind, number: None) -> None:
        self._answers = answers
        self._on_asked = on_asked
        self.asked: list[tuple[Asked, str]] = []

    async def complete(self, request: ModelRequest) -> ModelAnswer:
        kind = next(k for start, k in _KINDS.items() if request.messages[0].content.startswith(start))
        number = self.count(kind)
        prompt = "\n\n".join(m.content for m in request.messages)
        self.asked.append((kind, prompt))
        self._on_asked(kind, number)
        answer = self._answers[kind](prompt, number)
        text = answer if isinstance(answer, AnswerText) else AnswerText(text=answer)
        return ModelAnswer(texts=(text,) * request.n, usage=Usage(calls=1, prompt_tokens=100, completion_tokens=50))

    def price(self, settings: ModelSettings) -> Price | None:
        return Price(1e-6, 1e-6)

    def count_tokens(self, settings: ModelSettings, messages: Sequence[Message]) -> int:
        return 200

    def count(self, kind: Asked) -> int:
        return sum(k == kind for k, _ in self.asked)

    def prompts(self, kind: Asked) -> list[str]:
        return [prompt for k, prompt in self.asked if k == kind]


class Run(NamedTuple):
    """A run that is over."""

    finished: Finished
    events: list[Event]
    provider: Provider
    run: str

    def of(self, kind: type) -> list:
        return [e for e in self.events if isinstance(e, kind)]

    @property
    def said(self) -> str:
        return "\n".join(self.finished.evidence)

    @property
    def evaluated(self) -> list[Evaluated]:
        return self.of(Evaluated)

    @property
    def calls(self) -> int:
        return len(self.of(ModelCalled))


class Desk:
    """A folder with a problem and a check."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "problem.md"
        self.path.write_text(document())
        (folder / "checks.py").write_text(CHECK)
        (folder / "pyproject.toml").write_text("[project]\nname = 'problems'\n")
        self.store = RunStore(folder)

    def solve(
        self,
        answers: Answers,
        *,
        optimizer: Optimizer | None = None,
        resume: str | None = None,
        run: str = "1",
        cancellation: Cancellation | None = None,
        on_asked: Callable[[Asked, int], object] = lambda kind, number: None,
        listener: Callable[[Event], object] = lambda event: None,
        **asked: object,
    ) -> Run:
        """A run from its first event to its last, as the engine conducts it."""
        request = SolveRequest(target="problem.md", folder=self.folder, **asked)
        paper = find_paper(request)
        provider, told = Provider(answers, on_asked), []
        history = History(self.store.read(resume)) if resume else History()
        journal = self.store.open(resume) if resume else self.store.create(run)
        recorder = Recorder(resume or run, journal, [told.append, listener], seq=history.seq)
        cancellation = cancellation or Cancellation()

        def models(budget: Budget) -> Gateway:
            settings = ModelSettings(model="fake/one", parameters={"max_tokens": 100})
            return Gateway(
                {"program": settings},
                lambda _: provider,
                budget=budget,
                cancellation=cancellation,
                record=lambda call: recorder.record(ModelCalled(call=call)),
                known=history.calls,
            )

        try:
            recorder.record(framing.started(request, resumed=resume is not None))
            if resume:
                for event in self.store.read(resume):
                    if event.type == "target_found":
                        require_same(paper, event, resume)
            around = Surroundings(models, recorder, cancellation, history, os.environ)
            solving = Solving(request, paper, optimizer or TextGradOptimizer(), around)
            recorder.record(framing.finished(solving, recorder, apply=request.apply))
        finally:
            recorder.close()
        return Run(told[-1], told, provider, resume or run)
