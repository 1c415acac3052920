"""Streams its answer word by word, and says what it used."""

from tests.zoo.models.server import streamed


def reply(request):
    return streamed(request, *[f"w\u00f6rd{n} " for n in range(30)])
