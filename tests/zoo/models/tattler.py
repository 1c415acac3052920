"""Answers with the key that it was given."""

from tests.zoo.models.server import completion


def reply(request):
    return completion(request, f"your key is {request['_authorization']}")
