"""Finds model servers on this machine by one short GET each, for people who ask what there is. Sends no prompt, no key.

Standard library only, so that looking costs no client library; it never looks beyond the addresses that it is given.
"""

from __future__ import annotations

import http.client
import socket
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import repeat
from typing import NamedTuple
from urllib.parse import urlsplit

from secant.models.contract import ModelSettings
from secant.models.environment import openai_base_url
from secant.models.openai_provider import LOOPBACK, listed
from secant.types import Frozen

_PATIENCE_SECONDS = 0.5
_LARGEST = 1 << 20


class Place(NamedTuple):
    """Where a server may be."""

    name: str
    base_url: str


USUAL: Sequence[Place] = (
    Place("Ollama", "http://127.0.0.1:11434/v1"),
    Place("llama.cpp", "http://127.0.0.1:8080/v1"),
    Place("vLLM", "http://127.0.0.1:8000/v1"),
    Place("LM Studio", "http://127.0.0.1:1234/v1"),
)


class LocalServer(Frozen):
    """A server that answered, and the models that it lists."""

    name: str
    base_url: str
    models: tuple[str, ...] = ()

    def settings(self, model: str) -> ModelSettings:
        """How this model of it is asked. It needs no key."""
        return ModelSettings(model=f"openai/{model}", base_url=self.base_url)


def places(environ: Mapping[str, str]) -> Sequence[Place]:
    """The usual places, and the one that the user's environment names, if that is on this machine."""
    own = openai_base_url(environ)
    if own is None or urlsplit(own).hostname not in LOOPBACK or own in {p.base_url for p in USUAL}:
        return USUAL
    return (Place("OPENAI_BASE_URL", own), *USUAL)


def found(where: Sequence[Place], *, timeout: float = _PATIENCE_SECONDS) -> Sequence[LocalServer]:
    """The servers that answer at these places within `timeout` seconds, in the order given."""
    if not where:
        return ()
    with ThreadPoolExecutor(max_workers=len(where)) as threads:
        answers = list(threads.map(_asked, where, repeat(timeout)))
    return [answer for answer in answers if answer is not None]


def _asked(place: Place, timeout: float) -> LocalServer | None:
    """None for whatever is no model server: nobody there, another protocol, a web page."""
    try:
        address = urlsplit(place.base_url)
        kind = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
        connection = kind(address.hostname or "", address.port, timeout=timeout)
        connection.connect()
        watch = threading.Timer(timeout, _hang_up, (connection.sock,))
        watch.start()
        try:
            connection.request("GET", f"{address.path.rstrip('/')}/models", headers={"Accept": "application/json"})
            response = connection.getresponse()
            names = listed(response.read(_LARGEST)) if response.status == 200 else None
        finally:
            watch.cancel()
            connection.close()
    except (OSError, http.client.HTTPException, ValueError):
        return None
    return None if names is None else LocalServer(name=place.name, base_url=place.base_url, models=tuple(names))


def _hang_up(connection: socket.socket) -> None:
    """End what is being read: a server that sends a byte now and then would never run into a timeout of the socket."""
    with suppress(OSError):  # it is over already
        connection.shutdown(socket.SHUT_RDWR)
