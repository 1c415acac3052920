"""The editor's models, lent to the engines of runs: what an engine asks is asked of the editor, the answer goes back.

An engine that takes a request back, or ends, has it cancelled in the editor; what the editor answers then is not heard.
Nothing is asked of an editor that lends no models. No model is chosen here, and none stands in for another.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol, cast

from pygls.exceptions import JsonRpcException, JsonRpcMethodNotFound

from secant.models.lent import Complete, LentFailure, LentText, Withdraw, answer, completed

LENDS_NONE = LentFailure(kind="not_found", message="this editor lends no models")
"""What can be done is said where the run ends, see `models.advice`."""

Send = Callable[[Mapping[str, Any]], None]
"""Writes a line to an engine."""


class Owner(Protocol):
    """The editor, as far as it has models."""

    @property
    def lends(self) -> bool: ...

    async def complete(self, identity: str, params: Mapping[str, Any]) -> object:
        """Its answer to `secant/complete`. Raises JsonRpcException. Cancelled, it does not hear of it by itself."""
        ...

    def withdraw(self, identity: str) -> None:
        """Say that nobody waits for the answer to this request any more."""
        ...


class _Asked(NamedTuple):
    """A request under way."""

    identity: str
    """Its name on the way to the editor: an engine counts its own, and there are several engines."""
    task: asyncio.Task[None]


class Desk:
    """What one run asks. Close it when the run is over."""

    def __init__(self, owner: Owner, run: str, send: Send) -> None:
        self._owner = owner
        self._run = run
        self._send = send
        self._asked: dict[str, _Asked] = {}

    def take(self, wanted: Complete | Withdraw) -> None:
        """Do what the engine asks for; its answer is sent when there is one."""
        self._withdraw(wanted.id)  # asked for again under the same id: one answer is enough
        if isinstance(wanted, Withdraw):
            return
        if not self._owner.lends:
            self._send(completed(wanted.id, LENDS_NONE))
            return
        identity = str(uuid.uuid4())
        self._asked[wanted.id] = _Asked(identity, asyncio.create_task(self._answer(wanted, identity)))

    def close(self) -> None:
        """Nobody waits for anything any more."""
        for identity in list(self._asked):
            self._withdraw(identity)

    def _withdraw(self, identity: str) -> None:
        asked = self._asked.pop(identity, None)
        if asked is not None:
            asked.task.cancel()
            self._owner.withdraw(asked.identity)

    async def _answer(self, wanted: Complete, identity: str) -> None:
        found = await self._found(identity, {**wanted.wire(), "id": identity, "run": self._run})
        self._asked.pop(wanted.id, None)
        self._send(completed(wanted.id, found))

    async def _found(self, identity: str, params: Mapping[str, Any]) -> LentText | LentFailure:
        try:
            return answer(_plain(await self._owner.complete(identity, params)))
        except JsonRpcMethodNotFound:
            return LENDS_NONE
        except JsonRpcException as error:
            return LentFailure(kind="server", message=f"the editor failed: {error.message}")


def _plain(value: object) -> object:
    """What pygls makes of JSON, an object with attributes, as JSON again."""
    fields = getattr(value, "_asdict", None)
    if isinstance(value, tuple) and fields is not None:
        return {name: _plain(each) for name, each in fields().items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in cast("Sequence[object]", value)]
    return value
