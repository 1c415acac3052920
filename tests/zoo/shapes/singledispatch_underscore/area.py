"""Areas, by type of shape."""

from collections import namedtuple
from functools import singledispatch

Circle = namedtuple("Circle", "radius")
Square = namedtuple("Square", "side")


@singledispatch
def area(shape):
    raise TypeError(type(shape).__name__)


@area.register(Circle)
def _(shape):
    return 3 * shape.radius**2


@area.register(Square)
def _(shape):
    return shape.side**2


@area.register(list)
def _(shape):
    return sum(area(part) for part in shape)
