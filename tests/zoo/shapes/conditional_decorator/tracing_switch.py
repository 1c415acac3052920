"""Traces calls when asked to."""

import os

calls = []


def traced(function):
    def wrapper(*args):
        calls.append(function.__name__)
        return function(*args)

    return wrapper


def untouched(function):
    function.traced = False
    return function


@(traced if os.environ.get("ZOO_TRACE") == "1" else untouched)
def area(a, b=None):
    return a * (a if b is None else b)
