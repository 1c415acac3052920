"""A ring of values: indices wrap around."""


class Ring:
    def __init__(self, values):
        self.values = list(values)

    def __len__(self):
        return len(self.values)

    def __getitem__(self, index):
        if isinstance(index, slice):
            return Ring(self.values[index])
        if not self.values:
            raise IndexError("empty ring")
        return self.values[index % len(self.values)]

    def __iter__(self):
        return (self[index] for index in range(len(self)))
