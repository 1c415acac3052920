"""Answers only when the test lets it."""

from tests.zoo.models.server import completion


def reply(request):
    request["_released"].wait()
    return completion(request, "late")
