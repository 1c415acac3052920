"""Counts."""


class Counter:
    def __init__(self):
        self.counts = {}

    def add(self, name, by=1):
        self.counts[name] = self.counts.get(name, 0) + by
        return self.counts[name]


_counter = Counter()
add = _counter.add
add_ten = (lambda add: lambda name: add(name, 10))(_counter.add)
