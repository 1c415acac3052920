"""Answers, and closes the connection."""

from tests.zoo.models.server import completion


def reply(request):
    return completion(request, "goodbye")._replace(headers=(("Content-Type", "application/json"), ("Connection", "close")))
