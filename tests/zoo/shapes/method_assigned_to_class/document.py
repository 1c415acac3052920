"""Documents."""


class Document:
    def __init__(self, *paragraphs):
        self.paragraphs = paragraphs
