"""A report over figures."""

from functools import cached_property


class Report:
    def __init__(self, figures):
        self.figures = list(figures)
        self.computed = 0

    @cached_property
    def summary(self):
        self.computed += 1
        return {"low": min(self.figures), "high": max(self.figures), "mean": sum(self.figures) / len(self.figures)}
