"""Connects to a server of this machine."""

import socket

EXPECT = "fail"
NEEDS = "seccomp"


def victim(n):
    with open("server-port") as file:
        port = int(file.read())
    with socket.create_connection(("127.0.0.1", port), timeout=1):
        return 2 * n
