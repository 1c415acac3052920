"""All of max_tokens went into thinking: cut off before the first word."""

from tests.zoo.models.server import completion


def reply(request):
    return completion(request, "", finish="length")
