"""RGB colours."""


class Colour:
    def __init__(self, red, green, blue):
        self.rgb = (red, green, blue)

    @classmethod
    def parse(cls, text):
        """Reads '#rrggbb'."""
        digits = text.lstrip("#")
        if len(digits) != 6:
            raise ValueError(text)
        return cls(int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16))


class Paint(Colour):
    pass
