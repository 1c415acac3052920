"""A client and a server in one event loop, without pipes: the whole protocol, serialization too, in milliseconds."""

from __future__ import annotations

import asyncio
import json

from pygls.lsp.client import BaseLanguageClient
from pygls.protocol import JsonRPCProtocol

from secant_server.server import Server


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
    client = BaseLanguageClient("fake editor", "1")
    client.protocol.set_writer(Loopback(server.protocol), include_headers=False)
    server.protocol.set_writer(Loopback(client.protocol), include_headers=False)
    return client
