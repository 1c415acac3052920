"""A client and a server in one event loop, without pipes: the whole protocol, serialization too, in milliseconds.

What turns messages into objects and back writes code for each type that it meets, which takes four fifths of the time
of a short session. It holds nothing of a session, so all of them share one.
"""

from __future__ import annotations

import asyncio
import copy
import functools
import json

import pytest_lsp
from lsprotocol import types as lsp
from pygls.lsp.client import BaseLanguageClient
from pygls.protocol import JsonRPCProtocol, default_converter

from secant_server.server import Server

converter = functools.cache(default_converter)


@functools.cache
def _read(name: str) -> lsp.ClientCapabilities:
    return pytest_lsp.client_capabilities(name)


def client_capabilities(name: str) -> lsp.ClientCapabilities:
    """Of an editor by name, to be changed at will."""
    return copy.deepcopy(_read(name))


class Loopback:
    """A writer of pygls that hands each message to the peer at the next turn of the loop."""

    def __init__(self, peer: JsonRPCProtocol) -> None:
        self._peer = peer

    def write(self, data: bytes) -> None:
        asyncio.get_running_loop().call_soon(self._deliver, data)

    def close(self) -> None:
        pass

    def _deliver(self, data: bytes) -> None:
        self._peer.handle_message(json.loads(data, object_hook=self._peer.structure_message))


def connected(server: Server) -> BaseLanguageClient:
    """A client of the server."""
    client = BaseLanguageClient("fake editor", "1", converter_factory=converter)
    server.protocol._converter = converter()
    client.protocol.set_writer(Loopback(server.protocol), include_headers=False)
    server.protocol.set_writer(Loopback(client.protocol), include_headers=False)
    return client
