"""Kreise."""

π = 3.14159


class Kreis:
    def __init__(self, größe):
        self.größe = größe

    def fläche(self, ﬁx=0):
        """Inhalt."""
        if self.größe < 0:
            raise ValueError("Größe unter null")
        return π * self.größe**2 + ﬁx
