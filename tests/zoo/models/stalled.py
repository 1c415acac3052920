"""Half of a reply, then nothing."""

from tests.zoo.models.server import completion


def reply(request):
    return completion(request, "word " * 1000)._replace(then="stall")
