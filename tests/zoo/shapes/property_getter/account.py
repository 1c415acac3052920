"""Accounts."""


class Account:
    def __init__(self, cents=0):
        self._entries = [cents]

    @property
    def balance(self):
        """Cents."""
        return sum(self._entries)

    @balance.setter
    def balance(self, cents):
        if cents < 0:
            raise ValueError("overdrawn")
        self._entries = [cents]

    def book(self, cents):
        self._entries.append(cents)
