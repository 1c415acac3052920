"""Streams a word, then an error that repeats the key."""

import json

from tests.zoo.models.server import streamed


def reply(request):
    begun = streamed(request, "word ", counted=False, end=False)
    error = {"error": {"message": f"overloaded, {request['_authorization']}", "code": 503}}
    return begun._replace(body=begun.body + b"data: " + json.dumps(error).encode() + b"\n\n")
