"""Messages."""


class Message:
    class Header:
        def __init__(self, fields):
            self.fields = fields

        def size(self, line_end=2):
            return sum(len(f"{name}: {value}") + line_end for name, value in self.fields.items())

    def __init__(self, body, **fields):
        self.body, self.header = body, self.Header(fields)

    def size(self):
        return self.header.size() + len(self.body)
