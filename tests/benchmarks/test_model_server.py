"""The model server of the benchmarks: it answers what its script says, when its script says, and keeps count."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from benchmarks.model_server import ModelServer, Playing, Script, Session, fetched, serving
from secant.models.streams import Stream


@pytest.fixture(scope="module")
def server() -> Iterator[ModelServer]:
    with serving() as server:
        yield server


def ask(session: Session, prompt: str, **more: Any) -> list[str]:
    body = json.dumps({"model": "any", "messages": [{"role": "user", "content": prompt}], **more}).encode()
    answer = json.loads(fetched(f"{session.base_url}/chat/completions", body))
    return [choice["message"]["content"] for choice in answer["choices"]]


def test_versions_are_given_out_in_order_and_in_the_form_that_was_asked_for(server: ModelServer) -> None:
    session = server.session(Script(texts=("one\n", "two\n"), critique="it is wrong"))
    assert ask(session, "criticise") == ["it is wrong"]
    assert ask(session, "between <IMPROVED_VARIABLE> tags") == ["<IMPROVED_VARIABLE>\none\n</IMPROVED_VARIABLE>"]
    (second,) = ask(session, "<NOTE7f> and <IMPROVED7f>")
    assert second.startswith("<NOTE7f>\n")
    assert second.endswith("</NOTE7f>\n<IMPROVED7f>\ntwo\n</IMPROVED7f>")
    assert [one.kind for one in session.received()] == ["critique", "update", "update"]
    assert session.received()[0].prompt_tokens == 3  # 9 characters, rounded up


def test_n_is_given_at_once_or_one_at_a_time(server: ModelServer) -> None:
    together = server.session(Script(texts=("one\n", "two\n")))
    assert [text.split("\n")[1] for text in ask(together, "<IMPROVED>", n=2)] == ["one", "two"]
    single = server.session(Script(texts=("one\n", "two\n"), single=True))
    assert len(ask(single, "<IMPROVED>", n=2)) == 1
    assert [one.n for session in (together, single) for one in session.received()] == [2, 1]


def test_requests_wait_for_the_set_time_beside_each_other(server: ModelServer) -> None:
    session = server.session(Script(seconds=0.2))
    threads = [threading.Thread(target=ask, args=(session, "criticise")) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    received = session.received()
    assert all(one.answered - one.arrived >= 0.2 for one in received)
    assert max(one.arrived for one in received) < min(one.answered for one in received)


def test_a_session_is_counted_by_itself() -> None:
    first, second = Playing(Script(texts=("a\n", "b\n"))), Playing(Script(texts=("a\n", "b\n")))
    request = {"messages": [{"role": "user", "content": [{"type": "text", "text": "<IMPROVED>"}]}]}
    assert first.texts(request) == second.texts(request)
    assert first.texts(request)[1] == ["<IMPROVED>\nb\n</IMPROVED>"]


def test_an_answer_comes_in_pieces_where_a_stream_is_asked_for(server: ModelServer) -> None:
    session = server.session(Script(critique="one two three four", pieces=3))
    assert ask(session, "criticise") == ["one two three four"]
    body = {"model": "any", "messages": [{"role": "user", "content": "criticise"}], "stream": True}
    stream = Stream()
    stream.take(fetched(f"{session.base_url}/chat/completions", json.dumps(body).encode()))
    assert (stream.done, stream.complete, stream.counted, stream.words) == (True, True, True, 4)
    assert json.loads(stream.whole())["choices"][0]["message"]["content"] == "one two three four"
