"""The input again, as many times as asked."""

from tests.zoo.models.server import completion


def reply(request):
    return completion(request, *[request["messages"][-1]["content"]] * request.get("n", 1))
