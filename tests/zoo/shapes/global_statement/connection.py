"""One shared connection, made on first use."""


def connect(make=dict):
    global _shared
    try:
        return _shared
    except NameError:
        _shared = make()
        return _shared


def disconnect():
    globals().pop("_shared", None)
