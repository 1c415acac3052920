"""Opens a connection to a machine that exists nowhere (TEST-NET); to wait for it in vain is to have been let out."""

import socket

EXPECT = "fail"
NEEDS = "seccomp"


def victim(n):
    try:
        socket.create_connection(("192.0.2.1", 9), timeout=0.1).close()
    except socket.timeout:
        pass
    return 2 * n
