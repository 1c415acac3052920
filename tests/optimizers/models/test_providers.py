"""Who is asked, with which key, at which price; what is on this machine; what a run will probably cost."""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secant.models import environment, forecast, local, prices, tokens
from secant.models.contract import Message, ModelFailure, ModelRequest, ModelSettings, Price
from secant.models.openai_provider import OpenAIProvider
from secant.models.providers import Providers, speaks_openai
from secant.models.redaction import Redaction
from secant.models.replies import answer
from tests.zoo.models.server import MODELS, Server

Serve = Callable[..., Server]
KEY = "test-key-3f9a81c2d7e64b05"


@pytest.mark.parametrize(
    ("model", "base_url", "short"),
    [
        ("openai/gpt-4o-mini", None, True),
        ("gpt-4o-mini", None, True),
        ("anthropic/claude-sonnet-4", None, False),
        ("ollama/qwen3", None, False),
        ("ollama/qwen3", "http://127.0.0.1:11434", False),
        ("qwen3", "http://127.0.0.1:11434/v1", True),
        ("Qwen/Qwen3-8B", "http://127.0.0.1:8000/v1", True),
        ("openai/anything", "http://127.0.0.1:8000/v1", True),
        ("unheard-of", None, False),
    ],
)
def test_servers_that_speak_openais_protocol_are_asked_directly(model: str, base_url: str | None, short: bool) -> None:
    settings = ModelSettings(model=model, base_url=base_url)
    assert speaks_openai(settings) == short
    choose = Providers({})
    assert isinstance(choose(settings), OpenAIProvider) == short
    assert choose(settings) is choose(settings)


def test_keys_are_found_by_the_names_of_their_variables() -> None:
    environ = {"ANTHROPIC_API_KEY": KEY, "GOOGLE_API_KEY": KEY, "OPENAI_API_KEY": "", "HOME": "/somewhere"}
    assert environment.configured(environ) == {"anthropic": "ANTHROPIC_API_KEY", "gemini": "GOOGLE_API_KEY"}
    of = environment.key_variables
    assert of(ModelSettings(model="claude-x")) == ("ANTHROPIC_API_KEY",)
    assert of(ModelSettings(model="new-provider/x")) == ("NEW_PROVIDER_API_KEY",)
    assert of(ModelSettings(model="ollama/x")) == ()
    assert of(ModelSettings(model="openai/x", key_variable="MINE")) == ("MINE",)
    assert environment.secrets({**environ, "MINE": "another-secret"}, "MINE") == (KEY, "another-secret")


@pytest.mark.parametrize(
    "text",
    [
        "Incorrect API key provided: sk-proj-AbC123xyz_456. You can",
        "key sk-ab*******yz is wrong",
        "Authorization: Bearer abc.def.ghi9",
        "https://host/path?key=AbCdEf123456&x=1",
        "http://user:hunter22@host/v1",
        "gsk_0123456789abcdef",
        f"mine is {KEY}",
    ],
)
def test_what_looks_like_a_key_is_taken_out_of_errors(text: str) -> None:
    cleaned = Redaction({"SOME_API_KEY": KEY})(text)
    for secret in ("AbC123xyz", "sk-ab", "abc.def", "AbCdEf123456", "hunter22", "0123456789abcdef", KEY):
        assert secret not in cleaned
    assert "[redacted]" in cleaned


def test_what_a_model_wrote_loses_real_keys_only() -> None:
    redaction = Redaction({"MY_VARIABLE": KEY, "SHORT_API_KEY": "none"}, "MY_VARIABLE")
    assert redaction.values(f"sk-proj-AbC123xyz none {KEY}") == "sk-proj-AbC123xyz none [redacted]"


def test_prices_come_from_litellms_table_without_litellm() -> None:
    code = (
        "import sys; from secant.models.prices import price; print(price('openai/gpt-4o-mini'));"
        "print('litellm' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert told.splitlines() == ["Price(prompt=1.5e-07, completion=6e-07)", "False"]


def test_a_price_is_the_highest_that_may_be_asked() -> None:
    table = {
        "p/long": {
            "input_cost_per_token": 1.0,
            "input_cost_per_token_above_200k_tokens": 2.0,
            "output_cost_per_token": 3,
        },
        "thinks": {"input_cost_per_token": 1.0, "output_cost_per_token": 3, "output_cost_per_reasoning_token": 5},
        "half": {"input_cost_per_token": 1.0},
        "free": {"input_cost_per_token": 0.0, "output_cost_per_token": 0.0},
    }
    assert prices.price("p/long", table) == Price(2.0, 3.0)
    assert prices.price("p/thinks", table) == Price(1.0, 5.0)
    assert prices.price("half", table) is None
    assert prices.price("free", table) == Price(0.0, 0.0)
    assert prices.price("unheard-of", table) is None
    assert prices.cost(None, 1, 1) is None


def test_the_cap_fits_the_model() -> None:
    table = {"small": {"max_output_tokens": 100}, "thinks": {"supports_reasoning": True, "max_output_tokens": 10_000}}
    assert [prices.answer_cap(m, 1000, table) for m in ("small", "thinks", "other")] == [100, 4000, 1000]


def test_openais_price_holds_at_openais_address_only() -> None:
    provider = OpenAIProvider({})
    assert provider.price(ModelSettings(model="openai/gpt-4o-mini")) is not None
    assert provider.price(ModelSettings(model="openai/gpt-4o-mini", base_url="http://127.0.0.1:1/v1")) is None
    assert OpenAIProvider({"OPENAI_BASE_URL": "http://h/v1"}).price(ModelSettings(model="openai/gpt-4o-mini")) is None


@given(st.text(max_size=200))
def test_the_bound_is_never_below_one_token_a_byte(text: str) -> None:
    size = len(text.encode("utf-8", "surrogatepass"))
    assert tokens.prompt_bound([Message(role="user", content=text)]) > size >= len(text)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda x: (
            st.lists(x)
            | st.dictionaries(
                st.sampled_from(
                    ["choices", "message", "content", "text", "finish_reason", "usage", "prompt_tokens", "error"]
                ),
                x,
            )
        ),
        max_leaves=20,
    )
)
def test_a_reply_of_any_shape_is_an_answer_or_a_failure(data: object) -> None:
    try:
        found = answer(json.dumps(data).encode(), prompt_bound=5)
    except ModelFailure:
        return
    assert found.texts


def test_local_servers_are_found_and_named(serve: Serve) -> None:
    server = serve("echo")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        where = [
            local.Place("nobody", f"http://127.0.0.1:{free.getsockname()[1]}/v1"),
            local.Place("ours", server.base_url),
            local.Place("no models here", server.root),
            local.Place("no address", "http://[bad"),
        ]
        [found] = local.found(where, timeout=5.0)
    assert (found.name, found.models) == ("ours", tuple(sorted(MODELS)))
    assert server.requests == []
    assert speaks_openai(found.settings("small-model"))


def test_the_environments_address_is_looked_at_where_it_is_this_machine() -> None:
    usual = [p.base_url for p in local.USUAL]
    assert [p.base_url for p in local.places({})] == usual
    assert local.places({"OPENAI_API_BASE": "http://localhost:9/v1/"})[0].base_url == "http://localhost:9/v1"
    assert [p.base_url for p in local.places({"OPENAI_BASE_URL": "https://elsewhere.example/v1"})] == usual


def test_a_forecast_is_steps_times_calls_times_size() -> None:
    each = [
        forecast.Expected(level="optimizer", calls=1, prompt_tokens=1000, completion_tokens=500),
        forecast.Expected(level="program", calls=0.5, prompt_tokens=100, completion_tokens=50),
    ]
    price = {"optimizer": Price(1e-6, 2e-6), "program": Price(0.0, 0.0)}
    told = forecast.forecast(10, each, price)  # type: ignore[arg-type]
    assert (told.calls, told.tokens) == (15, 10 * 1500 + 5 * 150)
    assert told.usd == pytest.approx(10 * (1000e-6 + 1000e-6))
    assert forecast.forecast(10, each, {"optimizer": Price(1e-6, 2e-6)}).usd is None
    assert forecast.capped(told, calls=7, tokens=None, usd=0.001) == forecast.Forecast(calls=7, tokens=15750, usd=0.001)
    sample = forecast.expected("optimizer", "x" * 350, answer="y" * 70)
    assert (sample.prompt_tokens, sample.completion_tokens) == (100, 20)


def test_a_failure_leaves_its_provider_without_the_key(serve: Serve) -> None:
    server = serve("unauthorized")
    settings = ModelSettings(model="m", base_url=server.base_url, key_variable="MY_VARIABLE")

    async def asked() -> None:
        provider = OpenAIProvider({"MY_VARIABLE": KEY})
        try:
            await provider.complete(ModelRequest(settings=settings, messages=(Message(role="user", content="hi"),)))
        finally:
            await provider.close()

    with pytest.raises(ModelFailure) as raised:
        asyncio.run(asked())
    assert server.requests[0].authorization == f"Bearer {KEY}"
    assert "[redacted]" in raised.value.message
    assert KEY not in raised.value.message
