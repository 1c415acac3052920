"""A model server on loopback that speaks OpenAI's chat protocol and misbehaves as told.

    with serving("rate_limited", "echo") as server: ...

The first request gets the first behaviour, the last behaviour stays. A behaviour is a file of this folder with a
function `reply(request)`; what came in stands in `server.requests`. Only /v1/chat/completions and /v1/models exist.
"""

from __future__ import annotations

import importlib
import json
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

MODELS = ("small-model", "large-model")


class Reply(NamedTuple):
    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "application/json"),)
    then: str = "end"
    """`reset`: break the connection instead of answering; `stall`: half of the body, then nothing; `pause`: half of
    it, and the rest when the test lets it."""


class Received(NamedTuple):
    path: str
    authorization: str | None
    body: dict[str, Any]


def as_json(data: object, status: int = 200, *headers: tuple[str, str]) -> Reply:
    return Reply(status, json.dumps(data).encode(), (("Content-Type", "application/json"), *headers))


def error(status: int, message: str, code: str, *headers: tuple[str, str]) -> Reply:
    return as_json({"error": {"message": message, "type": code, "code": code}}, status, *headers)


def completion(request: dict[str, Any], *texts: str, finish: str = "stop", **message: Any) -> Reply:
    """A choice for each text; tokens are counted as words."""
    choices = [
        {"index": i, "finish_reason": finish, "message": {"role": "assistant", "content": text, **message}}
        for i, text in enumerate(texts)
    ]
    prompt = sum(len(m["content"].split()) for m in request["messages"])
    used = sum(len(text.split()) for text in texts)
    usage = {"prompt_tokens": prompt, "completion_tokens": used, "total_tokens": prompt + used}
    return as_json({"id": "c", "object": "chat.completion", "model": request["model"], "choices": choices, "usage": usage})


def streamed(request: dict[str, Any], *pieces: str, counted: bool = True, then: str = "end", end: bool = True) -> Reply:
    """One text in pieces, as server-sent events; with usage where `counted`, and with an end where it has one."""

    def event(data: object) -> bytes:
        return b"data: " + json.dumps({"object": "chat.completion.chunk", **data}).encode() + b"\r\n\r\n"

    parts = [event({"choices": [{"index": 0, "delta": {"content": piece}}]}) for piece in pieces]
    if end:
        parts.append(event({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}))
    if counted:
        parts.append(event({"choices": [], "usage": {"prompt_tokens": 7, "completion_tokens": len(pieces)}}))
    body = b": begins\n\n" + b"".join(parts) + (b"data: [DONE]\n\n" if end else b"")
    return Reply(200, body, (("Content-Type", "text/event-stream; charset=utf-8"),), then)


class Server:
    def __init__(self, behaviours: tuple[str, ...]) -> None:
        self.requests: list[Received] = []
        self.arrived = threading.Event()
        """Set as soon as a request for a completion is in."""
        self._more = threading.Condition()
        self.released = threading.Event()
        """Stalled replies, and those of `held`, wait for it."""
        self._replies = [importlib.import_module(f"tests.zoo.models.{name}").reply for name in behaviours]
        self._lock = threading.Lock()
        self.connections: list[socket.socket] = []
        handler = type("_BoundHandler", (_Handler,), {"owner": self})
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._http.daemon_threads = True
        self.root = f"http://127.0.0.1:{self._http.server_address[1]}"
        self.base_url = f"{self.root}/v1"
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    def answer(self, received: Received) -> Reply:
        with self._lock:
            reply = self._replies[min(len(self.requests), len(self._replies) - 1)]
            self.requests.append(received)
        self.arrived.set()
        with self._more:
            self._more.notify_all()
        return reply({**received.body, "_authorization": received.authorization, "_released": self.released})

    def wait_for(self, count: int, seconds: float = 60.0) -> None:
        """Until so many requests for completions are in. Raises TimeoutError."""
        with self._more:
            if not self._more.wait_for(lambda: len(self.requests) >= count, seconds):
                raise TimeoutError(f"{len(self.requests)} requests came, not {count}")

    def close(self) -> None:
        self.released.set()
        self._http.shutdown()
        self._http.server_close()
        for connection in self.connections:  # those that a client keeps open
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    owner: Server
    protocol_version = "HTTP/1.1"

    def setup(self) -> None:
        super().setup()
        self.owner.connections.append(self.connection)

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        if self.path == "/v1/models":
            self._send(as_json({"object": "list", "data": [{"id": name} for name in MODELS]}))
        else:
            self._send(error(404, f"no route {self.path}", "no_route"))

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path != "/v1/chat/completions":
            self._send(error(404, f"no route {self.path}", "no_route"))
            return
        self._send(self.owner.answer(Received(self.path, self.headers.get("Authorization"), body)))

    def _send(self, reply: Reply) -> None:
        if reply.then == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
            self.close_connection = True
            return
        try:
            self.send_response(reply.status)
            for name, value in reply.headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            sent = len(reply.body) // 2 if reply.then in ("stall", "pause") else 0
            if sent:
                self.wfile.write(reply.body[:sent])
                self.wfile.flush()
                self.owner.released.wait()
            if reply.then == "stall":
                self.close_connection = True
                return
            self.wfile.write(reply.body[sent:])
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def finish(self) -> None:
        try:
            super().finish()
        except (OSError, ValueError):
            pass


@contextmanager
def serving(*behaviours: str) -> Iterator[Server]:
    server = Server(behaviours)
    try:
        yield server
    finally:
        server.close()
