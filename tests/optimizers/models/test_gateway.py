"""The gateway: what is asked is paid and recorded once, what was paid is not asked again, and Stop stops."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from secant.budget import Budget, BudgetExhausted, Limits
from secant.cancellation import Cancellation, Interrupted
from secant.errors import BadRequest
from secant.models.background import Flight
from secant.models.cache import ResponseCache
from secant.models.contract import ModelAnswer, ModelCall, ModelRequest, ModelSettings, Price
from secant.models.gateway import Gateway
from tests.optimizers.models.conftest import KEY, PROMPT, Table, settings_for
from tests.optimizers.models.scripted import Attempt, Scripted
from tests.zoo.models.server import Server

Serve = Callable[..., Server]
MakeTable = Callable[..., Table]
MANY = [[{"role": "user", "content": f"request {i}"}] for i in range(20)]


def test_n_requested_is_n_given_and_n_paid(serve: Serve, table: MakeTable) -> None:
    server = serve("echo")
    at = table(server, budget=Budget(Limits(calls=5)))
    assert len(at.gateway.complete("optimizer", PROMPT, n=3)) == 3
    assert [r.body["n"] for r in server.requests] == [3]
    assert at.calls[0].usage.calls == 3
    assert at.budget.remaining("calls") == 2
    with pytest.raises(BudgetExhausted):
        at.gateway.complete("optimizer", PROMPT, n=3)
    assert len(server.requests) == 1


def test_a_server_that_knows_no_n_is_asked_for_the_rest(serve: Serve, table: MakeTable) -> None:
    server = serve("one_at_a_time")
    at = table(server, seed=40)
    answers = at.gateway.complete("optimizer", PROMPT, n=3)
    assert sorted(a.text for a in answers) == ["seed 40", "seed 41", "seed 42"]
    assert len({a.id for a in answers}) == 3
    assert at.budget.usage["optimizer"].calls == 3
    assert at.budget.usage["optimizer"].completion_tokens == 6


def test_it_is_asked_for_one_at_a_time_once_that_is_known(serve: Serve, table: MakeTable) -> None:
    server = serve("one_at_a_time")
    at = table(server, seed=40)
    at.gateway.complete("optimizer", PROMPT, n=3)
    answers = at.gateway.complete("optimizer", PROMPT, n=3)
    assert sorted(a.text for a in answers) == ["seed 43", "seed 44", "seed 45"]
    assert [r.body.get("n") for r in server.requests] == [3, None, None, None, None, None]
    assert at.budget.usage["optimizer"].calls == 6


def test_a_server_that_refuses_n_is_asked_for_one_at_a_time(serve: Serve, table: MakeTable) -> None:
    server = serve("one_only")
    at = table(server, seed=40)
    for first in (40, 43):
        answers = at.gateway.complete("optimizer", PROMPT, n=3)
        assert sorted(a.text for a in answers) == [f"seed {first + i}" for i in range(3)]
    assert [r.body.get("n") for r in server.requests] == [3, *[None] * 6]
    assert at.budget.usage["optimizer"].calls == 6


def test_answers_come_in_the_order_asked_and_no_more_are_under_way_than_allowed(table: MakeTable) -> None:
    provider = Scripted([Attempt(turns=t) for t in (9, 1, 5, 0)])
    at = table(providers=provider, concurrency=3)
    answers = at.gateway.complete_many("program", MANY)
    assert len(answers) == len(at.calls) == 20
    by_key = {c.key.rpartition("-")[2][:16]: c for c in at.calls}
    assert [a.id.partition(".")[0] in by_key for a in answers] == [True] * 20
    assert provider.most_under_way == 3
    assert {r.messages[0].content for r in provider.requests} == {m[0]["content"] for m in MANY}


def test_complete_many_pairs_each_answer_with_its_request(serve: Serve, table: MakeTable) -> None:
    at = table(serve("echo"))
    answers = at.gateway.complete_many("optimizer", MANY)
    assert [a.text for a in answers] == [m[0]["content"] for m in MANY]


def test_a_level_without_a_model_borrows_one() -> None:
    small, large, top = (ModelSettings(model=name) for name in ("small", "large", "top"))
    provider = Scripted()

    def served(**given: ModelSettings) -> list[str]:
        with Gateway(given, provider, budget=Budget(), environ={}) as gateway:  # type: ignore[arg-type]
            return [gateway.settings(level).model for level in ("program", "optimizer", "meta")]

    assert served(optimizer=small) == ["small", "small", "small"]
    assert served(program=small) == ["small", "small", "small"]
    assert served(program=small, optimizer=large) == ["small", "large", "large"]
    assert served(program=small, optimizer=large, meta=top) == ["small", "large", "top"]
    with pytest.raises(BadRequest, match="--model"):
        served(meta=top)


def test_each_level_has_its_own_line_in_the_ledger(serve: Serve, table: MakeTable) -> None:
    server = serve("echo")
    program, optimizer = settings_for(server), settings_for(server, model="openai/large-model")
    at = table(server, settings={"program": program, "optimizer": optimizer})
    at.gateway.complete("program", PROMPT)
    at.gateway.complete("optimizer", PROMPT, n=2)
    at.gateway.complete("meta", PROMPT)
    assert {level: u.calls for level, u in at.budget.usage.items()} == {"program": 1, "optimizer": 2, "meta": 1}
    assert [r.body["model"] for r in server.requests] == ["small-model", "large-model", "large-model"]


def test_an_unknown_price_is_refused_under_a_cap_in_dollars_and_told_otherwise(table: MakeTable) -> None:
    provider = Scripted(price=None)
    capped = table(providers=provider, budget=Budget(Limits(usd=1.0)))
    with pytest.raises(BudgetExhausted, match="the price of openai/small-model is not known"):
        capped.gateway.complete("optimizer", PROMPT)
    assert provider.requests == []
    free = table(providers=provider)
    free.gateway.complete("optimizer", PROMPT)
    assert free.budget.usage["optimizer"].usd is None


def test_a_reply_that_never_came_costs_what_was_set_aside(serve: Serve, table: MakeTable) -> None:
    server = serve("reset", "echo")
    at = table(server, budget=Budget(Limits(calls=10)), settings=settings_for(server, parameters={"max_tokens": 9}))
    at.gateway.complete("optimizer", PROMPT)
    spent = at.budget.usage["optimizer"]
    assert spent.calls == 2, "the request that was reset may have been billed"
    assert spent.completion_tokens == 9 + len(PROMPT[0]["content"].split())
    assert spent.unbilled == 1, "and nothing says what it took"


def test_what_is_refused_before_it_is_read_costs_nothing(serve: Serve, table: MakeTable) -> None:
    at = table(serve("rate_limited", "server_error", "echo"), budget=Budget(Limits(calls=1)))
    assert at.gateway.complete("optimizer", PROMPT)[0].finish == "stop"
    assert at.calls[0].attempts == 3
    assert at.budget.usage["optimizer"].calls == 1


def test_what_an_earlier_session_paid_is_not_asked_again(serve: Serve, table: MakeTable) -> None:
    server = serve("sample")
    before = table(server, seed=1)

    def step(at: Table) -> list[str]:
        lm = at.gateway.within("3/propose")
        answers = [*lm.complete("optimizer", PROMPT), *lm.complete("optimizer", PROMPT)]
        return [a.text for a in (*answers, *lm.complete_many("optimizer", MANY[:3]))]

    texts = step(before)
    assert len(set(texts)) == 5
    known = {c.key: c for c in before.calls}
    after = table(server, known=known, seed=1)
    assert step(after) == texts
    assert len(server.requests) == 5
    assert after.budget.usage == {}
    assert after.calls == [], "the journal holds them already"
    fresh = after.gateway.within("4/propose").complete("optimizer", PROMPT)
    assert fresh[0].text not in texts


def test_a_stopped_session_goes_on_where_it_was(serve: Serve, table: MakeTable) -> None:
    server, cancellation = serve("sample", "held"), Cancellation()
    before = table(server, cancellation=cancellation, concurrency=1)
    stopping = threading.Thread(target=lambda: (_second(server), cancellation.cancel("enough")))
    stopping.start()
    with pytest.raises(Interrupted, match="enough"):
        before.gateway.within("1/propose").complete_many("optimizer", MANY[:3])
    stopping.join()
    assert [c.texts[0].text[:6] for c in before.calls] == ["sample"]
    assert len(server.requests) == 2, "the third was never sent"
    assert before.budget.usage["optimizer"].calls == 2, "the second may have been billed"
    with pytest.raises(Interrupted):
        before.gateway.complete("optimizer", PROMPT)
    server.released.set()
    known = {c.key: c for c in before.calls}
    after = table(server, known=known, concurrency=1)
    answers = after.gateway.within("1/propose").complete_many("optimizer", MANY[:3])
    assert [a.text for a in answers] == [before.calls[0].texts[0].text, "late", "late"]
    assert len(server.requests) == 4


def _second(server: Server) -> None:
    """Wait for the second request."""
    while len(server.requests) < 2:
        server.arrived.wait()
        if len(server.requests) < 2:
            server.arrived.clear()


def test_a_call_that_failed_before_is_asked_again(serve: Serve, table: MakeTable) -> None:
    server = serve("too_long", "echo")
    before = table(server)
    before.gateway.within("1").complete("optimizer", PROMPT)
    assert before.calls[0].failure == "bad_request"
    after = table(server, known={c.key: c for c in before.calls})
    assert after.gateway.within("1").complete("optimizer", PROMPT)[0].finish == "stop"
    assert after.calls[0].key == before.calls[0].key


def test_a_key_is_of_scope_position_settings_and_messages(table: MakeTable) -> None:
    def keys(*, scope: str = "1", seed: int = 0, **fields: object) -> list[str]:
        at = table(providers=Scripted(), settings=settings_for(None, **fields), seed=seed)
        at.gateway.within(scope).complete("optimizer", PROMPT)
        at.gateway.within(scope).complete("optimizer", PROMPT)
        return [c.key for c in at.calls]

    first, second = keys()
    assert first != second
    assert keys() == [first, second]
    assert keys(timeout_seconds=3.0, key_variable="OTHER_KEY") == [first, second]
    different = [
        keys(scope="2"),
        keys(seed=1),
        keys(model="x"),
        keys(parameters={"top_p": 1}),
        keys(base_url="http://a"),
    ]
    assert len({k for pair in different for k in pair} | {first, second}) == 12


def test_the_cache_answers_the_same_request_of_another_run_unpaid(
    serve: Serve, table: MakeTable, tmp_path: Path
) -> None:
    server, cache = serve("sample"), ResponseCache(tmp_path / "cache.sqlite")
    first = table(server, cache=cache)
    texts = [first.gateway.within(s).complete("optimizer", PROMPT)[0].text for s in ("1", "2")]
    assert len(set(texts)) == 2, "two identical requests of one run are two samples"
    second = table(server, cache=cache, budget=Budget(Limits(calls=0)))
    again = [second.gateway.within(s).complete("optimizer", PROMPT)[0].text for s in ("a", "b")]
    assert again == texts
    assert len(server.requests) == 2
    assert [(c.cached, c.usage.calls) for c in second.calls] == [(True, 0)] * 2
    with pytest.raises(BudgetExhausted):
        second.gateway.complete("optimizer", PROMPT)
    cache.close()


def test_it_says_how_many_requests_the_cache_does_not_answer(serve: Serve, table: MakeTable, tmp_path: Path) -> None:
    server, cache = serve("echo"), ResponseCache(tmp_path / "cache.sqlite")
    asked = [PROMPT, PROMPT, [{"role": "user", "content": "Another question"}]]
    first = table(server, cache=cache).gateway
    assert first.due("optimizer", asked) == 3
    first.complete("optimizer", PROMPT)
    again = table(server, cache=cache).gateway
    assert again.due("optimizer", asked) == 2, "the second sample was never paid"
    again.complete_many("optimizer", asked)
    assert len(server.requests) == 1 + 2
    assert table(server).gateway.due("optimizer", [PROMPT]) == 1


class Looked(ResponseCache):
    """Counts the answers that are looked for."""

    times = 0

    def get(self, key: str):
        self.times += 1
        return super().get(key)


def test_of_many_requests_a_few_are_looked_up_where_none_of_them_is_known(
    serve: Serve, table: MakeTable, tmp_path: Path
) -> None:
    server, cache = serve("echo"), Looked(tmp_path / "cache.sqlite")
    many = [[{"role": "user", "content": f"case {number}"}] for number in range(100)]
    assert table(server, cache=cache).gateway.due("optimizer", many) == 100
    assert 16 <= cache.times < 20
    table(server, cache=cache).gateway.complete_many("optimizer", many[:60])
    assert table(server, cache=cache).gateway.due("optimizer", many) == 40
    cache.close()
    cache.close()


def test_a_resumed_run_takes_the_same_sample_from_the_cache(serve: Serve, table: MakeTable, tmp_path: Path) -> None:
    server, cache = serve("sample"), ResponseCache(tmp_path / "cache.sqlite")
    whole = table(server, cache=cache)
    texts = [whole.gateway.within(s).complete("optimizer", PROMPT)[0].text for s in ("1", "2")]
    resumed = table(server, cache=cache, known={whole.calls[0].key: whole.calls[0]})
    assert resumed.gateway.within("2").complete("optimizer", PROMPT)[0].text == texts[1]
    cache.close()


def test_without_a_cap_one_is_sent(serve: Serve, table: MakeTable) -> None:
    server = serve("echo")
    table(server, default_max_tokens=77).gateway.complete("optimizer", PROMPT)
    own = settings_for(server, parameters={"max_completion_tokens": 5})
    table(server, settings=own).gateway.complete("optimizer", PROMPT)
    bodies = [r.body for r in server.requests]
    assert bodies[0]["max_tokens"] == 77
    assert (bodies[1]["max_completion_tokens"], bodies[1].get("max_tokens")) == (5, None)


def test_a_listener_that_raises_ends_the_call_and_nothing_stays_reserved(table: MakeTable) -> None:
    budget = Budget(Limits(calls=50))
    at = table(providers=Scripted([Attempt(turns=50)]), budget=budget, concurrency=2, calls=Refusing())
    with pytest.raises(OSError, match="disk full"):
        at.gateway.complete_many("optimizer", MANY)
    assert budget.remaining("calls") == 50 - budget.usage["optimizer"].calls


class Refusing(list[ModelCall]):
    def append(self, call: ModelCall) -> None:
        raise OSError("disk full")


def test_threads_share_one_gateway(table: MakeTable) -> None:
    provider = Scripted([Attempt(turns=3)], price=Price(1e-6, 1e-6))
    at = table(providers=provider, concurrency=4)
    threads = [
        threading.Thread(target=lambda i=i: at.gateway.within(str(i)).complete_many("program", MANY)) for i in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({c.key for c in at.calls}) == 80
    assert provider.most_under_way == 4
    assert at.budget.usage["program"].calls == 80


def test_nothing_asked_is_nothing_done(table: MakeTable) -> None:
    at = table(providers=Scripted())
    assert list(at.gateway.complete_many("optimizer", [])) == []
    with pytest.raises(ValueError, match="at least 1"):
        at.gateway.complete("optimizer", PROMPT, n=0)


def test_the_key_is_in_nothing_that_is_kept(serve: Serve, table: MakeTable, tmp_path: Path) -> None:
    server, cache = serve("tattler"), ResponseCache(tmp_path / "cache.sqlite")
    at = table(server, cache=cache)
    at.gateway.complete("optimizer", PROMPT)
    cache.close()
    assert server.requests[0].authorization == f"Bearer {KEY}"
    kept = b"".join(p.read_bytes() for p in tmp_path.iterdir())
    assert b"redacted" in kept
    assert KEY.encode() not in kept


def test_the_gateway_imports_no_client() -> None:
    code = (
        "import secant.models.gateway, sys; print(sorted({'litellm', 'aiohttp', 'openai', 'httpx'} & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout
    assert found.strip() == "[]"


def test_with_a_seed_every_sample_has_one_of_its_own_and_a_session_that_goes_on_has_the_same(
    serve: Serve, table: MakeTable
) -> None:
    server = serve("echo")
    at = table(server, seed=7)
    for scope, n in (("1", 1), ("1", 2), ("2", 1)):
        at.gateway.within(scope).complete("optimizer", PROMPT, n=n)
    at.gateway.within("2").complete("optimizer", PROMPT)
    other = table(server, seed=7, known={at.calls[0].key: at.calls[0], at.calls[2].key: at.calls[2]})
    other.gateway.within("2").complete("optimizer", PROMPT)
    other.gateway.within("2").complete("optimizer", PROMPT)
    assert [r.body["seed"] for r in server.requests] == [7, 7, 8, 9, 9]


def test_what_is_stopped_before_it_begins_gives_its_reservation_back(
    table: MakeTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, asked, cancellation, budget = threading.Event(), threading.Event(), Cancellation(), Budget(Limits(calls=30))
    cancels: list[Flight[object]] = []
    ask_down = Flight[object].cancel

    def cancel(flight: Flight[object]) -> None:
        ask_down(flight)
        cancels.append(flight)
        if len(cancels) == 2:  # both are told to stop before the loop gets round to the second
            gate.set()

    class Blocking(Scripted):
        async def complete(self, request: ModelRequest) -> ModelAnswer:
            asked.set()
            gate.wait()
            return await super().complete(request)

    monkeypatch.setattr(Flight, "cancel", cancel)
    at = table(providers=Blocking(), budget=budget, cancellation=cancellation)

    def interrupted() -> None:
        with suppress(Interrupted):
            at.gateway.complete("program", PROMPT)

    first = threading.Thread(target=interrupted)
    first.start()
    asked.wait()
    send, sent = Flight[object].send, list[int]()

    def send_some(flight: Flight[object], number: int, coroutine: Any) -> None:
        send(flight, number, coroutine)
        sent.append(number)
        if len(sent) == 3:
            cancellation.cancel("stop")

    monkeypatch.setattr(Flight, "send", send_some)
    with pytest.raises(Interrupted):
        at.gateway.complete_many("optimizer", MANY)
    first.join()
    assert sent == [0, 1, 2]
    assert "optimizer" not in budget.usage
    assert budget.remaining("calls") == 30 - budget.usage["program"].calls
