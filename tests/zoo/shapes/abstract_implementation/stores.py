"""Key-value stores."""

from abc import ABC, abstractmethod


class Store(ABC):
    @abstractmethod
    def get(self, key): ...

    def get_many(self, keys):
        return [self.get(key) for key in keys]


class MemoryStore(Store):
    def __init__(self, **values):
        self.values = values
        self.missed = []

    def get(self, key):
        if key not in self.values:
            self.missed.append(key)
            return None
        return self.values[key]
