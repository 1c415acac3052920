"""Fields with bounds."""


class Bounded:
    def __init__(self, low, high):
        self.low, self.high = low, high

    def __set_name__(self, owner, name):
        self.name = name

    def __get__(self, instance, owner=None):
        return self if instance is None else instance.__dict__[self.name]

    def __set__(self, instance, value):
        if not self.low <= value <= self.high:
            raise ValueError(f"{self.name} must be in {self.low}..{self.high}")
        instance.__dict__[self.name] = value


class Pixel:
    red = Bounded(0, 255)
    alpha = Bounded(0, 1)

    def __init__(self, red, alpha=1):
        self.red, self.alpha = red, alpha
