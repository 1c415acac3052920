"""Very many requests of one asker: few at a time are begun, paid and kept, and each is written down as it is done."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from secant.budget import Budget, BudgetExhausted, Limits
from secant.cancellation import Cancellation, Interrupted
from secant.models.cache import ResponseCache
from secant.models.contract import Message, ModelAnswer, ModelCall, ModelRequest, ModelUnavailable
from secant.models.identity import call_key, digest, request_text, spoken, text_digest
from secant.optimizer import Completion
from tests.optimizers.models.conftest import Table, settings_for
from tests.optimizers.models.scripted import Attempt, Scripted
from tests.zoo.models.server import Server

Serve = Callable[..., Server]
MakeTable = Callable[..., Table]
Turns = Sequence[Mapping[str, str]]


def asked(content: object) -> Turns:
    return [{"role": "user", "content": str(content)}]


MANY = [asked(f"case {i}") for i in range(60)]


class Lazily(Sequence[Turns]):
    """Requests that are made as they are read."""

    def __init__(self, count: int) -> None:
        self.made = 0
        self._count = count

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, index: int) -> Turns:  # type: ignore[override]
        if index >= self._count:
            raise IndexError(index)
        self.made = max(self.made, index + 1)
        return asked(index)


def test_requests_are_made_as_there_is_room_for_them(table: MakeTable) -> None:
    requests, ahead = Lazily(200), list[int]()

    class Looking(Scripted):
        async def complete(self, request: ModelRequest) -> ModelAnswer:
            ahead.append(requests.made - len(self.requests))
            return await super().complete(request)

    at = table(providers=Looking([Attempt(turns=2)]), concurrency=3)
    answers = at.gateway.complete_many("program", requests)
    assert len(answers) == len(ahead) == 200
    assert max(ahead) <= 2 * 3 + 2 + 1, "two for each slot, those just answered, and the next"


def test_each_is_written_down_when_it_is_done_not_when_all_are(table: MakeTable) -> None:
    recorded_at_request: list[int] = []

    class Looking(Scripted):
        async def complete(self, request: ModelRequest) -> ModelAnswer:
            recorded_at_request.append(len(at.calls))
            return await super().complete(request)

    at = table(providers=Looking(), concurrency=2)
    at.gateway.complete_many("program", MANY)
    assert all(sent - done <= 4 for sent, done in enumerate(recorded_at_request))
    assert len(at.calls) == 60


def test_a_cap_need_not_hold_what_all_could_cost_at_most(table: MakeTable) -> None:
    provider = Scripted([Attempt(billed=0.02, turns=1)])
    settings = settings_for(None, parameters={"max_tokens": 1000})
    bound = 1000 + provider.count_tokens(settings, [Message(role="user", content="case 10")])
    budget = Budget(Limits(tokens=3 * bound), clock=lambda: 0.0)
    at = table(providers=provider, budget=budget, settings=settings, concurrency=8)
    assert len(at.gateway.complete_many("program", MANY)) == 60
    assert provider.most_under_way <= 3
    assert budget.remaining("tokens") == 3 * bound - 60 * (20 + int(0.02 * (bound - 1000)))


def test_where_the_cap_is_reached_what_is_under_way_is_still_taken_in(table: MakeTable) -> None:
    provider = Scripted([Attempt(turns=1)])
    settings = settings_for(None, parameters={"max_tokens": 1000})
    bound = 1000 + provider.count_tokens(settings, [Message(role="user", content="case 10")])
    budget = Budget(Limits(tokens=5 * bound), clock=lambda: 0.0)
    at = table(providers=provider, budget=budget, settings=settings, concurrency=2)
    with pytest.raises(BudgetExhausted):
        at.gateway.complete_many("program", MANY)
    assert len(provider.requests) == len(at.calls) == 5
    assert [call.failure for call in at.calls] == [None] * 5


def test_what_was_paid_before_the_cap_was_reached_is_not_paid_again_in_smaller_portions(
    table: MakeTable, tmp_path: Path
) -> None:
    cache, provider = ResponseCache(tmp_path / "answers.sqlite3"), Scripted()
    settings = settings_for(None, parameters={"max_tokens": 1000})
    bound = 1000 + provider.count_tokens(settings, [Message(role="user", content="case 10")])
    budget = Budget(Limits(tokens=5 * bound), clock=lambda: 0.0)
    at = table(providers=provider, budget=budget, settings=settings, cache=cache, seed=3)
    cases = at.gateway.within("cases")
    with pytest.raises(BudgetExhausted):
        cases.complete_many("program", MANY)
    assert len(cases.complete_many("program", MANY[:5])) == 5
    assert len(provider.requests) == 5
    assert {call.key for call in at.calls if call.cached} == {call.key for call in at.calls if not call.cached}
    with pytest.raises(BudgetExhausted):
        cases.complete_many("program", MANY[:1])  # asked again after it was answered, it is another sample
    cache.close()


def test_where_calls_do_not_suffice_none_is_made(table: MakeTable, tmp_path: Path) -> None:
    cache, provider = ResponseCache(tmp_path / "answers.sqlite3"), Scripted()
    table(providers=provider, cache=cache).gateway.complete_many("program", MANY[:10])
    provider.requests.clear()
    short = table(providers=provider, cache=cache, budget=Budget(Limits(calls=49)))
    with pytest.raises(BudgetExhausted):
        short.gateway.complete_many("program", MANY)
    assert provider.requests == []
    enough = table(providers=provider, cache=cache, budget=Budget(Limits(calls=50)))
    assert len(enough.gateway.complete_many("program", MANY)) == 60
    assert len(provider.requests) == 50
    assert len(enough.calls) == len({call.key for call in enough.calls}) == 60
    cache.close()


def test_answers_are_told_while_others_are_waited_for(table: MakeTable, tmp_path: Path) -> None:
    cache, provider, told = ResponseCache(tmp_path / "answers.sqlite3"), Scripted(), list[tuple[int, str, int]]()

    def answered(number: int, answer: Completion) -> None:
        told.append((number, answer.id, len(provider.requests)))

    table(providers=Scripted(), cache=cache).gateway.complete_many("program", MANY[:1])
    at = table(providers=provider, cache=cache, concurrency=2)
    answers = at.gateway.complete_many("program", MANY, answered=answered)
    assert sorted((number, name) for number, name, _ in told) == [(n, each.id) for n, each in enumerate(answers)]
    assert told[0][0] == 0, "that of the cache"
    assert told[1][2] <= 2 + 4, "after the next were sent, not after the last"
    cache.close()


def test_a_stop_is_heard_while_answers_keep_coming(table: MakeTable) -> None:
    cancellation, provider = Cancellation(), Scripted()

    class Stopping(list[ModelCall]):
        def append(self, call: ModelCall) -> None:
            super().append(call)
            if len(self) == 5:
                cancellation.cancel("enough")

    at = table(providers=provider, cancellation=cancellation, calls=Stopping(), concurrency=2)
    with pytest.raises(Interrupted, match="enough"):
        at.gateway.complete_many("program", MANY)
    assert len(provider.requests) <= 5 + 4
    assert at.budget.usage["program"].calls == len(provider.requests)


def test_a_stop_is_heard_while_the_cache_answers(table: MakeTable, tmp_path: Path) -> None:
    cache, cancellation = ResponseCache(tmp_path / "answers.sqlite3"), Cancellation()
    table(providers=Scripted(), cache=cache).gateway.complete_many("program", MANY)

    class Stopping(list[ModelCall]):
        def append(self, call: ModelCall) -> None:
            super().append(call)
            cancellation.cancel("enough")

    at = table(providers=Scripted(), cache=cache, cancellation=cancellation, calls=Stopping())
    with pytest.raises(Interrupted):
        at.gateway.complete_many("program", MANY)
    assert len(at.calls) == 1
    cache.close()


def test_when_one_call_ends_the_run_what_was_answered_beside_it_is_kept(table: MakeTable) -> None:
    landed = threading.Event()

    class Together(Scripted):
        async def complete(self, request: ModelRequest) -> ModelAnswer:
            try:
                return await super().complete(request)
            finally:
                if len(self.requests) == 3:
                    asyncio.get_running_loop().call_soon(landed.set)

    class Waiting(list[ModelCall]):
        def append(self, call: ModelCall) -> None:
            landed.wait()
            super().append(call)

    provider = Together([Attempt(), Attempt("quota", 0.0), Attempt()])
    at = table(providers=provider, concurrency=3, calls=Waiting())
    with pytest.raises(ModelUnavailable, match="scripted"):
        at.gateway.complete_many("program", MANY[:3])
    assert sorted(str(call.failure) for call in at.calls) == ["None", "None", "quota"]


def test_many_answers_are_not_followed_word_by_word(serve: Serve, table: MakeTable) -> None:
    server = serve("streamed")
    at = table(server)
    at.gateway.complete_many("program", MANY[:8])
    assert all(request.body["stream"] for request in server.requests)
    server.requests.clear()
    at.gateway.complete_many("program", MANY[:9])
    assert not any("stream" in request.body for request in server.requests)


def test_a_server_that_only_streams_is_asked_to(serve: Serve, table: MakeTable) -> None:
    server = serve("stream_only")
    at = table(server, concurrency=1)
    assert {answer.text for answer in at.gateway.complete_many("program", MANY[:9])} == {"one two"}
    assert [request.body.get("stream") for request in server.requests] == [None] + [True] * 9
    assert at.budget.usage["program"].calls == 9


def test_the_name_of_a_call_is_the_digest_of_scope_position_and_request() -> None:
    settings = settings_for(None, base_url="http://a", parameters={"top_p": 1, "stop": ["é\ud800", '"']})
    request = ModelRequest(settings=settings, messages=(Message(role="user", content="words"),), seed=3)
    text = request_text(request)
    whole = digest(['1/"propose"', 2, spoken(request), "http://a"])
    assert call_key('1/"propose"', 2, text, text_digest(text)) == f"{text_digest(text)[:16]}-{whole}"
    assert text_digest(text) == digest([spoken(request), "http://a"])
