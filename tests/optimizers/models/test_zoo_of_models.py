"""Every misbehaviour of the zoo is a typed outcome: recorded, told to the optimizer, never retried for ever."""

from __future__ import annotations

import socket
from collections.abc import Callable

import pytest

from secant.budget import Budget, Limits
from secant.models.contract import ModelUnavailable
from tests.optimizers.models.conftest import KEY, PROMPT, Table, settings_for
from tests.zoo.models.server import Server

Serve = Callable[..., Server]
MakeTable = Callable[..., Table]


@pytest.mark.parametrize(
    ("behaviour", "finish", "start"),
    [
        ("truncated", "length", "<IMPROVED>def f"),
        ("thought_out", "length", ""),
        ("fenced", "stop", "```python\n"),
        ("wrong_tag", "stop", "<answer>"),
        ("json_answer", "stop", '{"improved"'),
        ("refusal", "refusal", "I cannot help"),
        ("filtered", "refusal", "I can"),
        ("huge", "stop", "word word"),
        ("echo", "stop", PROMPT[0]["content"]),
        ("no_usage", "stop", "héllo"),
        ("surrogate", "stop", "a?b"),
    ],
)
def test_an_answer_of_any_shape_is_an_answer(
    serve: Serve, table: MakeTable, behaviour: str, finish: str, start: str
) -> None:
    server = serve(behaviour)
    at = table(server)
    [answer] = at.gateway.complete("optimizer", PROMPT)
    assert (answer.finish, answer.text[: len(start)]) == (finish, start)
    assert [c.failure for c in at.calls] == [None]
    assert len(server.requests) == 1
    assert at.calls[0].model_dump_json().encode()


@pytest.mark.parametrize(
    ("behaviour", "kind", "attempts"),
    [
        ("empty", "empty", 4),
        ("rate_limited", "rate_limit", 4),
        ("server_error", "server", 4),
        ("malformed", "malformed", 4),
        ("no_choices", "malformed", 4),
        ("error_inside", "server", 4),
        ("reset", "connection", 4),
        ("too_long", "bad_request", 1),
    ],
)
def test_a_failure_is_asked_again_where_that_helps_and_then_told(
    serve: Serve, table: MakeTable, behaviour: str, kind: str, attempts: int
) -> None:
    server = serve(behaviour)
    at = table(server)
    [answer] = at.gateway.complete("optimizer", PROMPT)
    assert answer.finish == "failed"
    assert answer.reason.startswith(kind)
    assert [(c.failure, c.attempts) for c in at.calls] == [(kind, attempts)]
    assert len(server.requests) == attempts
    assert len(at.slept) == attempts - 1


def test_a_stalled_reply_times_out(serve: Serve, table: MakeTable) -> None:
    server = serve("stalled")
    at = table(server, settings=settings_for(server, timeout_seconds=0.02))
    [answer] = at.gateway.complete("optimizer", PROMPT)
    assert answer.finish == "failed"
    assert "0.02 s" in answer.reason
    assert at.calls[0].failure == "timeout"
    assert at.calls[0].attempts == 4


def test_after_a_failure_the_same_request_is_asked_again(serve: Serve, table: MakeTable) -> None:
    server = serve("rate_limited", "server_error", "reset", "echo")
    at = table(server, seed=11)
    [answer] = at.gateway.complete("optimizer", PROMPT, n=2)[:1]
    assert answer.text == PROMPT[0]["content"]
    bodies = [r.body for r in server.requests]
    assert len(bodies) == 4
    assert all(body == bodies[0] for body in bodies)
    assert bodies[0]["model"] == "small-model"
    assert (bodies[0]["temperature"], bodies[0]["n"], bodies[0]["seed"]) == (0.5, 2, 11)
    assert 7.0 <= at.slept[0] <= 7.7, "the server asked for seven seconds"


@pytest.mark.parametrize(
    ("behaviour", "kind", "words"),
    [
        ("unauthorized", "authentication", ["OPENAI_API_KEY", "small-model"]),
        ("unknown_model", "not_found", ["large-model", "small-model"]),
        ("out_of_quota", "quota", ["quota"]),
        ("web_page", "not_found", ["base URL", "/v1"]),
    ],
)
def test_what_no_request_can_escape_says_what_to_do(
    serve: Serve, table: MakeTable, behaviour: str, kind: str, words: list[str]
) -> None:
    server = serve(behaviour)
    at = table(server)
    with pytest.raises(ModelUnavailable) as raised:
        at.gateway.complete("optimizer", PROMPT)
    assert all(word in str(raised.value) for word in words)
    assert [c.failure for c in at.calls] == [kind]
    assert len(server.requests) == 1
    assert KEY not in str(raised.value)
    assert KEY not in at.calls[0].model_dump_json()


def test_a_missing_key_is_named(serve: Serve, table: MakeTable) -> None:
    server = serve("unauthorized")
    at = table(server, environ={})
    with pytest.raises(ModelUnavailable, match=r"Set OPENAI_API_KEY to a valid key\. None is set now"):
        at.gateway.complete("optimizer", PROMPT)
    assert server.requests[0].authorization is None


def test_a_base_url_without_its_path_is_said(serve: Serve, table: MakeTable) -> None:
    server = serve("echo")
    at = table(server, settings=settings_for(server, base_url=server.root))
    with pytest.raises(ModelUnavailable, match="usually ends in /v1"):
        at.gateway.complete("optimizer", PROMPT)
    assert server.requests == []


def test_an_address_where_nobody_answers_ends_the_run(table: MakeTable) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))  # bound and not listening: refused, and nobody else can take it
        address = f"http://127.0.0.1:{free.getsockname()[1]}/v1"
        at = table(settings=settings_for(None, base_url=address))
        with pytest.raises(ModelUnavailable, match="Is the server running"):
            at.gateway.complete("optimizer", PROMPT)
    assert [(c.failure, c.attempts, c.usage.calls) for c in at.calls] == [("connection", 4, 0)]


def test_a_server_that_goes_away_later_is_a_failure_of_that_call_only(serve: Serve, table: MakeTable) -> None:
    server = serve("farewell")
    at = table(server)
    at.gateway.complete("optimizer", PROMPT)
    server.close()
    [answer] = at.gateway.complete("optimizer", PROMPT)
    assert answer.finish == "failed"
    assert at.calls[1].usage.calls == 0


def test_openais_key_is_not_sent_to_an_address_that_a_project_names(serve: Serve, table: MakeTable) -> None:
    server = serve("echo")
    table(server, settings=settings_for(server, key_variable=None)).gateway.complete("optimizer", PROMPT)
    assert server.requests[0].authorization is None
    environ = {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": f"{server.base_url}/"}
    own = settings_for(server, key_variable=None)
    table(server, settings=own, environ=environ).gateway.complete("optimizer", PROMPT)
    assert server.requests[1].authorization == f"Bearer {KEY}"


def test_an_answer_that_repeats_the_key_is_recorded_without_it(serve: Serve, table: MakeTable) -> None:
    server = serve("tattler")
    at = table(server)
    [answer] = at.gateway.complete("optimizer", PROMPT)
    assert server.requests[0].authorization == f"Bearer {KEY}"
    assert answer.text == "your key is Bearer [redacted]"
    assert KEY not in at.calls[0].model_dump_json()


def test_one_failure_of_many_is_one_failure(serve: Serve, table: MakeTable) -> None:
    server = serve("too_long", "echo")
    at = table(server, concurrency=1)
    answers = at.gateway.complete_many("optimizer", [[{"role": "user", "content": str(i)}] for i in range(3)])
    assert [(a.finish, a.text) for a in answers] == [("failed", ""), ("stop", "1"), ("stop", "2")]


def test_an_empty_answer_is_paid_and_not_asked_for_again_beyond_the_budget(serve: Serve, table: MakeTable) -> None:
    server = serve("empty")
    at = table(server, budget=Budget(Limits(calls=2)))
    [answer] = at.gateway.complete("optimizer", PROMPT)
    assert answer.finish == "failed"
    assert "the budget of calls is used up" in answer.reason
    assert len(server.requests) == 2
    assert at.budget.remaining("calls") == 0
