"""A model server on loopback that answers after a set time, in a process of its own, so that its CPU is nobody else's.

It speaks OpenAI's chat protocol. What it answers was written beforehand, for each session: a request whose last message
asks for a text between tags `<IMPROVED...>` gets the next text of the session's list, any other request the critique.
Both Secant's and TextGrad's requests are of that form. Tokens are characters divided by four, whoever asks.

    with serving() as server: session = server.session(Script(texts=("def f(): ...",)))
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from pydantic import TypeAdapter

from benchmarks._support import ROOT, Frozen

CRITIQUE = (
    "The subtractive pairs are missing. On 4 the loop takes the letter for 1 four times and gives IIII, where the "
    "tests want IV; on 9, 40, 90, 400 and 900 the same happens one place further up. What is right already, the order "
    "of the values and the loop itself, must stay as it is."
)
TAG = re.compile(r"<IMPROVED(\w*)>")
CHARACTERS_PER_TOKEN = 4


class Script(Frozen):
    """What a session answers, and when."""

    texts: tuple[str, ...] = ("nothing new\n",)
    """New versions in the order in which they are given out; the last stays."""
    critique: str = CRITIQUE
    seconds: float = 0.0
    """From the arrival of a request to the first byte of its answer."""
    single: bool = False
    """As some local servers: one text for each request, whatever `n` it names."""
    pieces: int = 0
    """In so many pieces an answer comes where a stream is asked for; 0: as a whole, whatever is asked for."""


class Received(Frozen):
    """One request, as the server saw it."""

    arrived: float
    """By the clock that all processes of the machine share (time.monotonic)."""
    answered: float
    kind: str
    """`update` or `critique`."""
    n: int
    """Texts that were given."""
    prompt_tokens: int
    completion_tokens: int


RECEIVED = TypeAdapter(tuple[Received, ...])


class Session:
    """One script under an address of its own."""

    def __init__(self, root: str, name: str) -> None:
        self._url = f"{root}/sessions/{name}"
        self.base_url = f"{self._url}/v1"

    def received(self) -> Sequence[Received]:
        """All requests up to now, in the order of arrival."""
        return RECEIVED.validate_json(fetched(self._url))


class ModelServer:
    """The client's side of the process."""

    def __init__(self, root: str) -> None:
        self._root = root

    def session(self, script: Script) -> Session:
        return Session(self._root, json.loads(fetched(f"{self._root}/sessions", script.model_dump_json().encode())))


def fetched(url: str, body: bytes | None = None) -> bytes:
    """Past any proxy of the environment: the server is on this machine."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with direct.open(urllib.request.Request(url, data=body), timeout=30) as response:
        return response.read()


@contextmanager
def serving(core: int | None = None) -> Generator[ModelServer]:
    """The server, on a core of its own where one is named. It ends with the block, and with whoever started it."""
    command = [sys.executable, "-m", "benchmarks.model_server", *(() if core is None else (str(core),))]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            root = process.stdout.readline().strip()
            if not root:
                raise RuntimeError(f"the model server did not start (exit code {process.wait()})")
            yield ModelServer(root)
        finally:
            process.stdin.close()


# ---- the child's side ------------------------------------------------------------------------------------------------


class Playing:
    """A script under way."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.received: list[Received] = []
        self._given = 0

    def texts(self, request: Mapping[str, Any]) -> tuple[str, Sequence[str]]:
        """The kind of a request, and the answers to it."""
        prompt = _text(request["messages"][-1])
        n = 1 if self.script.single else int(request.get("n") or 1)
        tag = TAG.search(prompt)
        if tag is None:
            return "critique", [self.script.critique] * n
        return "update", [self._tagged(tag[1], noted=f"<NOTE{tag[1]}>" in prompt) for _ in range(n)]

    def _tagged(self, name: str, *, noted: bool) -> str:
        text = self.script.texts[min(self._given, len(self.script.texts) - 1)]
        self._given += 1
        note = f"<NOTE{name}>\nOne more subtractive pair.\n</NOTE{name}>\n" if noted else ""
        return f"{note}<IMPROVED{name}>\n{text}</IMPROVED{name}>"

    async def answer(self, request: Mapping[str, Any]) -> dict[str, Any]:
        arrived = time.monotonic()
        kind, texts = self.texts(request)
        prompt = _tokens("".join(map(_text, request["messages"])))
        completion = sum(map(_tokens, texts))
        await asyncio.sleep(arrived + self.script.seconds - time.monotonic())
        self.received.append(
            Received(
                arrived=arrived,
                answered=time.monotonic(),
                kind=kind,
                n=len(texts),
                prompt_tokens=prompt,
                completion_tokens=completion,
            )
        )
        return {
            "id": f"chatcmpl-{len(self.received)}",
            "object": "chat.completion",
            "created": int(time.time()),
            "model": request["model"],
            "choices": [
                {"index": i, "finish_reason": "stop", "message": {"role": "assistant", "content": text}}
                for i, text in enumerate(texts)
            ],
            "usage": {
                "prompt_tokens": prompt,
                "completion_tokens": completion,
                "total_tokens": prompt + completion,
            },
        }


def streamed(answer: Mapping[str, Any], pieces: int) -> Sequence[bytes]:
    """The server-sent events of an answer: each text in so many pieces, then what it used, then the end."""
    head = {"id": answer["id"], "object": "chat.completion.chunk", "created": answer["created"], "model": "any"}
    events: list[Mapping[str, Any]] = []
    for choice in answer["choices"]:
        text, index = choice["message"]["content"], choice["index"]
        length = max(1, -(-len(text) // pieces))
        for start in range(0, len(text), length):
            delta = {"index": index, "delta": {"content": text[start : start + length]}, "finish_reason": None}
            events.append({**head, "choices": [delta]})
        events.append({**head, "choices": [{"index": index, "delta": {}, "finish_reason": "stop"}]})
    events.append({**head, "choices": [], "usage": answer["usage"]})
    return [*(b"data: " + json.dumps(event).encode() + b"\n\n" for event in events), b"data: [DONE]\n\n"]


def _text(message: Mapping[str, Any]) -> str:
    """The text of a message, which may come in parts."""
    content = message["content"]
    return content if isinstance(content, str) else "".join(str(part.get("text", "")) for part in content)


def _tokens(text: str) -> int:
    return -(-len(text) // CHARACTERS_PER_TOKEN)


async def serve() -> None:
    """Print the address, then answer until stdin ends."""
    from aiohttp import web  # noqa: PLC0415 - the client's side does without it

    sessions: dict[str, Playing] = {}

    async def opened(request: web.Request) -> web.Response:
        name = str(len(sessions))
        sessions[name] = Playing(Script.model_validate_json(await request.read()))
        return web.json_response(name)

    async def told(request: web.Request) -> web.Response:
        received = sorted(sessions[request.match_info["name"]].received, key=lambda one: one.arrived)
        return web.Response(body=RECEIVED.dump_json(tuple(received)), content_type="application/json")

    async def completed(request: web.Request) -> web.StreamResponse:
        playing, body = sessions[request.match_info["name"]], await request.json()
        answer = await playing.answer(body)
        if not (body.get("stream") and playing.script.pieces):
            return web.json_response(answer)
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        for event in streamed(answer, playing.script.pieces):
            await response.write(event)
        await response.write_eof()
        return response

    app = web.Application(client_max_size=64 << 20)
    app.router.add_post("/sessions", opened)
    app.router.add_get("/sessions/{name}", told)
    app.router.add_post("/sessions/{name}/v1/chat/completions", completed)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    print(f"http://{host}:{port}", flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        os.sched_setaffinity(0, {int(sys.argv[1])})
    asyncio.run(serve())
