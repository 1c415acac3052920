"""A vector of two numbers."""


class Vector:
    __slots__ = ("__length", "x", "y")

    def __init__(self, x, y):
        self.x, self.y = x, y
        self.__length = None

    def length(self):
        if self.__length is None:
            self.__length = (self.x**2 + self.y**2) ** 0.5
        return self.__length

    def scale(self, factor=2):
        self.x *= factor
        self.y *= factor
        self.__length = None
        return self
