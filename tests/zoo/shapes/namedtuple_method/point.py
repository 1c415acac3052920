"""Points."""

from typing import NamedTuple


class Point(NamedTuple):
    x: int
    y: int = 0

    def shifted(self, dx=0, dy=0):
        return self._replace(x=self.x + dx, y=self.y + dy)


ORIGIN = Point(0)
