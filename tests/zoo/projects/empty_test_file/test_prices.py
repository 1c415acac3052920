from prices import total  # noqa: F401
