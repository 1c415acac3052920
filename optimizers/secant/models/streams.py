"""Puts a streamed chat completion together: server-sent events in, the same reply out as if it had come at once.

Bytes in, bytes out; nothing is sent or waited for here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, cast

from secant.models import http_failures
from secant.models.contract import ModelFailure
from secant.types import Usage

_STREAM = re.compile(rb"\bstream", re.IGNORECASE)


class Stream:
    """One reply as it comes in. After `done` nothing more is to be read."""

    def __init__(self) -> None:
        self.words = 0
        """Of all texts so far; what a model thinks before it answers is counted, and not kept."""
        self.done = False
        self._usage: Any = None
        self._rest = b""
        self._choices: dict[int, _Choice] = {}

    @property
    def counted(self) -> bool:
        """Whether the server said what it used."""
        return self._usage is not None

    @property
    def complete(self) -> bool:
        """Whether every text came to its end."""
        return bool(self._choices) and all(choice.finish is not None for choice in self._choices.values())

    def take(self, data: bytes) -> None:
        """The next bytes, cut anywhere. Raises ModelFailure for what is no stream of a completion, or is an error."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            name, _, value = line.rstrip(b"\r").partition(b":")
            if name == b"data" and value.strip():
                self._event(value.strip())

    def whole(self) -> bytes:
        """The reply as a server gives it that does not stream."""
        choices = [self._choices[index].as_reply(index) for index in sorted(self._choices)]
        return json.dumps({"choices": choices, "usage": self._usage}).encode()

    def _event(self, value: bytes) -> None:
        if value == b"[DONE]":
            self.done = True
            return
        try:
            data = _mapping(json.loads(value))
        except (ValueError, RecursionError) as error:
            raise ModelFailure(
                "malformed", f"a part of the streamed reply is not JSON: {error}", usage=Usage(calls=1, usd=None)
            ) from error
        if data.get("error"):
            raise http_failures.of_error(data["error"])
        self._usage = data.get("usage") or self._usage
        choices = data.get("choices")
        for choice in cast("list[Any]", choices) if isinstance(choices, list) else []:
            self._take_choice(_mapping(choice))

    def _take_choice(self, fields: Mapping[str, Any]) -> None:
        index = fields.get("index")
        known = self._choices.setdefault(index if isinstance(index, int) else 0, _Choice())
        self.words += known.take(_mapping(fields.get("delta")))
        known.finish = fields.get("finish_reason") or known.finish


class _Choice:
    """One of the texts."""

    def __init__(self) -> None:
        self.finish: Any = None
        self._pieces: dict[str, list[str]] = {"content": [], "refusal": []}
        self._inside = False
        """The last word may go on in the next piece."""

    def take(self, delta: Mapping[str, Any]) -> int:
        """Keep what a piece brings; how many words begin in it."""
        begun = 0
        for name in ("content", "refusal", "reasoning_content", "reasoning"):
            piece = delta.get(name)
            if not isinstance(piece, str) or not piece:
                continue
            if name in self._pieces:
                self._pieces[name].append(piece)
            begun += len(piece.split()) - (self._inside and not piece[0].isspace())
            self._inside = not piece[-1].isspace()
        return begun

    def as_reply(self, index: int) -> Mapping[str, Any]:
        message = {name: "".join(pieces) or None for name, pieces in self._pieces.items()}
        return {"index": index, "message": {"role": "assistant", **message}, "finish_reason": self.finish}


def refused(status: int, body: bytes) -> bool:
    """Whether a server says that it cannot stream, or not say then what it used: it is to be asked without."""
    return status in (400, 404, 405, 415, 422, 501) and _STREAM.search(body) is not None


def _mapping(value: Any) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", value) if isinstance(value, dict) else {}
