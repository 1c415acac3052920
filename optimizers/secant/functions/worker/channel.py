"""How a result leaves a child: through memory shared with its parent, not through a descriptor.

A candidate can name, close, flood or forge every descriptor it inherits; this region has none. A record carries its
length and a keyed digest, and the key is drawn for each child, so torn, stale or foreign content reads as no result.
A candidate runs in the same interpreter as the code that reports on it and might still find the key there: the region
keeps accidents and forged frames out; that a winner is confirmed in a fresh process keeps the rest out.
"""

from __future__ import annotations

import mmap
import struct
from hashlib import blake2b
from hmac import compare_digest

_HEADER = struct.Struct("<8sQ32s")
_MAGIC = b"secant 1"


class ResultRegion:
    """Shared memory for one record at a time, made before the fork. Pages cost nothing until they are written."""

    def __init__(self, size: int = 1 << 24) -> None:
        self._memory = mmap.mmap(-1, size)
        self.capacity = size - _HEADER.size

    def clear(self) -> None:
        """Forget the record, before the next child is forked."""
        self._memory[: _HEADER.size] = bytes(_HEADER.size)

    def write(self, payload: bytes, key: bytes) -> None:
        """In the child: put `payload` there, in place of an earlier one. Raises ValueError if it does not fit."""
        if len(payload) > self.capacity:
            raise ValueError(f"a result of {len(payload)} bytes does not fit into a region of {self.capacity}")
        self.clear()
        self._memory[_HEADER.size : _HEADER.size + len(payload)] = payload
        self._memory[: _HEADER.size] = _HEADER.pack(_MAGIC, len(payload), _digest(payload, key))

    def read(self, key: bytes) -> bytes | None:
        """In the parent: the payload that was written with this key, or None."""
        magic, length, digest = _HEADER.unpack(self._memory[: _HEADER.size])
        if magic != _MAGIC or length > self.capacity:
            return None
        payload = self._memory[_HEADER.size : _HEADER.size + length]
        return payload if compare_digest(digest, _digest(payload, key)) else None

    def close(self) -> None:
        """Give the memory back."""
        self._memory.close()


def _digest(payload: bytes, key: bytes) -> bytes:
    return blake2b(payload, key=key, digest_size=32).digest()
