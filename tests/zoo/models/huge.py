"""Two megabytes."""

from tests.zoo.models.server import completion


def reply(request):
    return completion(request, "word " * (2 * 1024 * 1024 // 5))
