"""Chooses who carries out the requests to a model: the editor for those that it lends, the short way where a server
speaks OpenAI's protocol, litellm for all others.
"""

from __future__ import annotations

from collections.abc import Mapping

from secant.models.contract import ModelSettings, Provider
from secant.models.editor import EditorProvider, Lender
from secant.models.environment import KEY_VARIABLES, provider_of
from secant.models.litellm_provider import LiteLLMProvider
from secant.models.openai_provider import OpenAIProvider

_OWN_PROTOCOL = (frozenset(KEY_VARIABLES) | {"ollama", "ollama_chat", "vertex_ai", "sagemaker", "databricks"}) - {
    "openai"
}
"""Names before the slash that litellm must translate even where a base URL is given. Any other, as in `Qwen/Qwen3`, is
part of the model's name there."""


class Providers:
    """The providers of one run, made when they are first needed. Give it to a Gateway, which closes it."""

    def __init__(self, environ: Mapping[str, str], *, concurrency: int = 8, lender: Lender | None = None) -> None:
        """`lender` is the way to the editor's models; None where no editor lends any."""
        self._environ = environ
        self._concurrency = concurrency
        self._lent = EditorProvider(lender, concurrency=concurrency)
        self._openai: OpenAIProvider | None = None
        self._litellm: LiteLLMProvider | None = None

    def __call__(self, settings: ModelSettings) -> Provider:
        if settings.lent:
            return self._lent
        if speaks_openai(settings):
            self._openai = self._openai or OpenAIProvider(self._environ, concurrency=self._concurrency)
            return self._openai
        self._litellm = self._litellm or LiteLLMProvider(self._environ)
        return self._litellm

    async def close(self) -> None:
        if self._openai is not None:
            await self._openai.close()


def speaks_openai(settings: ModelSettings) -> bool:
    """Whether the model can be asked without litellm."""
    prefix = settings.model.partition("/")[0] if "/" in settings.model else ""
    if settings.base_url is not None:
        return prefix not in _OWN_PROTOCOL
    return provider_of(settings.model) == "openai"
