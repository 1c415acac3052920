class RunningStats:
    """Mean and variance of a stream (Welford)."""

    __slots__ = ("count", "mean", "squares")

    def __init__(self):
        self.count = 0
        self.mean = 0.0
        self.squares = 0.0

    def push(self, value):
        self.count = count = self.count + 1
        mean = self.mean
        delta = value - mean
        self.mean = mean = mean + delta / count
        self.squares += delta * (value - mean)

    def variance(self):
        return self.squares / self.count
