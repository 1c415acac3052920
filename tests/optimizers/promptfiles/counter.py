"""A counter where tickets are routed: a prompt file, its cases, the real engine rooms, a model that answers as told.

The program answers with a code only where the prompt says which codes there are; that is what a search has to find out.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from secant import framing
from secant.budget import Budget
from secant.cancellation import Cancellation
from secant.config import EvalRequest, PromptRequest, RefineRequest
from secant.events import Event, Finished, ModelCalled
from secant.history import History
from secant.journal import Recorder, RunStore
from secant.kinds import Surroundings, kind_of
from secant.models.contract import AnswerText, Message, ModelAnswer, ModelRequest, ModelSettings, Price
from secant.models.gateway import Gateway
from secant.registry import Registry
from secant.types import Usage

PROMPT = (
    "---\r\nmode: ask\r\ndescription: 'Route: a ticket'\r\n---\r\n\r\n# Routing\r\n\r\n"
    "Which queue gets this ticket? {{ticket}}\r\n\r\nAnswer with the queue.\r\n"
)
"""Windows line ends and a front matter: an edit must keep both."""
CODES = "Answer with a code alone: BIL for money, TEC for defects, SHP for parcels."
TICKETS = (
    ("I was charged twice for number %d", "BIL"),
    ("The app crashes on page %d", "TEC"),
    ("Where is my parcel %d today", "SHP"),
)
_WORDS = {"charged": ("BIL", "Billing"), "crashes": ("TEC", "Technical"), "parcel": ("SHP", "Shipping")}
Answer = Callable[[str, int], str | AnswerText]
"""Prompt and number (from 0) to an answer."""


def rows(count: int = 30) -> list[dict[str, str]]:
    return [{"ticket": TICKETS[n % 3][0] % n, "expected": TICKETS[n % 3][1]} for n in range(count)]


def program(prompt: str, number: int = 0) -> str:
    """Knows what a ticket is about, and of the codes what the prompt says."""
    ticket = prompt.rpartition("ticket?")[2]
    code, word = next(pair for key, pair in _WORDS.items() if key in ticket)
    return code if f"{code} for" in prompt else word


def version(text: str, note: str = "names the codes") -> Answer:
    """An answer of an optimizer's model that puts another text in the prompt's place."""

    def answer(prompt: str, number: int) -> str:
        suffix = re.search(r"<IMPROVED(\w*)>", prompt)[1]
        return f"<NOTE{suffix}>\n{note}\n</NOTE{suffix}>\n<IMPROVED{suffix}>\n{text}\n</IMPROVED{suffix}>"

    return answer


def routed(instruction: str) -> str:
    """The prompt's text, as the search has it, with another instruction."""
    return f"# Routing\n\nWhich queue gets this ticket? ⟦ticket⟧\n\n{instruction}"


class Provider:
    """Answers, and remembers what it was asked."""

    def __init__(self, run: Answer, optimize: Answer) -> None:
        self._run = run
        self._optimize = optimize
        self.programs: list[str] = []
        self.optimizers: list[str] = []

    async def complete(self, request: ModelRequest) -> ModelAnswer:
        prompt = "\n\n".join(m.content for m in request.messages)
        asked, answer = (self.optimizers, self._optimize) if "<IMPROVED" in prompt else (self.programs, self._run)
        asked.append(prompt)
        texts = [answer(prompt, len(asked) - 1) for _ in range(request.n)]
        usage = Usage(calls=request.n, prompt_tokens=100 * request.n, completion_tokens=50 * request.n, usd=1e-4)
        return ModelAnswer(
            texts=tuple(t if isinstance(t, AnswerText) else AnswerText(text=t) for t in texts), usage=usage
        )

    def price(self, settings: ModelSettings) -> Price | None:
        return Price(1e-6, 1e-6)

    def count_tokens(self, settings: ModelSettings, messages: Sequence[Message]) -> int:
        return 200


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


class Counter:
    """A folder with a prompt and its cases."""

    def __init__(self, folder: Path, data: Sequence[dict[str, object]] | None = None) -> None:
        self.folder = folder
        self.path = folder / "route.prompt.md"
        self.path.write_bytes(PROMPT.encode())
        self.data = folder / "route.eval.jsonl"
        self.data.write_text("".join(json.dumps(row) + "\n" for row in (rows() if data is None else data)))
        (folder / "pyproject.toml").write_text("[project]\nname = 'routing'\n")
        self.store = RunStore(folder)

    def refine(self, optimize: Answer | None = None, **asked: object) -> Run:
        asked = {"optimizer": "textgrad", "max_steps": 3, **asked}
        return self._conducted(RefineRequest, optimize or version(routed(CODES)), **asked)

    def score(self, **asked: object) -> Run:
        return self._conducted(EvalRequest, version(""), **asked)

    def _conducted(
        self,
        kind: type[PromptRequest],
        optimize: Answer,
        *,
        run: Answer = program,
        resume: str | None = None,
        name: str = "1",
        cancellation: Cancellation | None = None,
        listener: Callable[[Event], object] = lambda event: None,
        model: bool = True,
        **asked: object,
    ) -> Run:
        """From its first event to its last, as the engine conducts it."""
        request = kind.model_validate({"target": self.path.name, "folder": self.folder, **asked})
        door = kind_of(request)
        subject = door.subject(request, os.environ)
        provider, told = Provider(run, optimize), []
        history = History(self.store.read(resume)) if resume else History()
        journal = self.store.open(resume) if resume else self.store.create(name)
        recorder = Recorder(resume or name, journal, [told.append, listener], seq=history.seq)
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

        around = Surroundings(models if model else _none, recorder, cancellation, history, os.environ)
        optimizer = Registry().create(request.chosen_optimizer, request.kind) if request.chosen_optimizer else None
        try:
            recorder.record(framing.started(request, resumed=resume is not None))
            search = door.search(request, subject, optimizer, around)
            recorder.record(framing.finished(search, recorder, apply=request.apply))
        finally:
            recorder.close()
        return Run(told[-1], told, provider, resume or name)


class _none:  # noqa: N801 - stands in for a function
    """No models at all."""

    def __init__(self, budget: Budget) -> None:
        pass

    def __enter__(self) -> None:
        return None

    def __exit__(self, *_: object) -> None:
        pass
