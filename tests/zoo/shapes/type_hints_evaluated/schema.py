"""Checks arguments by their annotations."""

import functools
import inspect


def checked(function):
    hints = {name: kind for name, kind in function.__annotations__.items() if name != "return"}
    signature = inspect.signature(function)

    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        for name, value in signature.bind(*args, **kwargs).arguments.items():
            if name in hints and not isinstance(value, hints[name]):
                raise TypeError(f"{name} must be {hints[name].__name__}")
        return function(*args, **kwargs)

    return wrapper


@checked
def validate(age: int, name: str = "nobody") -> bool:
    return 0 <= age < 150 and bool(name)
