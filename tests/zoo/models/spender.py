"""Writes as much as it may, a word a token, for each of n."""

from tests.zoo.models.server import completion


def reply(request):
    return completion(request, *["w " * request["max_tokens"]] * request.get("n", 1))
