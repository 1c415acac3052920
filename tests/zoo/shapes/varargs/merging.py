"""Merges settings."""


def merge(*layers, **overrides):
    """Later layers win; None removes a key."""
    merged = {}
    for layer in (*layers, overrides):
        merged.update(layer)
    return {key: value for key, value in merged.items() if value is not None}
