"""Planes."""

from vectors import *


def side(normal, point):
    return (dot(normal, point) > 0) - (dot(normal, point) < 0)
