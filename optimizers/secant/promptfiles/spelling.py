"""Models that write a placeholder as its file has it (`{{x}}`) where they were shown a token (`⟦x⟧`): what they
meant is plain, and a search that knows tokens alone need not ask again.

Stands between a search and its models, so that no optimizer hears of files. Nothing else of an answer is changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from secant.optimizer import Answered, Completion, LanguageModel
from secant.promptfiles.placeholders import Mask
from secant.types import Level


class Spelling:
    """The same models. Implements `optimizer.LanguageModel`."""

    def __init__(self, model: LanguageModel, mask: Mask) -> None:
        self._model = model
        self._mask = mask

    def within(self, scope: str) -> Spelling:
        return Spelling(self._model.within(scope), self._mask)

    def complete(
        self, level: Level, messages: Sequence[Mapping[str, str]], *, n: int = 1, purpose: str = ""
    ) -> Sequence[Completion]:
        return list(map(self._read, self._model.complete(level, messages, n=n, purpose=purpose)))

    def complete_many(
        self,
        level: Level,
        batches: Sequence[Sequence[Mapping[str, str]]],
        *,
        purpose: str = "",
        answered: Answered | None = None,
    ) -> Sequence[Completion]:
        def told(place: int, completion: Completion) -> None:
            if answered is not None:
                answered(place, self._read(completion))

        heard = told if answered is not None else None
        return list(map(self._read, self._model.complete_many(level, batches, purpose=purpose, answered=heard)))

    def _read(self, completion: Completion) -> Completion:
        text = self._mask.understood(completion.text)
        return completion if text == completion.text else completion.model_copy(update={"text": text})
