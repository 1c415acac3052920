"""Streams a word, then an error."""

from tests.zoo.models.server import streamed


def reply(request):
    begun = streamed(request, "word ", counted=False, end=False)
    return begun._replace(body=begun.body + b'data: {"error": {"message": "overloaded", "code": 503}}\n\n')
