"""Reads settings."""

import functools


def logged(function):
    """Keeps the arguments of every call."""

    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        wrapper.calls.append((args, kwargs))
        return function(*args, **kwargs)

    wrapper.calls = []
    return wrapper


@logged
def parse_port(text, default=80):
    """A port number."""
    if not text:
        return default
    port = int(text)
    if not 0 < port < 65536:
        raise ValueError(f"not a port: {port}")
    return port
