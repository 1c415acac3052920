"""A cache that must be closed."""


class Cache:
    def __init__(self):
        self.values, self.open = {}, True

    def close(self):
        """Number of values that were dropped."""
        dropped = len(self.values)
        self.values.clear()
        self.open = False
        return dropped
