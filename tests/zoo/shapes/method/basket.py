"""A shopping basket."""


class Basket:
    def __init__(self):
        self.lines = []

    def add(self, name, cents, count=1):
        self.lines.append((name, cents, count))
        return self

    def total(self, voucher=0):
        """Sum in cents, never below zero."""
        gross = 0
        for _, cents, count in self.lines:
            gross += cents * count
        return max(0, gross - voucher)
