"""Streams half of its answer, then nothing more."""

from tests.zoo.models.server import streamed


def reply(request):
    return streamed(request, *["word "] * 40, then="stall")
