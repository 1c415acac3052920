"""Opens the models of one run and closes them again: gateway, providers, cache of answers, cassette.

Between the engine, which knows requests and journals, and the room `models`, which knows neither. A run without a
model loads nothing of it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from secant.budget import Budget
from secant.cancellation import Cancellation
from secant.config import Models
from secant.errors import BadRequest
from secant.events import ModelCalled, Notice, Progress
from secant.history import History
from secant.journal import Recorder
from secant.models.contract import ModelCall, ModelSettings, Provider
from secant.optimizer import LanguageModel
from secant.types import Level

if TYPE_CHECKING:
    from secant.models.cache import ResponseCache
    from secant.models.editor import Lender
    from secant.models.gateway import Gateway

_TELLING_SECONDS = 0.2
"""A program is asked hundreds of times: to tell of each answer would say nothing more."""
Opener = Callable[[Budget], AbstractContextManager[LanguageModel | None]]
"""The models of a run on its account; None where it asks none."""


class ModelSession:
    """What opens the models of one run. Their libraries are loaded from the moment that it is made, in a thread.

    `folder` is where the workspace keeps what is Secant's; `request` is what a cassette says of its run: nothing that
    belongs to this machine alone. `lender` is the way to the models of the editor that the run was started in, if any.
    """

    def __init__(
        self,
        models: Models | None,
        folder: Path,
        *,
        request: Mapping[str, Any],
        seed: int,
        recorder: Recorder,
        history: History,
        cancellation: Cancellation,
        environment: Mapping[str, str],
        lender: Lender | None = None,
    ) -> None:
        self._models = models
        self._folder = folder
        self._request = request
        self._seed = seed
        self._recorder = recorder
        self._history = history
        self._cancellation = cancellation
        self._environment = environment
        self._lender = lender
        if models is not None and models.replay is None:
            from secant.models.warming import warm  # noqa: PLC0415

            warm(tuple(models.levels.values()))

    @contextmanager
    def open(self, budget: Budget) -> Generator[LanguageModel | None]:
        """The models, to be used within the block. Raises BadRequest for a cassette that cannot be read or written."""
        if self._models is None:
            yield None
            return
        with ExitStack() as stack:
            cache = self._cache(self._models)
            if cache is not None:
                stack.callback(cache.close)
            yield stack.enter_context(self._gateway(self._models, budget, cache))

    def _gateway(self, models: Models, budget: Budget, cache: ResponseCache | None) -> Gateway:
        from secant.models.gateway import Gateway  # noqa: PLC0415  because most runs ask no model

        return Gateway(
            _levels(models),
            self._providers(models),
            budget=budget,
            cancellation=self._cancellation,
            record=Calls(self._recorder, budget),
            hear=lambda words: self._recorder.record(_receiving(words, budget)),
            known=self._history.calls,
            cache=cache,
            seed=self._seed,
            concurrency=models.concurrency,
            environ=self._environment,
        )

    def _providers(self, models: Models) -> Callable[[ModelSettings], Provider]:
        """From a cassette alone, or from the models themselves and perhaps into a cassette."""
        from secant.models import cassette  # noqa: PLC0415
        from secant.models.providers import Providers  # noqa: PLC0415

        if models.replay is not None:
            return cassette.Replay(models.replay)
        providers = Providers(self._environment, concurrency=models.concurrency, lender=self._lender)
        if models.record is not None:
            return cassette.Recording(providers, models.record, environ=self._environment, request=self._request)
        return providers

    def _cache(self, models: Models) -> ResponseCache | None:
        """Answers of earlier runs; none where a cassette is to hold every call, or to give it."""
        if not models.cache or models.record is not None or models.replay is not None:
            return None
        from secant.models.cache import ResponseCache  # noqa: PLC0415

        return ResponseCache(
            self._folder / "answers.sqlite3",
            tell=lambda text: self._recorder.record(Notice(level="warning", message=text)),
        )


class Calls:
    """Writes finished calls down, and tells whoever waits how many there are."""

    def __init__(self, recorder: Recorder, budget: Budget, clock: Callable[[], float] = time.monotonic) -> None:
        self._recorder = recorder
        self._budget = budget
        self._clock = clock
        self._told_at = clock()

    def __call__(self, call: ModelCall) -> None:
        self._recorder.record(ModelCalled(call=call))
        now = self._clock()
        if call.level == "program" and now - self._told_at >= _TELLING_SECONDS:
            self._told_at = now
            answered = sum(usage.calls for usage in self._budget.usage.values())
            self._recorder.record(_waiting(f"{answered} answers", self._budget))


def _receiving(words: int, budget: Budget) -> Progress:
    return _waiting(f"receiving, {words} word{'s' * (words != 1)}", budget)


def _waiting(message: str, budget: Budget) -> Progress:
    return Progress(
        phase="answer",
        message=message,
        evaluations=budget.evaluations,
        seconds=budget.seconds,
        fraction=budget.fraction_used(),
        usage=budget.usage,
    )


def _levels(models: Models) -> Mapping[Level, ModelSettings]:
    """Those that are named; where only a cassette is, those that it was recorded with. Raises BadRequest."""
    if models.levels or models.replay is None:
        return models.levels
    from secant.models.cassette import recorded_request  # noqa: PLC0415

    try:
        return Models.model_validate(recorded_request(models.replay).get("models", {})).levels
    except ValidationError as error:
        raise BadRequest(
            "this cassette does not say which models it was recorded with",
            hint="Record it again: secant optimize ... --model ... --record CASSETTE",
            where=str(models.replay),
        ) from error
