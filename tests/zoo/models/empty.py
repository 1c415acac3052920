"""An answer without a word."""

from tests.zoo.models.server import completion


def reply(request):
    return completion(request, "  \n")
