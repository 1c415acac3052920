"""What a prompt file says of the model that runs it: its parameters go with every request of the program.

The model that it names is not taken: whose account pays for which model is the user's to say.
"""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import JsonValue

from secant.config import Models
from secant.promptfiles.document import PromptDocument

_TAKEN: Mapping[str, str] = {
    "temperature": "temperature",
    "top_p": "top_p",
    "topP": "top_p",
    "max_tokens": "max_tokens",
    "maxTokens": "max_tokens",
    "max_completion_tokens": "max_tokens",
    "maxCompletionTokens": "max_tokens",
    "stop": "stop",
    "frequency_penalty": "frequency_penalty",
    "presence_penalty": "presence_penalty",
}
"""As the formats write them, and as a request has them."""


def with_parameters(models: Models | None, document: PromptDocument) -> Models | None:
    """The models with the file's parameters at the program's level; what the user said of it wins."""
    own: dict[str, JsonValue] = {_TAKEN[k]: v for k, v in document.parameters.items() if k in _TAKEN}
    program = models.levels.get("program") if models is not None else None
    if models is None or program is None or not own:
        return models
    merged = program.model_copy(update={"parameters": {**own, **program.parameters}})
    return models.model_copy(update={"levels": {**models.levels, "program": merged}})
