"""Readers."""

from abc import ABC, abstractmethod


class Reader(ABC):
    @abstractmethod
    def read(self, size):
        """At most size bytes."""
        raise NotImplementedError


class Zeros(Reader):
    def read(self, size):
        return bytes(size)
