"""Circles."""


class Circle:
    def __init__(self, radius):
        self.radius = radius

    def _area(self):
        """Rounded area."""
        if self.radius < 0:
            return 0
        return round(3.14159 * self.radius**2, 2)

    area = property(_area)
