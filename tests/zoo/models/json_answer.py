"""JSON where tags were asked for."""

from tests.zoo.models.server import completion


def reply(request):
    return completion(request, "{\"improved\": \"def f(x): return x\"}")
