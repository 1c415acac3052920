"""A launcher."""

import sys


def launch(arguments, known=("start", "stop")):
    if not arguments:
        sys.exit("usage: launcher start|stop")
    if arguments[0] not in known:
        sys.exit(2)
    return arguments[0]
