"""litellm behind the contract. Its import takes seconds, so these few tests share one process."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from secant.models.contract import ModelSettings, ModelUnavailable, Provider
from secant.models.litellm_provider import LiteLLMProvider, kind_of
from tests.optimizers.models.conftest import ENVIRON, KEY, PROMPT, Table, settings_for
from tests.zoo.models.server import Server

Serve = Callable[..., Server]
MakeTable = Callable[..., Table]
pytestmark = pytest.mark.xdist_group("litellm")


class Through:
    def __init__(self, environ: Mapping[str, str] = ENVIRON) -> None:
        self.provider = LiteLLMProvider(environ)

    def __call__(self, settings: ModelSettings) -> Provider:
        return self.provider


def test_answers_and_failures_are_those_of_the_short_way(
    serve: Serve, table: MakeTable, capfd: pytest.CaptureFixture[str]
) -> None:
    def outcome(*behaviours: str, **fields: Any) -> tuple[str, int, int]:
        server = serve(*behaviours)
        at = table(server, providers=Through(), settings=settings_for(server, **fields))
        at.gateway.complete("optimizer", PROMPT)
        [call] = at.calls
        assert call.usage.usd is None or not call.usage.calls, "the price at this address is not known"
        return call.failure or call.texts[0].finish, call.attempts, len(server.requests)

    assert outcome("echo") == ("stop", 1, 1)
    assert outcome("truncated") == ("length", 1, 1)
    assert outcome("filtered") == ("refusal", 1, 1)
    assert outcome("too_long") == ("bad_request", 1, 1)
    assert outcome("rate_limited", "server_error", "echo") == ("stop", 3, 3)
    assert outcome("empty") == ("empty", 4, 4)
    assert outcome("server_error") == ("server", 4, 4)
    assert outcome("stalled", timeout_seconds=0.05)[:2] == ("timeout", 4)
    printed = capfd.readouterr()
    assert printed.out == ""
    assert os.environ["LITELLM_MODE"] == "PRODUCTION"
    assert os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] == "True"


def test_requests_carry_parameters_seed_and_key_and_fatal_failures_end_the_run(serve: Serve, table: MakeTable) -> None:
    server = serve("rate_limited", "echo")
    at = table(server, providers=Through(), seed=3)
    assert len(at.gateway.complete("optimizer", PROMPT, n=2)) == 2
    assert 7.0 <= at.slept[0] <= 7.7
    first, second = (r.body for r in server.requests)
    assert first == second
    assert (first["temperature"], first["n"], first["seed"], first["max_tokens"]) == (0.5, 2, 3, 4096)
    assert server.requests[0].authorization == f"Bearer {KEY}"
    for behaviour, word in (("unauthorized", "OPENAI_API_KEY"), ("out_of_quota", "quota"), ("unknown_model", "name")):
        refusing = serve(behaviour)
        with pytest.raises(ModelUnavailable, match=word) as raised:
            table(refusing, providers=Through()).gateway.complete("optimizer", PROMPT)
        assert KEY not in str(raised.value)
        assert len(refusing.requests) == 1
    with pytest.raises(ModelUnavailable, match="was not found"):
        table(providers=Through(), settings=settings_for(None, model="nobody/nothing")).gateway.complete(
            "optimizer", PROMPT
        )


def test_what_litellm_raises_is_known_by_the_names_of_its_classes() -> None:
    import litellm

    def raised(name: str, text: str = "words") -> str:
        error = getattr(litellm.exceptions, name)
        return kind_of(error(text, model="m", llm_provider="p"))

    assert raised("ContextWindowExceededError") == "bad_request"
    assert raised("RateLimitError") == "rate_limit"
    assert raised("RateLimitError", "insufficient_quota") == "quota"
    assert raised("Timeout") == "timeout"
    assert raised("BadRequestError", "LLM Provider NOT provided") == "not_found"
    assert kind_of(KeyError("a bug of its own")) == "server"
    assert KEY not in repr(litellm.api_key)
