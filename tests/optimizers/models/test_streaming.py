"""Answers that are streamed: told while they come, given up when they stop, asked for whole where they cannot be."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secant.models.contract import Message, ModelFailure, ModelRequest
from secant.models.openai_provider import OpenAIProvider
from secant.models.replies import answer
from secant.models.streams import Stream
from tests.optimizers.models.conftest import ENVIRON, KEY, PROMPT, Direct, Table, settings_for
from tests.zoo.models import streamed as streaming
from tests.zoo.models.server import Server

Serve = Callable[..., Server]
MakeTable = Callable[..., Table]
WORDS = [f"w\u00f6rd{n} " for n in range(30)]


class Hasty(Direct):
    """As `Direct`, with no patience."""

    def __init__(self) -> None:
        self.provider = OpenAIProvider(ENVIRON, stall_seconds=0.05)


def test_a_streamed_answer_is_the_same_answer_and_counts_what_it_used(serve: Serve, table: MakeTable) -> None:
    server = serve("streamed")
    at = table(server)
    [found] = at.gateway.complete("optimizer", PROMPT)
    assert (found.text, found.finish) == ("".join(WORDS), "stop")
    assert (at.calls[0].usage.prompt_tokens, at.calls[0].usage.completion_tokens) == (7, 30)
    assert (server.requests[0].body["stream"], server.requests[0].body["stream_options"]) == (
        True, {"include_usage": True},
    )  # fmt: skip


def test_how_far_an_answer_has_come_is_told_while_it_is_waited_for(serve: Serve, table: MakeTable) -> None:
    server = serve("stream_stalled")
    told: list[int] = []

    def hear(words: int) -> None:
        told.append(words)
        server.released.set()

    at = table(server, hear=hear)
    at.gateway.complete("optimizer", PROMPT)
    assert told[0] in range(10, 40)


def test_an_answer_that_stops_coming_is_given_up_long_before_its_time_is_over(serve: Serve, table: MakeTable) -> None:
    server = serve("stream_stalled", "streamed")
    at = table(server, providers=Hasty())
    [found] = at.gateway.complete("optimizer", PROMPT)
    assert found.text == "".join(WORDS)
    assert (at.calls[0].attempts, len(server.requests)) == (2, 2)


@pytest.mark.parametrize(
    ("behaviour", "kind", "told"),
    [
        ("stream_stalled", "timeout", "the answer stopped coming after 2"),
        ("stream_broken", "connection", "the answer broke off after 20 words"),
        ("stream_error", "server", "overloaded"),
    ],
)
def test_what_becomes_of_half_an_answer(serve: Serve, table: MakeTable, behaviour: str, kind: str, told: str) -> None:
    server = serve(behaviour)
    at = table(server, providers=Hasty())
    [found] = at.gateway.complete("optimizer", PROMPT)
    assert found.finish == "failed"
    assert told in found.reason
    assert [(call.failure, call.attempts) for call in at.calls] == [(kind, 4)]
    assert at.calls[0].usage.calls == 4, "what was begun may be billed"


def test_an_error_in_a_stream_leaves_its_provider_without_the_key(serve: Serve) -> None:
    settings = settings_for(serve("stream_error"))

    async def asked() -> None:
        provider = OpenAIProvider(ENVIRON)
        try:
            await provider.complete(ModelRequest(settings=settings, messages=(Message(role="user", content="hi"),)))
        finally:
            await provider.close()

    with pytest.raises(ModelFailure) as raised:
        asyncio.run(asked())
    assert "[redacted]" in raised.value.message
    assert KEY not in raised.value.message


@pytest.mark.parametrize(
    ("behaviour", "text", "paid", "told"),
    [
        ("stream_refused", "all at once", 2, "does not stream (Unrecognized request argument supplied: stream_options"),
        ("stream_uncounted", "one two", 2, "does not say what a streamed answer used"),
    ],
)
def test_a_server_that_cannot_is_asked_for_whole_answers_and_paid_once_for_each(
    serve: Serve, table: MakeTable, caplog: pytest.LogCaptureFixture, behaviour: str, text: str, paid: int, told: str
) -> None:
    server = serve(behaviour)
    at = table(server)
    with caplog.at_level(logging.INFO, logger="secant.models"):
        found = [at.gateway.complete("optimizer", PROMPT)[0].text for _ in range(2)]
    assert found == [text, text]
    answered = [request for request in server.requests if behaviour != "stream_refused" or "stream" not in request.body]
    assert len(answered) == paid == at.budget.usage["optimizer"].calls
    assert "stream" not in server.requests[-1].body
    (line,) = caplog.messages
    assert told in line
    assert line.startswith(server.base_url)
    assert KEY not in line


def test_who_says_stream_in_the_parameters_is_heard(serve: Serve, table: MakeTable) -> None:
    server = serve("echo")
    table(server, settings=settings_for(server, parameters={"stream": False})).gateway.complete("optimizer", PROMPT)
    assert server.requests[0].body["stream"] is False
    assert "stream_options" not in server.requests[0].body


@given(st.lists(st.integers(1, 60), min_size=1, max_size=40))
def test_a_stream_may_be_cut_anywhere(sizes: list[int]) -> None:
    body, stream, place = streaming.reply({}).body, Stream(), 0
    for size in [*sizes, len(streaming.reply({}).body)]:
        stream.take(body[place : place + size])
        place += size
    found = answer(stream.whole(), prompt_bound=0)
    assert [text.text for text in found.texts] == ["".join(WORDS)]
    assert (stream.done, stream.complete, stream.counted, stream.words) == (True, True, True, 30)


KEYS = st.sampled_from(["choices", "delta", "index", "content", "finish_reason", "usage", "error"])


@given(st.recursive(st.none() | st.integers() | st.text(), lambda x: st.lists(x) | st.dictionaries(KEYS, x)))
def test_a_part_of_any_shape_is_taken_or_told(data: object) -> None:
    stream = Stream()
    try:
        stream.take(b"data: " + json.dumps(data).encode() + b"\n\n")
        answer(stream.whole(), prompt_bound=5)
    except ModelFailure:
        return


def test_texts_of_one_request_may_come_by_turns_and_pieces_of_words_are_no_words() -> None:
    stream = Stream()
    for index, piece in ((0, "one t"), (1, "t"), (0, "wo"), (1, "hree "), (0, " four")):
        data = {"choices": [{"index": index, "delta": {"content": piece}, "finish_reason": "stop"}]}
        stream.take(b"data:" + json.dumps(data).encode() + b"\n")
    assert [t.text for t in answer(stream.whole(), prompt_bound=0).texts] == ["one two four", "three "]
    assert stream.words == 4
