"""Requests in, responses out: one JSON object per line over two pipes that only the worker itself holds.

A request has `id` and `op`; every response repeats the `id`. A long operation sends several responses, the last one
with `"last": true`. Forked children close both descriptors before they run anything.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Mapping
from typing import Any

Request = Mapping[str, Any]
"""A request of the engine's, as it came: `id`, `op`, and what the operation asks for."""


class Channel:
    """The worker's end of the two pipes."""

    def __init__(self, requests: int, responses: int) -> None:
        self._requests = requests
        self._responses = responses
        self._reader = os.fdopen(os.dup(requests), "rb")
        os.set_inheritable(requests, False)
        os.set_inheritable(responses, False)

    def receive(self) -> Request | None:
        """The next request, or None when the engine is gone."""
        line = self._reader.readline()
        return json.loads(line) if line.endswith(b"\n") else None

    def send(self, request: Request, last: bool = True, **fields: Any) -> None:
        """Answer `request`."""
        fields["id"] = request["id"]
        fields["last"] = last
        data = json.dumps(fields, ensure_ascii=True, default=repr).encode("ascii") + b"\n"
        view = memoryview(data)
        while view:
            view = view[os.write(self._responses, view) :]

    def close(self) -> None:
        """Give both pipes up; in a child, before a candidate runs."""
        for descriptor in (self._reader.fileno(), self._requests, self._responses):
            with contextlib.suppress(OSError):
                os.close(descriptor)
