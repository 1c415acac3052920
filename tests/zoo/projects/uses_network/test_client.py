import socket
import threading

import pytest
from client import ask


@pytest.fixture
def port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(5)

        def answer():
            connection, _ = server.accept()
            with connection:
                question = connection.makefile().readline()
                connection.sendall(b"you said " + question.encode())

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        thread.join(5)


def test_answers(port):
    assert ask(port, "1").endswith("1")


def test_answer_is_not_changed(port):
    assert ask(port, "tea") == "you said tea"
