"""Shapes."""

from abc import ABC, abstractmethod


class Shape(ABC):
    @abstractmethod
    def area(self): ...

    def describe(self, digits=1):
        """Name and area."""
        return f"{type(self).__name__} of {round(self.area(), digits)}"


class Square(Shape):
    def __init__(self, side):
        self.side = side

    def area(self):
        return self.side**2


class Nothing(Shape):
    def area(self):
        return 0.0

    def describe(self, digits=0):
        return "no " + super().describe(digits)
