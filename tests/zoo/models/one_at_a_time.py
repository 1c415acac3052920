"""Knows no n: one answer, whatever was asked; it says which seed it was given."""

from tests.zoo.models.server import completion


def reply(request):
    return completion(request, f"seed {request.get('seed')}")
