"""An engine that does what a test tells it, over a socket: what comes from there goes to stdout, stdin goes there.

`!exit N`, `!crash` and `!say TEXT` (to stderr) are the exceptions. Like the real one it ends when its stdin does,
unless it was told `!deaf`.
"""

import os
import select
import signal
import socket
import sys

wire = socket.socket(socket.AF_UNIX)
wire.connect("\0" + sys.argv[1])
lines = wire.makefile("rb", buffering=0)
heard = [0, wire]


def obey(line: bytes) -> None:
    word, _, rest = line.strip().partition(b" ")
    if not line or word == b"!exit":
        sys.exit(int(rest or 0))
    if word == b"!crash":
        os.kill(os.getpid(), signal.SIGKILL)
    elif word == b"!deaf":
        heard.remove(0)
    elif word == b"!say":
        os.write(2, rest + b"\n")
    else:
        os.write(1, line)


while True:
    ready, _, _ = select.select(heard, [], [])
    if 0 in ready:
        data = os.read(0, 1 << 16)
        if not data:
            sys.exit(3)
        wire.sendall(data)
    if wire in ready:
        obey(lines.readline())
