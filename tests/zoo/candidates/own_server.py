"""Serves itself over the loopback, as a test of a web client does."""

import socket

EXPECT = "ok"
NEEDS = "network namespace"
OTHERWISE = "fail"


def victim(n):
    with socket.create_server(("127.0.0.1", 0)) as server:
        with socket.create_connection(server.getsockname(), timeout=5) as client:
            served, _ = server.accept()
            with served:
                served.sendall(b"x" * n)
                return 2 * len(client.recv(100))
