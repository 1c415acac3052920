"""Streams half of its answer and ends as if that were all."""

from tests.zoo.models.server import streamed


def reply(request):
    return streamed(request, *["word "] * 20, counted=False, end=False)
