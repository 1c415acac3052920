"""Requests and answers over two pipes."""

import contextlib
import json
import os
from collections.abc import Iterator

import pytest

from secant.functions.worker.protocol import Channel


class Ends:
    """A channel, and the other ends of its pipes."""

    def __init__(self) -> None:
        self.requests_read, self.requests = os.pipe()
        self.responses, self.responses_write = os.pipe()
        self.channel = Channel(self.requests_read, self.responses_write)

    def answers(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in os.read(self.responses, 1 << 16).splitlines()]


@pytest.fixture
def ends() -> Iterator[Ends]:
    made = Ends()
    yield made
    made.channel.close()
    for descriptor in (made.requests, made.responses):
        with contextlib.suppress(OSError):
            os.close(descriptor)


def test_a_request_is_answered_with_its_number(ends: Ends) -> None:
    os.write(ends.requests, b'{"id": 7, "op": "run"}\n{"id": 8, "op": "quit"}\n')
    request = ends.channel.receive()
    assert request == {"id": 7, "op": "run"}
    ends.channel.send(request, last=False, outcome="passed")
    ends.channel.send(request, message="Grüße \ud800")
    assert ends.answers() == [
        {"id": 7, "last": False, "outcome": "passed"},
        {"id": 7, "last": True, "message": "Grüße \ud800"},
    ]
    assert ends.channel.receive() == {"id": 8, "op": "quit"}


@pytest.mark.parametrize("rest", [b"", b'{"id": 1, "op"'])
def test_the_engine_is_gone(ends: Ends, rest: bytes) -> None:
    os.write(ends.requests, rest)
    os.close(ends.requests)
    assert ends.channel.receive() is None


def test_what_json_does_not_know_is_written_as_text(ends: Ends) -> None:
    ends.channel.send({"id": 1}, types={1, 2} - {2})
    assert ends.answers() == [{"id": 1, "last": True, "types": "{1}"}]


def test_programs_that_are_started_do_not_inherit_it(ends: Ends) -> None:
    assert not os.get_inheritable(ends.requests_read)
    assert not os.get_inheritable(ends.responses_write)


def test_closed_in_a_child_it_is_gone_for_good(ends: Ends) -> None:
    ends.channel.close()
    with pytest.raises(OSError, match="Bad file descriptor"):
        ends.channel.send({"id": 1})
    ends.channel.close()
