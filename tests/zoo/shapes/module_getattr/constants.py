"""Constants, some of them old."""

import warnings

SPEED = 299_792_458
_OLD = {"LIGHT": "SPEED"}


def __getattr__(name):
    if name in _OLD:
        warnings.warn(f"{name} is now {_OLD[name]}", DeprecationWarning, stacklevel=2)
        return globals()[_OLD[name]]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
