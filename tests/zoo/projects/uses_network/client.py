"""A client."""

import socket


def ask(port, question):
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(question.encode() + b"\n")
        return connection.makefile().readline().strip().upper()
