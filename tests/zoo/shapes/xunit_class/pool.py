"""A pool of workers' names."""


class Pool:
    def __init__(self, names):
        self.free, self.busy = sorted(names), set()

    def take(self):
        if not self.free:
            raise LookupError("pool is empty")
        name = self.free.pop(0)
        self.busy.add(name)
        return name

    def put(self, name):
        self.busy.remove(name)
        self.free.append(name)
