"""Labels that ignore case."""


class Label:
    def __init__(self, text):
        self.text = text

    def __eq__(self, other):
        if not isinstance(other, Label):
            return NotImplemented
        return self.text.casefold() == other.text.casefold()

    def __hash__(self):
        return hash(self.text.casefold())


PRICES = {Label("Tea"): 3, Label("Jam"): 5}
