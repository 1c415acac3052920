"""Another tag than the one asked for."""

from tests.zoo.models.server import completion


def reply(request):
    return completion(request, "<answer>def f(x): return x</answer>")
