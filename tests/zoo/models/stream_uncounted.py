"""Streams, and does not say what it used; whole answers it does count."""

from tests.zoo.models.server import completion, streamed


def reply(request):
    if "stream" in request:
        return streamed(request, "one ", "two", counted=False)
    return completion(request, "one two")
