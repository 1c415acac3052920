"""Cassettes: the same run again without a model; what was not recorded fails and says what is nearest."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from secant.errors import BadRequest
from secant.models.cassette import Recording, Replay
from secant.models.contract import ModelUnavailable
from tests.optimizers.models.conftest import ENVIRON, KEY, PROMPT, Direct, Table, settings_for
from tests.zoo.models.server import Server

Serve = Callable[..., Server]
MakeTable = Callable[..., Table]
MANY = [[{"role": "user", "content": f"request {i} for é {{x}}"}] for i in (3, 1, 2, 1)]


def recorded(serve: Serve, table: MakeTable, path: Path, *behaviours: str) -> Table:
    server = serve(*behaviours)
    at = table(server, providers=Recording(Direct(), path, environ=ENVIRON), seed=5)
    at.gateway.complete_many("optimizer", MANY, purpose="propose")
    at.gateway.complete("optimizer", PROMPT, n=2)
    at.gateway.close()
    return at


def test_a_replay_gives_what_was_recorded_and_asks_nobody(serve: Serve, table: MakeTable, tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    before = recorded(serve, table, path, "rate_limited", "sample", "server_error", "sample")
    after = table(providers=Replay(path), settings=settings_for(None, base_url=None), seed=5)
    after.gateway.complete_many("optimizer", MANY, purpose="propose")
    after.gateway.complete("optimizer", PROMPT, n=2)
    told = [sorted((c.attempts, c.usage.calls, *[t.text for t in c.texts]) for c in at.calls) for at in (before, after)]
    assert told[0] == told[1]
    assert all(c.cached for c in after.calls)
    assert after.slept == []
    assert after.budget.usage["optimizer"].calls == before.budget.usage["optimizer"].calls


def test_lines_stand_in_the_order_in_which_calls_began(serve: Serve, table: MakeTable, tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    recorded(serve, table, path, "rate_limited", "echo")
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert lines[0] == {"cassette": 1}
    contents = [line["messages"][0]["content"] for line in lines[1:]]
    answered = [m[0]["content"] for m in MANY] + [PROMPT[0]["content"]]
    assert [c for c, line in zip(contents, lines[1:], strict=True) if "failure" not in line] == answered
    assert [line["failure"] for line in lines[1:] if "failure" in line] == ["rate_limit"]


def test_a_killed_recording_leaves_a_cassette(serve: Serve, table: MakeTable, tmp_path: Path) -> None:
    path, killed = tmp_path / "run.jsonl", tmp_path / "killed.jsonl"
    server = serve("sample")
    at = table(server, providers=Recording(Direct(), path))
    [answer] = at.gateway.complete("optimizer", PROMPT)
    killed.write_bytes(path.read_bytes() + b'{"model": "openai/sm')
    at.gateway.close()
    go_on = table(server, providers=Recording(Direct(), killed))
    go_on.gateway.complete("optimizer", MANY[0])
    go_on.gateway.close()
    replay = table(providers=Replay(killed), settings=settings_for(None))
    assert replay.gateway.complete("optimizer", PROMPT)[0].text == answer.text
    assert replay.gateway.complete("optimizer", MANY[0])[0].finish == "stop"


def test_an_unrecorded_request_shows_the_nearest_and_where_it_differs(
    serve: Serve, table: MakeTable, tmp_path: Path
) -> None:
    path = tmp_path / "run.jsonl"
    recorded(serve, table, path, "echo")
    after = table(providers=Replay(path), settings=settings_for(None), seed=5)
    with pytest.raises(ModelUnavailable) as raised:
        after.gateway.complete("optimizer", [{"role": "user", "content": "request 3 for é {y}"}])
    text = str(raised.value)
    assert "- request 3 for é {x}\n+ request 3 for é {y}" in text
    assert after.calls[0].failure == "unrecorded"
    assert after.calls[0].attempts == 1


def test_a_request_is_replayed_as_often_as_it_was_recorded(serve: Serve, table: MakeTable, tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    before = table(serve("sample"), providers=Recording(Direct(), path))
    first, second = (before.gateway.complete("optimizer", PROMPT)[0].text for _ in range(2))
    before.gateway.close()
    after = table(providers=Replay(path), settings=settings_for(None))
    assert [after.gateway.complete("optimizer", PROMPT)[0].text for _ in range(2)] == [first, second]
    assert first != second
    with pytest.raises(ModelUnavailable, match="more often"):
        after.gateway.complete("optimizer", PROMPT)


@pytest.mark.parametrize("behaviour", ["unauthorized", "tattler"])
def test_no_key_gets_into_a_cassette(serve: Serve, table: MakeTable, tmp_path: Path, behaviour: str) -> None:
    path = tmp_path / "run.jsonl"
    server = serve(behaviour)
    at = table(server, providers=Recording(Direct(), path, environ=ENVIRON))
    try:
        at.gateway.complete("optimizer", PROMPT)
    except ModelUnavailable as unavailable:
        assert KEY not in str(unavailable)
    at.gateway.close()
    assert server.requests[0].authorization == f"Bearer {KEY}"
    assert b"redacted" in path.read_bytes()
    assert KEY.encode() not in path.read_bytes()


@pytest.mark.parametrize("text", ["", "no json", '{"cassette": 1}\n{"model": 3}\n'])
def test_what_is_no_cassette_is_said(tmp_path: Path, text: str) -> None:
    path = tmp_path / "run.jsonl"
    path.write_text(text)
    with pytest.raises(BadRequest):
        Replay(path)


_REPLAY = """
import sys
from pathlib import Path
from secant.budget import Budget
from secant.models.cassette import Replay
from secant.models.gateway import Gateway
import json
replay = Replay(Path(sys.argv[1]))
calls = []
with Gateway({"optimizer": replay.settings()["openai/small-model"]}, replay, budget=Budget(), seed=5, environ={},
             record=calls.append) as gateway:
    answers = gateway.complete_many("optimizer", json.loads(sys.argv[2]), purpose="propose")
for call in sorted(calls, key=lambda c: c.key):
    print(call.model_dump_json())
for answer in answers:
    print(answer.model_dump_json())
"""


def test_a_replay_is_the_same_to_the_byte_under_every_hash_seed(serve: Serve, table: MakeTable, tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    recorded(serve, table, path, "rate_limited", "sample")
    outputs = {
        hashlib.sha256(
            subprocess.run(
                [sys.executable, "-c", _REPLAY, str(path), json.dumps(MANY)],
                env={**os.environ, "PYTHONHASHSEED": seed},
                capture_output=True,
                check=True,
            ).stdout
        ).hexdigest()
        for seed in ("0", "4711")
    }
    assert len(outputs) == 1
    assert hashlib.sha256(b"").hexdigest() not in outputs
