"""Readers."""

from typing import Protocol


class Reader(Protocol):
    def read(self, size: int) -> bytes:
        """At most size bytes."""
        ...


class Zeros:
    def read(self, size: int) -> bytes:
        return bytes(size)
