"""A stack."""


class Stack:
    def __init__(self, limit=3):
        self.items, self.limit = [], limit

    def push(self, item):
        if len(self.items) >= self.limit:
            raise OverflowError(self.limit)
        self.items.append(item)

    def pop(self, default=None):
        return self.items.pop() if self.items else default
