"""An old interface."""

import warnings


def area(width, height=None, *, square=None):
    if square is not None:
        warnings.warn("square= is deprecated", DeprecationWarning, stacklevel=2)
        width = height = square
    if height is None:
        warnings.warn("no height: a square?", UserWarning, stacklevel=2)
        height = width
    if width < 0 or height < 0:
        raise ValueError(f"negative side: {min(width, height)}")
    return width * height
