"""Connects to a service of this machine that listens on a path."""

import socket

EXPECT = "fail"
NEEDS = "seccomp"


def victim(n):
    with socket.socket(socket.AF_UNIX) as client:
        client.connect("service.sock")
        return 2 * n
