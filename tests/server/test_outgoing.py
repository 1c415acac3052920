"""What is sent to an editor that has gone is lost without a word, once and for all."""

from __future__ import annotations

import os

from secant_server.outgoing import Outgoing


def test_what_is_sent_arrives_until_it_is_closed() -> None:
    read, write = os.pipe()
    told: list[None] = []
    out = Outgoing(os.fdopen(write, "wb"), lambda: told.append(None))
    out.write(b"one")
    out.close()
    out.write(b"two")
    out.close()
    with os.fdopen(read, "rb") as reader:
        assert reader.read() == b"one"
    assert told == []


def test_an_editor_that_reads_no_more_has_gone() -> None:
    read, write = os.pipe()
    told: list[None] = []
    out = Outgoing(os.fdopen(write, "wb"), lambda: told.append(None))
    os.close(read)
    for _ in range(2):
        out.write(b"one")
    assert told == [None]
