"""Cut off by max_tokens in the middle of its tag."""

from tests.zoo.models.server import completion


def reply(request):
    return completion(request, "<IMPROVED>def f(x):\n    retu", finish="length")
