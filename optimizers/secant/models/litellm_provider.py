"""Every provider that litellm knows. The only file that imports litellm, when the first request is made.

litellm is tamed first: no price map and no tokenizer from the network, no `.env` of the workspace (it could redirect
the user's keys), no telemetry, nothing printed, no retries of its own, a timeout always.
"""

from __future__ import annotations

import asyncio
import importlib
import os
import threading
from collections.abc import Mapping, Sequence
from typing import Any, cast

from secant.models import http_failures, prices, replies
from secant.models.contract import (
    FailureKind,
    Message,
    ModelAnswer,
    ModelFailure,
    ModelRequest,
    ModelSettings,
    Price,
)
from secant.models.quiet import quiet
from secant.models.redaction import Redaction
from secant.models.singles import joined, singles
from secant.models.tokens import prompt_bound
from secant.types import Usage

_KINDS: Mapping[str, FailureKind] = {
    "AuthenticationError": "authentication",
    "PermissionDeniedError": "authentication",
    "NotFoundError": "not_found",
    "LiteLLMUnknownProvider": "not_found",
    "RateLimitError": "rate_limit",
    "Timeout": "timeout",
    "APITimeoutError": "timeout",
    "APIConnectionError": "connection",
    "APIResponseValidationError": "malformed",
    "ServiceUnavailableError": "server",
    "BadGatewayError": "server",
    "InternalServerError": "server",
    "BudgetExceededError": "quota",
    "BadRequestError": "bad_request",
    "UnprocessableEntityError": "bad_request",
    "APIError": "server",
}
_UNPAID: frozenset[FailureKind] = frozenset(
    {"authentication", "not_found", "quota", "rate_limit", "server", "bad_request"}
)
"""The provider turned the request down, so it was not billed."""
_import_lock = threading.Lock()


class LiteLLMProvider:
    """Implements `contract.Provider`. Everything is asked from one event loop."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        """`environ` holds the keys whose variable the settings name; litellm looks for the others by itself."""
        self._environ = environ

    async def complete(self, request: ModelRequest) -> ModelAnswer:
        """`n` texts in one request where the provider can do that, in `n` requests at once where it cannot."""
        litellm = await asyncio.to_thread(_litellm)
        with quiet():
            able = self._able(litellm, request)
            if request.n == 1 or "n" in able:
                return await self._asked(litellm, request, able)
            asked = (self._asked(litellm, single, able) for single in singles(request))
            return joined(await asyncio.gather(*asked, return_exceptions=True))

    def price(self, settings: ModelSettings) -> Price | None:
        return None if settings.base_url else prices.price(settings.model)

    def count_tokens(self, settings: ModelSettings, messages: Sequence[Message]) -> int:
        return prompt_bound(messages)

    def _able(self, litellm: Any, request: ModelRequest) -> Sequence[str]:
        """The parameters that the provider takes. Raises ModelFailure where litellm does not know the model's name."""
        try:
            return litellm.get_supported_openai_params(model=request.settings.model) or ()
        except Exception as error:
            # litellm raises what it likes for a name without a provider; whatever it is, no request can succeed
            raise self._failure(request, error) from error

    async def _asked(self, litellm: Any, request: ModelRequest, able: Sequence[str]) -> ModelAnswer:
        settings = request.settings
        given: dict[str, Any] = {**settings.parameters}
        if request.n > 1:
            given["n"] = request.n
        if request.seed is not None and "seed" in able:
            given.setdefault("seed", request.seed)
        if settings.key_variable is not None:
            given["api_key"] = self._environ.get(settings.key_variable)
        if settings.base_url is not None:
            given["api_base"] = settings.base_url
        try:
            response = await litellm.acompletion(
                model=settings.model,
                messages=[{"role": m.role, "content": m.content} for m in request.messages],
                timeout=settings.timeout_seconds,
                max_retries=0,
                num_retries=0,
                **given,
            )
        except Exception as error:
            # litellm raises its own classes, those of httpx, of openai and of its bugs; each is a failure of this call
            raise self._failure(request, error) from error
        return self._read(request, response)

    def _read(self, request: ModelRequest, response: Any) -> ModelAnswer:
        """litellm answers in OpenAI's form. Its own figure for the cost counts; without one the cost is not known."""
        body = response.model_dump_json().encode("utf-8", "replace")
        cost = cast("Mapping[str, Any]", getattr(response, "_hidden_params", None) or {}).get("response_cost")
        usd = float(cost) if isinstance(cost, (int, float)) and self.price(request.settings) is not None else None
        try:
            answer = replies.answer(body, prompt_bound=prompt_bound(request.messages))
        except ModelFailure as failure:
            if failure.usage is not None:
                failure.usage = failure.usage.model_copy(update={"calls": request.n, "usd": usd})
            raise
        return answer.model_copy(update={"usage": prices.with_cost(answer.usage, usd)})

    def _failure(self, request: ModelRequest, error: Exception) -> ModelFailure:
        redact = Redaction(self._environ, request.settings.key_variable)
        kind = kind_of(error)
        text = redact(" ".join(str(error).split()))[:600]
        usage = None if kind in _UNPAID or _never_connected(error) else Usage(calls=request.n, usd=None)
        headers = cast("Mapping[str, str]", getattr(error, "litellm_response_headers", None) or {})
        words = f"quota: {text}" if kind == "quota" else text
        return ModelFailure(kind, words, retry_after=http_failures.retry_after(headers), usage=usage)


def kind_of(error: BaseException) -> FailureKind:
    """The kind of what litellm raised, by the names of its class and its bases: none of them is imported for this."""
    kinds: list[FailureKind] = [_KINDS[c.__name__] for c in type(error).__mro__ if c.__name__ in _KINDS]
    kind = kinds[0] if kinds else "server"
    text = str(error)
    if kind in ("rate_limit", "authentication") and http_failures.kind_of(429, text) == "quota":
        return "quota"
    if kind == "bad_request" and "LLM Provider NOT provided" in text:
        return "not_found"
    return kind


def _never_connected(error: BaseException | None) -> bool:
    """Whether a connection was refused, or its host not found, anywhere down the chain of causes."""
    seen = 0
    while error is not None and seen < 12:
        if type(error).__name__ in ("ConnectError", "ClientConnectorError", "ConnectionRefusedError", "gaierror"):
            return True
        error, seen = error.__cause__ or error.__context__, seen + 1
    return False


def _litellm() -> Any:
    """litellm, tamed. Costs seconds the first time, so it is imported outside the loop's thread."""
    with _import_lock:
        os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
        os.environ["LITELLM_MODE"] = "PRODUCTION"
        with quiet():
            # By name, for runs that need it: 2 s and 170 MB, and as long again for who checks types.
            tamed: Any = importlib.import_module("litellm")
        tamed.suppress_debug_info = True
        tamed.disable_hf_tokenizer_download = True
        tamed.telemetry = False
        tamed.drop_params = False
        return tamed
