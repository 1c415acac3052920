"""What the tests of models share: a server that misbehaves as told, and a gateway that never really sleeps."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from typing import Any

import pytest

from secant.budget import Budget
from secant.models.contract import ModelCall, ModelSettings, Provider
from secant.models.gateway import Gateway
from secant.models.openai_provider import OpenAIProvider
from secant.types import Level
from tests.zoo.models.server import Server, serving

KEY = "test-key-3f9a81c2d7e64b05"
ENVIRON = {"OPENAI_API_KEY": KEY}
PROMPT = [{"role": "user", "content": "say <IMPROVED> {braces} and }tags{ please"}]


class Table:
    """A gateway over a real server, with what it recorded and how long it would have slept."""

    def __init__(self, server: Server | None, stack: ExitStack, **options: Any) -> None:
        self.calls: list[ModelCall] = options.pop("calls", [])
        self.slept: list[float] = []
        self.environ: Mapping[str, str] = options.pop("environ", ENVIRON)
        self.budget: Budget = options.pop("budget", None) or Budget()
        settings = options.pop("settings", None) or settings_for(server)
        levels: Mapping[Level, ModelSettings] = settings if isinstance(settings, dict) else {"optimizer": settings}
        providers: Callable[[ModelSettings], Provider] = options.pop("providers", None) or Direct(self.environ)
        self.gateway = stack.enter_context(
            Gateway(
                levels,
                providers,
                budget=self.budget,
                record=self.calls.append,
                environ=self.environ,
                sleep=self._sleep,
                **options,
            )
        )

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


class Direct:
    """Every model by the short way."""

    def __init__(self, environ: Mapping[str, str] = ENVIRON) -> None:
        self.provider = OpenAIProvider(environ)

    def __call__(self, settings: ModelSettings) -> Provider:
        return self.provider

    async def close(self) -> None:
        await self.provider.close()


def settings_for(server: Server | None, **fields: Any) -> ModelSettings:
    given = {"model": "openai/small-model", "key_variable": "OPENAI_API_KEY", "parameters": {"temperature": 0.5}}
    return ModelSettings.model_validate({**given, "base_url": server.base_url if server else None, **fields})


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def serve(stack: ExitStack) -> Callable[..., Server]:
    return lambda *behaviours: stack.enter_context(serving(*behaviours))


@pytest.fixture
def table(stack: ExitStack) -> Callable[..., Table]:
    return lambda server=None, **options: Table(server, stack, **options)
