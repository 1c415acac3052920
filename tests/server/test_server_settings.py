"""Settings are never trusted: what is not understood is named, and is at its default."""

from __future__ import annotations

import asyncio

import pytest

from secant_server.settings import Configuration, Settings, understood


@pytest.mark.parametrize("section", [None, {}, {"maxSeconds": None, "server": {"command": ["x"]}, "later": 1}])
def test_defaults(section: object) -> None:
    assert understood(section) == (Settings(), ())


def test_all_of_them() -> None:
    section = {
        "interpreter": "/venv/bin/python",
        "optimizer": "rewrite",
        "promptOptimizer": "gepa",
        "promptMetric": "numeric:0.01",
        "model": "vscode:gpt-4o",
        "optimizerModel": "openai/gpt-4o",
        "baseUrl": "http://127.0.0.1:8000/v1",
        "keyVariable": "OWN_KEY",
        "maxUsd": 0.5,
        "maxCalls": 20,
        "maxSeconds": 30,
        "maxEvaluations": 0,
        "codeLens": "off",
        "goal": "fix",
        "notify": "quiet",
    }
    settings, complaints = understood(section)
    assert complaints == ()
    assert settings.model_dump(by_alias=True) == section


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("interpreter", 3),
        ("maxSeconds", 0),
        ("maxSeconds", "10"),
        ("maxEvaluations", 1.5),
        ("maxEvaluations", True),
        ("maxUsd", -1),
        ("baseUrl", 1),
        ("codeLens", True),
        ("goal", "best"),
        ("promptOptimizer", 3),
        ("notify", {}),
    ],
)
def test_one_that_is_wrong_leaves_the_others(name: str, value: object) -> None:
    settings, (complaint,) = understood({"optimizer": "other", name: value})
    assert settings == Settings(optimizer="other")
    assert complaint.startswith(f"secant.{name} is {value!r}: ")


@pytest.mark.parametrize("section", [5, "all", ["maxSeconds"]])
def test_what_is_no_group_of_settings(section: object) -> None:
    settings, (complaint,) = understood(section)
    assert settings == Settings()
    assert repr(section) in complaint


@pytest.mark.asyncio
async def test_a_scope_is_asked_once_until_settings_change() -> None:
    asked: list[str] = []

    async def ask(scope: str) -> object:
        asked.append(scope)
        return {"optimizer": f"{scope}{len(asked)}"}

    configuration = Configuration(ask, lambda _: None)
    assert configuration.known("a") == Settings()
    first, second = await asyncio.gather(configuration.of("a"), configuration.of("a"))
    assert first == second == configuration.known("a") == Settings(optimizer="a1")
    assert await configuration.of("b") == Settings(optimizer="b2")
    configuration.sent(None)
    assert not configuration.asked("a")
    assert await configuration.of("a") == Settings(optimizer="a3")


@pytest.mark.asyncio
async def test_an_answer_from_before_a_change_is_not_kept() -> None:
    answers = iter([{"optimizer": "old"}, {"optimizer": "new"}])

    async def ask(scope: str) -> object:
        answer = next(answers)
        if answer["optimizer"] == "old":
            configuration.sent(None)
        return answer

    configuration = Configuration(ask, lambda _: None)
    assert await configuration.of("a") == Settings(optimizer="new")


@pytest.mark.asyncio
async def test_the_same_complaint_is_made_once() -> None:
    async def ask(_scope: str) -> object:
        return {"goal": "best"}

    complaints: list[str] = []
    configuration = Configuration(ask, complaints.append)
    for scope in ("a", "b"):
        await configuration.of(scope)
    assert len(complaints) == 1
