"""Models that the editor lends: what is asked, what is made of each answer, and that nobody else is asked instead."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from secant.budget import Budget, Limits
from secant.lending import LineLender
from secant.models import editor
from secant.models.contract import Message, ModelAnswer, ModelFailure, ModelRequest, ModelSettings, ModelUnavailable
from secant.models.editor import EditorProvider
from secant.models.environment import key_variables
from secant.models.gateway import Gateway
from secant.models.known import known
from secant.models.lent import LentFailure, LentRequest, LentText, answer, aside
from secant.models.providers import Providers
from secant.types import Usage
from tests.optimizers.models.conftest import PROMPT, Table

SETTINGS = ModelSettings(model="vscode:copilot/gpt-4o", parameters={"temperature": 0.5, "max_tokens": 100})


class Lends:
    """Answers in turn, the last again and again; notes what was asked and how many waited at once."""

    def __init__(self, *answers: LentText | LentFailure) -> None:
        self.answers = answers or (LentText(text="yes"),)
        self.asked: list[LentRequest] = []
        self.waiting = self.most_waiting = 0
        self.withdrawn = 0
        self.holds = False

    async def complete(self, request: LentRequest) -> LentText | LentFailure:
        number = len(self.asked)
        self.asked.append(request)
        self.waiting += 1
        self.most_waiting = max(self.most_waiting, self.waiting)
        try:
            await (asyncio.get_running_loop().create_future() if self.holds else asyncio.sleep(0))
        except asyncio.CancelledError:
            self.withdrawn += 1
            raise
        finally:
            self.waiting -= 1
        return self.answers[min(number, len(self.answers) - 1)]


def request(n: int = 1, **settings: Any) -> ModelRequest:
    turns = (Message(role="system", content="be brief"), Message(role="user", content="well?"))
    return ModelRequest(settings=SETTINGS.model_copy(update=settings), messages=turns, n=n, seed=7)


def asked(lender: Lends | None, n: int = 1, **settings: Any) -> ModelAnswer:
    return asyncio.run(EditorProvider(lender).complete(request(n, **settings)))


def failed(lender: Lends | None, n: int = 1, **settings: Any) -> ModelFailure:
    with pytest.raises(ModelFailure) as caught:
        asked(lender, n, **settings)
    return caught.value


# --- one request


def test_the_request_is_what_the_editor_needs() -> None:
    lender = Lends()
    asked(lender)
    assert [r.wire() for r in lender.asked] == [
        {
            "model": "copilot/gpt-4o",
            "messages": [{"role": "system", "content": "be brief"}, {"role": "user", "content": "well?"}],
            "parameters": {"temperature": 0.5},
            "maxTokens": 100,
        }
    ]


def test_an_answer_is_counted_as_a_request_without_a_price() -> None:
    found = asked(Lends(LentText(text="yes", finish="length", prompt_tokens=12, completion_tokens=3)))
    assert [(t.text, t.finish) for t in found.texts] == [("yes", "length")]
    assert found.usage == Usage(calls=1, prompt_tokens=12, completion_tokens=3, usd=None, lent=1)
    assert EditorProvider(None).price(SETTINGS) is None


def test_where_the_editor_counts_no_tokens_sizes_stand_for_them() -> None:
    usage = asked(Lends(LentText(text="four"))).usage
    assert usage.prompt_tokens > len("be briefwell?")
    assert usage.completion_tokens == 4


def test_n_answers_are_n_requests_and_at_most_four_wait() -> None:
    lender = Lends(*(LentText(text=f"answer {n}", prompt_tokens=1) for n in range(9)))
    found = asked(lender, 9)
    assert [t.text for t in found.texts] == [f"answer {n}" for n in range(9)]
    assert (found.usage.calls, found.usage.lent, found.usage.prompt_tokens) == (9, 9, 9)
    assert lender.most_waiting == editor.MOST_AT_ONCE


def test_a_failure_among_several_carries_what_the_others_cost() -> None:
    failure = failed(Lends(LentText(text="yes"), LentFailure(kind="quota", message="no more today")), 3)
    assert (failure.kind, failure.message) == ("quota", "no more today")
    assert failure.usage is not None
    assert failure.usage.lent == 1


@pytest.mark.parametrize("kind", ["authentication", "not_found", "bad_request", "quota", "rate_limit"])
def test_what_the_editor_turns_down_costs_nothing(kind: Any) -> None:
    failure = failed(Lends(LentFailure(kind=kind, message="no", retry_after=3.5)))
    assert (failure.kind, failure.retry_after, failure.usage) == (kind, 3.5, None)


@pytest.mark.parametrize("kind", ["server", "connection", "malformed", "timeout", "empty"])
def test_what_may_have_been_asked_counts_as_a_request(kind: Any) -> None:
    usage = failed(Lends(LentFailure(kind=kind))).usage
    assert usage is not None
    assert (usage.calls, usage.lent, usage.usd) == (1, 1, None)


def test_an_answer_without_a_word_is_a_failure_unless_it_was_cut_off() -> None:
    assert failed(Lends(LentText(text=" \n", completion_tokens=1))).kind == "empty"
    assert asked(Lends(LentText(text="", finish="length"))).texts[0].finish == "length"


def test_who_does_not_answer_in_time_is_not_waited_for() -> None:
    lender = Lends()
    lender.holds = True
    failure = failed(lender, timeout_seconds=0.01)
    assert (failure.kind, lender.withdrawn) == ("timeout", 1)


def test_where_nobody_lends_the_model_is_not_found() -> None:
    failure = failed(None)
    assert failure.kind == "not_found"
    assert "only an editor lends such a model" in failure.message


# --- behind the gateway


def test_no_key_is_looked_for_and_no_other_provider_is_asked() -> None:
    assert key_variables(SETTINGS) == ()
    providers = Providers({"OPENAI_API_KEY": "test-key-3f9a81c2d7e64b05"})
    assert isinstance(providers(SETTINGS), EditorProvider)
    assert isinstance(providers(ModelSettings(model="vscode:gpt-4o", base_url="http://127.0.0.1:1/v1")), EditorProvider)


@pytest.mark.parametrize(
    ("failure", "said", "advised"),
    [
        (LentFailure(kind="quota", message="no more today"), "the quota for vscode:copilot/gpt-4o is used up", "plan"),
        (LentFailure(kind="authentication", message="not allowed"), "does not let Secant use", "allow it"),
        (LentFailure(kind="not_found", message="no gpt-4o"), "was not found: no gpt-4o", "it lends"),
    ],
)
def test_what_no_request_escapes_ends_the_run(
    table: Callable[..., Table], failure: LentFailure, said: str, advised: str
) -> None:
    lender = Lends(failure)
    tried = table(settings=SETTINGS, providers=Providers({}, lender=lender))
    with pytest.raises(ModelUnavailable) as caught:
        tried.gateway.complete("optimizer", PROMPT)
    assert said in caught.value.message
    assert advised in caught.value.hint
    assert "key" not in f"{caught.value.message}{caught.value.hint}"
    assert len(lender.asked) == 1


def test_nonsense_is_asked_again_and_then_given_up(table: Callable[..., Table]) -> None:
    lender = Lends(LentFailure(kind="malformed", message="no answer"))
    tried = table(settings=SETTINGS, providers=Providers({}, lender=lender))
    (completion,) = tried.gateway.complete("optimizer", PROMPT)
    assert (completion.finish, len(lender.asked)) == ("failed", 4)
    assert tried.budget.usage["optimizer"].lent == 4


def test_a_limit_in_dollars_cannot_be_kept_and_says_what_is_counted(table: Callable[..., Table]) -> None:
    lender = Lends()
    tried = table(settings=SETTINGS, providers=Providers({}, lender=lender), budget=Budget(Limits(usd=1.0)))
    with pytest.raises(Exception, match="vscode:copilot/gpt-4o is counted in requests and has no price"):
        tried.gateway.complete("optimizer", PROMPT)
    assert lender.asked == []


def test_a_limit_of_calls_is_kept(table: Callable[..., Table]) -> None:
    lender = Lends()
    tried = table(settings=SETTINGS, providers=Providers({}, lender=lender), budget=Budget(Limits(calls=2)))
    tried.gateway.complete("optimizer", PROMPT, n=2)
    with pytest.raises(Exception, match="calls"):
        tried.gateway.complete("optimizer", PROMPT)
    assert len(lender.asked) == 2


# --- the lines


class Lines:
    """A `LineLender` whose lines a test reads and answers."""

    def __init__(self) -> None:
        self.said: list[Mapping[str, Any]] = []
        self.more = threading.Condition()
        self.lender = LineLender(self._said)

    def _said(self, message: Mapping[str, Any]) -> None:
        with self.more:
            self.said.append(json.loads(json.dumps(message)))
            self.more.notify_all()

    def heard(self, count: int) -> Sequence[Mapping[str, Any]]:
        with self.more:
            assert self.more.wait_for(lambda: len(self.said) >= count, 20)
            return list(self.said)


def lent(text: str) -> LentRequest:
    return LentRequest(model="gpt-4o", messages=(Message(role="user", content=text),))


def test_answers_are_matched_by_id_in_whatever_order_they_come() -> None:
    lines = Lines()

    def answer_backwards() -> None:
        ids = {each["complete"]["messages"][0]["content"]: each["complete"]["id"] for each in lines.heard(3)}
        lines.lender.take({"completed": {"id": "unheard-of", "text": "?"}})
        for content in ("c", "a", "b"):
            lines.lender.take({"completed": {"id": ids[content], "text": content.upper()}})
            lines.lender.take({"completed": {"id": ids[content], "text": "again"}})

    async def ask() -> list[LentText | LentFailure]:
        return list(await asyncio.gather(*(lines.lender.complete(lent(content)) for content in "abc")))

    thread = threading.Thread(target=answer_backwards)
    thread.start()
    assert [found.text for found in asyncio.run(ask()) if isinstance(found, LentText)] == ["A", "B", "C"]
    thread.join()


def test_what_is_cancelled_is_withdrawn() -> None:
    lines = Lines()

    async def ask() -> None:
        task = asyncio.create_task(lines.lender.complete(lent("a")))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(ask())
    asked_for, withdrawn = lines.said
    assert withdrawn == {"withdraw": {"id": asked_for["complete"]["id"]}}


def test_when_nothing_can_come_in_everything_has_failed() -> None:
    lines = Lines()

    async def ask() -> list[LentText | LentFailure]:
        first = asyncio.create_task(lines.lender.complete(lent("a")))
        await asyncio.sleep(0)
        lines.lender.close()
        return [await first, await lines.lender.complete(lent("b"))]

    found = asyncio.run(ask())
    assert [f.kind for f in found if isinstance(f, LentFailure)] == ["connection", "connection"]
    assert len(lines.said) == 1


@pytest.mark.parametrize(
    "result",
    [None, 5, [], {}, {"text": 5}, {"text": "a", "finish": "tired"}, {"failure": {"kind": "boredom"}}, {"failure": 3}],
)
def test_an_answer_that_is_none_is_malformed(result: object) -> None:
    found = answer(result)
    assert isinstance(found, LentFailure)
    assert found.kind == "malformed"


def test_an_answer_may_say_more_than_is_understood() -> None:
    assert answer({"text": "a", "failure": None, "mood": "good"}) == LentText(text="a")
    assert answer({"text": "half \ud83d"}) == LentText(text="half ?")
    assert answer({"failure": {"kind": "rate_limit", "message": "slow down", "retryAfter": 2}}) == LentFailure(
        kind="rate_limit", message="slow down", retry_after=2
    )


@pytest.mark.parametrize(
    "line",
    [
        b'{"seq": 1, "type": "notice", "message": "complete"}',
        b'{"complete": 5}',
        b'{"complete": {"id": "1"}}',
        b'{"withdraw": {"id": 1, "x": 2}}',
        b'{"withdraw": {"id": "1"}, "complete": null, "more": 1}',
        b"printed by a test",
        b"",
    ],
)
def test_only_a_line_that_asks_is_one(line: bytes) -> None:
    assert aside(line) is None


def test_lines_that_ask_are_read_back() -> None:
    lines = Lines()

    async def ask() -> None:
        task = asyncio.create_task(lines.lender.complete(lent("a")))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(ask())
    found = [aside(json.dumps(each).encode() + b"\n") for each in lines.said]
    assert [type(each).__name__ for each in found] == ["Complete", "Withdraw"]


# --- what can be named


def test_models_of_a_key_are_named_by_their_lasting_names() -> None:
    environ = {"OPENAI_API_KEY": "test-key-3f9a81c2d7e64b05", "OPENAI_BASE_URL": "https://api.openai.com/v1"}
    found = {each.name: each for each in known((), None, environ, "2026-01-31")}
    mini = found["openai/gpt-4o-mini"]
    assert mini.wire() == {
        "name": "openai/gpt-4o-mini",
        "provider": "openai",
        "source": "key",
        "detail": "key in OPENAI_API_KEY",
        "price": "$0.15 in, $0.60 out, per million tokens",
        "baseUrl": None,
    }
    assert "openai/gpt-4o-2024-08-06" not in found
    assert not any("audio" in name or "ft:" in name for name in found)
    assert "test-key" not in str(found)


def test_the_projects_own_models_come_first() -> None:
    first, second, *_ = known(("vscode:copilot/gpt-4o", "a/own"), "http://127.0.0.1:1/v1", {})
    assert (first.name, first.provider, first.price) == ("vscode:copilot/gpt-4o", "vscode", "requests of your plan")
    assert (second.name, second.price, second.base_url) == ("a/own", "price unknown", "http://127.0.0.1:1/v1")


def test_a_gateway_over_a_lent_model_names_no_price() -> None:
    with Gateway({"optimizer": SETTINGS}, Providers({}), budget=Budget()) as gateway:
        assert gateway.price("optimizer") is None
        assert gateway.settings("optimizer").lent
