"""A refusal in its own field."""

from tests.zoo.models.server import completion


def reply(request):
    return completion(request, "", refusal="I cannot help with that.")
