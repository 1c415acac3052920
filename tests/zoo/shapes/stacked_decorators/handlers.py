"""Handlers of requests."""

import functools

ROUTES = {}


def route(path, **options):
    def register(function):
        ROUTES[path] = (function, options)
        return function

    return register


def clamped(low, high):
    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            return max(low, min(high, function(*args, **kwargs)))

        return wrapper

    return decorate


class Handler:
    unit = 1

    @classmethod
    @route("/area", method="GET")
    @clamped(0, 100)
    def area(cls, width, height=1):
        return width * height * cls.unit


class LargeHandler(Handler):
    unit = 10
