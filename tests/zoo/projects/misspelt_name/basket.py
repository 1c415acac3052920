"""Baskets."""


class Basket:
    def __init__(self):
        self.prices = []

    def total(self):
        return sum(self.prices)

    def count(self):
        return len(self.prices)
